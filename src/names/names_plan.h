#ifndef RECUR_NAMES_PLAN_H
#define RECUR_NAMES_PLAN_H

#include "names_run.h"

/* The networks of one command, one or with --compare one of each cell, and their files. */
typedef struct names_plan {
  int count;
  names_settings settings[NAMES_CELLS];
  names_result results[NAMES_CELLS];
  char *outs[NAMES_CELLS];        /* of settings, where --compare made them */
  char *checkpoints[NAMES_CELLS]; /* of settings */
  char *report;                   /* NULL for none */
} names_plan;

/* Reads the command line. False: end with *code, everything has been printed. */
bool names_plan_make(names_plan *plan, int argc, char **argv, int *code);
void names_plan_free(names_plan *plan);

/* Refuses what would only fail or be regretted after hours of training: a file that cannot be
 * written, one that would overwrite another of the command's (the data, a teacher), an interrupted
 * run without --resume or --restart, --resume without one. */
rc_status names_plan_check(const names_plan *plan, rc_error *error);

/* Removes the checkpoints of a plan that is complete. */
void names_plan_forget(const names_plan *plan);

#endif
