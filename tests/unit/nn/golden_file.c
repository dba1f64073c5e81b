#include "golden_file.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const double tolerance = 1e-5;

/* The product of the dimensions in the text; 1 for a scalar, which has none. */
static size_t count_of(const char *shape) {
  size_t count = 1;
  for (char *end;; shape = end) {
    long dimension = strtol(shape, &end, 10);
    if (end == shape) return count;
    count *= (size_t)dimension;
  }
}

static void read_values(FILE *stream, golden_tensor *tensor) {
  tensor->values = malloc(tensor->count * sizeof(double));
  assert_non_null(tensor->values);
  for (size_t i = 0; i < tensor->count; i++) {
    if (fscanf(stream, "%lf", &tensor->values[i]) != 1) fail_msg("%s is cut short", tensor->name);
  }
}

int golden_run(const struct CMUnitTest *tests, size_t count, CMFixtureFunction open_files,
               CMFixtureFunction close_files) {
  int failed = 0;
  for (int i = 0; kernels_available(i) != NULL; i++) {
    const char *name = kernels_available(i)->name;
    if (kernels_select(name, NULL) != RC_OK) return 1;
    failed += _cmocka_run_group_tests(name, tests, count, open_files, close_files);
  }
  return failed;
}

void golden_open(golden_file *file, const char *path) {
  enum { TENSORS_MAX = 2000 };
  FILE *stream = fopen(path, "r");
  if (stream == NULL) fail_msg("cannot read %s", path);
  *file = (golden_file){.tensors = calloc(TENSORS_MAX, sizeof(golden_tensor))};
  assert_non_null(file->tensors);
  char line[512];
  while (fgets(line, sizeof line, stream) != NULL) {
    char *colon = strchr(line, ':');
    if (line[0] == '#' || colon == NULL) continue;
    assert_true(file->count < TENSORS_MAX);
    golden_tensor *tensor = &file->tensors[file->count++];
    *colon = '\0';
    assert_true(strlen(line) < sizeof tensor->name);
    memcpy(tensor->name, line, strlen(line) + 1);
    tensor->count = count_of(colon + 1);
    read_values(stream, tensor);
  }
  fclose(stream);
}

void golden_close(golden_file *file) {
  for (size_t i = 0; i < file->count; i++) free(file->tensors[i].values);
  free(file->tensors);
  *file = (golden_file){0};
}

bool golden_has(const golden_file *file, const char *group, const char *name) {
  char full[160];
  snprintf(full, sizeof full, "%s/%s", group, name);
  for (size_t i = 0; i < file->count; i++) {
    if (strcmp(file->tensors[i].name, full) == 0) return true;
  }
  return false;
}

const golden_tensor *golden_find(golden_file *file, const char *group, const char *name) {
  char full[160];
  snprintf(full, sizeof full, "%s/%s", group, name);
  for (size_t i = 0; i < file->count; i++) {
    if (strcmp(file->tensors[i].name, full) != 0) continue;
    file->tensors[i].used = true;
    return &file->tensors[i];
  }
  fail_msg("there is no golden tensor %s", full);
  return NULL;
}

real *golden_reals(golden_file *file, const char *group, const char *name, rc_arena *arena) {
  const golden_tensor *tensor = golden_find(file, group, name);
  real *copy = ARENA_ARRAY(arena, real, tensor->count);
  assert_non_null(copy);
  for (size_t i = 0; i < tensor->count; i++) copy[i] = (real)tensor->values[i];
  return copy;
}

int *golden_ints(golden_file *file, const char *group, const char *name, rc_arena *arena) {
  const golden_tensor *tensor = golden_find(file, group, name);
  int *copy = ARENA_ARRAY(arena, int, tensor->count);
  assert_non_null(copy);
  for (size_t i = 0; i < tensor->count; i++) copy[i] = (int)tensor->values[i];
  return copy;
}

double golden_scalar(golden_file *file, const char *group, const char *name) {
  const golden_tensor *tensor = golden_find(file, group, name);
  assert_int_equal(tensor->count, 1);
  return tensor->values[0];
}

void assert_golden(golden_file *file, const char *group, const char *name, const real *x,
                   size_t n) {
  const golden_tensor *tensor = golden_find(file, group, name);
  assert_int_equal(tensor->count, n);
  double scale = 0;
  for (size_t i = 0; i < n; i++) scale = fmax(scale, fabs(tensor->values[i]));
  for (size_t i = 0; i < n; i++) {
    double error = fabs((double)x[i] - tensor->values[i]);
    if (!(error <= tolerance * scale)) {
      fail_msg("%s (%s kernels) [%zu]: %.9g, golden %.9g", tensor->name, kernels->name, i,
               (double)x[i], tensor->values[i]);
    }
  }
}

real *golden_parameters(golden_file *file, const char *group, const param_list *list,
                        rc_arena *arena) {
  real *values = ARENA_ARRAY(arena, real, list->total);
  assert_non_null(values);
  for (int i = 0; i < list->count; i++) {
    const param *p = &list->items[i];
    assert_int_equal(golden_find(file, group, p->name)->count, p->count);
    memcpy(values + p->offset, golden_reals(file, group, p->name, arena), p->count * sizeof(real));
  }
  return values;
}

void assert_golden_gradient(golden_file *file, const char *group, const param *p,
                            const real *gradients) {
  char name[PARAM_NAME_MAX + 8];
  snprintf(name, sizeof name, "d %s", p->name);
  assert_golden(file, group, name, gradients + p->offset, p->count);
}

void assert_golden_gradients(golden_file *file, const char *group, const param_list *list,
                             const real *gradients) {
  for (int i = 0; i < list->count; i++) {
    assert_golden_gradient(file, group, &list->items[i], gradients);
  }
}

void assert_golden_used(const golden_file *file) {
  for (size_t i = 0; i < file->count; i++) {
    if (!file->tensors[i].used) fail_msg("no test looks at %s", file->tensors[i].name);
  }
}
