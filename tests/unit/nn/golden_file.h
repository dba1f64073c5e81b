#ifndef RECUR_GOLDEN_FILE_H
#define RECUR_GOLDEN_FILE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "arena.h"
#include "kernels.h"
#include "params.h"

/* Reads tests/golden/golden.txt and others, whose format make_golden.py describes. Whatever is
 * wrong fails the running test. */

typedef struct golden_tensor {
  char name[96]; /* "case/tensor" */
  size_t count;
  double *values;
  bool used;
} golden_tensor;

typedef struct golden_file {
  golden_tensor *tensors;
  size_t count;
} golden_file;

/* Runs `count` tests on every kernel variant of this machine, each time with the files opened anew;
 * returns how many did not pass. */
int golden_run(const struct CMUnitTest *tests, size_t count, CMFixtureFunction open_files,
               CMFixtureFunction close_files);

void golden_open(golden_file *file, const char *path);
void golden_close(golden_file *file);

/* Whether there is a tensor "group/name". */
bool golden_has(const golden_file *file, const char *group, const char *name);

/* The tensor "group/name". */
const golden_tensor *golden_find(golden_file *file, const char *group, const char *name);

/* A copy of it in the arena. */
real *golden_reals(golden_file *file, const char *group, const char *name, rc_arena *arena);
int *golden_ints(golden_file *file, const char *group, const char *name, rc_arena *arena);
double golden_scalar(golden_file *file, const char *group, const char *name);

/* Asserts that x [n] is that tensor, with an error of at most 1e-5 of its largest value. */
void assert_golden(golden_file *file, const char *group, const char *name, const real *x, size_t n);

/* The values of all parameters, by name, as one block [list->total] in the arena. */
real *golden_parameters(golden_file *file, const char *group, const param_list *list,
                        rc_arena *arena);

/* Asserts that the block holds the gradient of a parameter, or of all: the tensors "d name". */
void assert_golden_gradient(golden_file *file, const char *group, const param *p,
                            const real *gradients);
void assert_golden_gradients(golden_file *file, const char *group, const param_list *list,
                             const real *gradients);

/* Asserts that there is no tensor that no test asked for. */
void assert_golden_used(const golden_file *file);

#endif
