#ifndef RECUR_PROGRAMS_H
#define RECUR_PROGRAMS_H

#include "json.h"
#include "options.h"

/* What every program here does alike: start, choose a command, read options, end. */

enum { PROGRAM_OK = 0, PROGRAM_FAILURE = 1, PROGRAM_USAGE = 2 }; /* exit codes */

/* Of this program: "1.2.3". */
const char *program_version(void);

/* First call of main: chooses the kernels (environment variable RECUR_CPU names a variant, unset
 * or empty the fastest) and ignores SIGPIPE so that a closed reader is a write error like any
 * other. PROGRAM_OK, or the exit code after printing why. */
int program_start(const char *program);

/* Reads options. True: go on. False: return *code, everything is printed (help, version, or what
 * was wrong and how to get help). */
bool program_options(program_spec *spec, int argc, char **argv, int *operands, int *code);

/* Prints "PROGRAM: reason" on standard error and returns PROGRAM_FAILURE. */
int program_fail(const char *program, const rc_error *error);

/* The same for wrong usage found after parsing: adds "try 'PROGRAM --help'", PROGRAM_USAGE. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
int program_wrong_usage(const char *program, const char *format, ...);

/* Prints one line on standard output, and frees the value. That it could not be written is told, as
 * of all else, by ferror(stdout) and program_finish: RC_ERR_MEMORY alone is a failure here. */
rc_status program_print_json(json *row, rc_error *error);

/* Last call of main: `code`, or PROGRAM_FAILURE with a message if standard output could not be
 * written whole (a full disk; a closed pipe is not worth a message). */
int program_finish(const char *program, int code);

/* Commands of a program: `train names`, `evaluate inspect`. run gets argv[0] = the command. */
typedef struct program_command {
  const char *name, *summary;
  int (*run)(int argc, char **argv);
} program_command;

/* Runs the command that argv[1] names, between program_start and program_finish; prints the list
 * of commands for --help, and wrong usage for none or an unknown one. */
int program_run(const char *program, const char *summary, const program_command *commands,
                int count, int argc, char **argv);

#endif
