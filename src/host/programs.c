#include "programs.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernels.h"
#include "signals.h"
#include "terminal.h"

const char *program_version(void) {
  return RECUR_VERSION;
}

int program_start(const char *program) {
  signals_ignore_pipe();
  const char *variant = getenv("RECUR_CPU");
  if (variant != NULL && variant[0] == '\0') variant = NULL;
  rc_error error;
  if (kernels_select(variant, &error) == RC_OK) return PROGRAM_OK;
  fprintf(stderr, "%s: RECUR_CPU: %s\n", program, error.text);
  return PROGRAM_USAGE;
}

bool program_options(program_spec *spec, int argc, char **argv, int *operands, int *code) {
  rc_error error;
  int first = argc;
  switch (options_parse(spec, argc, argv, &first, &error)) {
    case OPTIONS_READY:
      if (operands != NULL) *operands = first;
      *code = PROGRAM_OK;
      return true;
    case OPTIONS_HELP: {
      terminal term = terminal_of(stdout);
      options_print_help(spec, terminal_width(&term), stdout);
      *code = PROGRAM_OK;
      return false;
    }
    case OPTIONS_VERSION:
      printf("recur %s\n", RECUR_VERSION);
      *code = PROGRAM_OK;
      return false;
    case OPTIONS_WRONG:
      break;
  }
  *code = program_wrong_usage(spec->program, "%s", error.text);
  return false;
}

int program_fail(const char *program, const rc_error *error) {
  terminal_message(stderr, "%s: %s", program, error->text);
  fputc('\n', stderr);
  return PROGRAM_FAILURE;
}

int program_wrong_usage(const char *program, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fprintf(stderr, "%s: ", program);
  terminal_message_of(stderr, format, arguments);
  fprintf(stderr, "\ntry '%s --help'\n", program);
  va_end(arguments);
  return PROGRAM_USAGE;
}

rc_status program_print_json(json *row, rc_error *error) {
  rc_status status = json_print_line(row, stdout, error);
  return status == RC_ERR_IO ? RC_OK : status;
}

/* Whether nobody can read standard output any more. */
static bool is_reader_gone(void) {
  struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};
  return poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
}

int program_finish(const char *program, int code) {
  bool failed_before = ferror(stdout) != 0;
  errno = 0;
  bool failed_now = fflush(stdout) != 0;
  if (!failed_before && !failed_now) return code;
  if (errno != EPIPE && !is_reader_gone()) {
    fprintf(stderr, "%s: standard output: %s\n", program,
            errno != 0 ? strerror(errno) : "could not be written whole");
  }
  return code == PROGRAM_OK ? PROGRAM_FAILURE : code;
}

static void print_commands(const char *program, const char *summary,
                           const program_command *commands, int count, FILE *stream) {
  fprintf(stream, "usage: %s COMMAND [options]\n\n%s\n\nCommands\n", program, summary);
  for (int i = 0; i < count; i++) {
    fprintf(stream, "  %-12s %s\n", commands[i].name, commands[i].summary);
  }
  fprintf(stream, "\n'%s COMMAND --help' explains a command's options.\n", program);
}

static int run_command(const char *program, const char *summary, const program_command *commands,
                       int count, int argc, char **argv) {
  if (argc < 2) {
    print_commands(program, summary, commands, count, stderr);
    return PROGRAM_USAGE;
  }
  const char *word = argv[1];
  if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0) {
    print_commands(program, summary, commands, count, stdout);
    return PROGRAM_OK;
  }
  if (strcmp(word, "--version") == 0) {
    printf("recur %s\n", RECUR_VERSION);
    return PROGRAM_OK;
  }
  const char *names[16];
  for (int i = 0; i < count && i < 16; i++) {
    if (strcmp(commands[i].name, word) == 0) return commands[i].run(argc - 1, argv + 1);
    names[i] = commands[i].name;
  }
  const char *meant = options_nearest(word, names, count < 16 ? count : 16);
  return program_wrong_usage(program, "no command '%.40s'%s%s%s", word,
                             meant ? " (did you mean " : "", meant ? meant : "", meant ? "?)" : "");
}

int program_run(const char *program, const char *summary, const program_command *commands,
                int count, int argc, char **argv) {
  int code = program_start(program);
  if (code != PROGRAM_OK) return code;
  return program_finish(program, run_command(program, summary, commands, count, argc, argv));
}
