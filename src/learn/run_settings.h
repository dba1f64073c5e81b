#ifndef RECUR_RUN_SETTINGS_H
#define RECUR_RUN_SETTINGS_H

#include "optimizer.h"
#include "options.h"
#include "weight_file.h"
#include "weight_types.h"

/* What every training command can be told, whatever it trains: the settings, and the rows of
 * options that fill them, which a command splices into its own. */

typedef enum run_keep { RUN_KEEP_LAST, RUN_KEEP_BEST } run_keep;

enum { RUN_SETTINGS_TEXT = 2048 };

typedef struct run_settings {
  const char *dev;        /* data to evaluate on, or NULL */
  int precision, threads; /* kernel_precision */
  int evaluate_every;     /* steps; 0: after each epoch */
  int patience;           /* evaluations without a gain that end the run; 0: none do */
  int keep;               /* run_keep */
  const char *out, *log, *report;
  bool resume, restart;
  double checkpoint_every; /* seconds */
  int type;                /* of the tensors, see weight_types.h */
  const char *name, *license, *attribution;
  /* Every setting of the command that decides the weights, one "name=value" a line. */
  char text[RUN_SETTINGS_TEXT];
} run_settings;

/* The rows, by what stands together: of the settings at r, and of how the weights learn, which
 * belongs to what is trained, at h: a struct with members of these names. */

#define RUN_OPTION_EPOCHS(h) \
  OPTION_INT("epochs", 'e', &(h)->epochs, 1, 1000000, "passes over the data")

#define RUN_OPTIONS_RATE(h)                                                                     \
  OPTION_CHOICE("optimizer", 0, &(h)->optimizer, run_optimizers, "how gradients move weights"), \
      OPTION_REAL("lr", 0, &(h)->lr, 1e-9, 100, "learning rate at its peak")

#define RUN_OPTIONS_UPDATE(h)                                                                     \
  OPTION_REAL("beta2", 0, &(h)->beta2, 0, 0.999999, "decay of Adam's second moment"),             \
      OPTION_REAL("weight-decay", 0, &(h)->weight_decay, 0, 10, "pull of the weights towards 0"), \
      OPTION_REAL("clip", 0, &(h)->clip, 0, 1e9, "limit of the gradient's norm; 0 for none"),     \
      OPTION_REAL("smoothing", 0, &(h)->smoothing, 0, 0.99, "label smoothing")

#define RUN_OPTION_AVERAGE(h)                                                                  \
  OPTION_REAL("average", 0, &(h)->average, 0, 0.999999,                                        \
              "decay of a moving average of the weights, which is then evaluated and kept; 0 " \
              "for none")

#define RUN_OPTION_KEEP(r) \
  OPTION_CHOICE("keep", 0, &(r)->keep, run_keeps, "weights of which evaluations are kept")

#define RUN_OPTIONS_MACHINE(r, h)                                                          \
  OPTION_CHOICE("precision", 0, &(r)->precision, run_precisions,                           \
                "operands of matrix products; bf16 is faster where the processor has it"), \
      OPTION_SEED("seed", 's', &(h)->seed,                                                 \
                  "of every random choice: same seed and kernels, same weights"),          \
      OPTION_INT("threads", 't', &(r)->threads, 0, 1024,                                   \
                 "0 for all processors; the result does not depend on it")

/* report: what the page shows. */
#define RUN_OPTIONS_OUT(r, report_help)                                                   \
  OPTION_TEXT("out", 'o', &(r)->out, "FILE", "the weights, GGUF"),                        \
      OPTION_TEXT("log", 'l', &(r)->log, "FILE", "JSON Lines, one record an evaluation"), \
      OPTION_TEXT("report", 'r', &(r)->report, "FILE", report_help)

#define RUN_OPTIONS_RESUME(r)                                                                     \
  OPTION_FLAG("resume", 0, &(r)->resume, "go on from the checkpoint of an interrupted run"),      \
      OPTION_FLAG("restart", 0, &(r)->restart, "begin anew although there is such a checkpoint"), \
      OPTION_REAL("checkpoint-every", 0, &(r)->checkpoint_every, 0.1, 1e9,                        \
                  "seconds between checkpoints")

#define RUN_OPTIONS_FILE(r)                                                               \
  OPTION_CHOICE("type", 0, &(r)->type, weight_type_names, "how the weights are stored"),  \
      OPTION_TEXT("name", 0, &(r)->name, "TEXT", "title to write into the file"),         \
      OPTION_TEXT("license", 0, &(r)->license, "TEXT", "licence to write into the file"), \
      OPTION_TEXT("attribution", 0, &(r)->attribution, "TEXT",                            \
                  "origin of the data to write into the file")

/* Their choices, NULL at the end. Of the schedules the last is for a command that can tell a
 * plateau: one that cannot has the others alone. */
extern const char *const run_optimizers[], *const run_precisions[], *const run_keeps[];
enum { RUN_PLATEAU = SCHEDULE_INVERSE_SQRT + 1 };
extern const char *const run_schedules[], *const run_schedules_plateau[];

/* A command that reads its command line. */
typedef struct run_command {
  program_spec spec;         /* without the options */
  const char *const *others; /* of its options that do not decide the weights; NULL at the end */
  /* Defaults that follow from what was given, and what options ask of each other; the error says
   * what is wrong. */
  rc_status (*settle)(void *settings, const program_spec *spec, rc_error *error);
} run_command;

/* Fills `settings`, of which `run` is a part, by the rows of the table. code NULL: only fills what
 * can be filled, whatever else is wrong, and prints nothing. Otherwise false: end with *code,
 * everything has been printed. */
bool run_settings_read(const run_command *command, option_table *table, void *settings,
                       run_settings *run, int argc, char **argv, int *code);

/* RC_ERR_ARGUMENT if more than one of these files is standard input: data [count] and dev. */
rc_status run_settings_check_input(const run_settings *run, const char *const *data, int count,
                                   rc_error *error);

/* The first entries of a weight file's record, its title (where none was given, this one) and whose
 * the data are; how many. */
int run_settings_record(const run_settings *run, const char *title, record_entry *record);

#endif
