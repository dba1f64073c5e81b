#ifndef RECUR_EVALUATE_H
#define RECUR_EVALUATE_H

/* The commands of `evaluate`; they return an exit code. */
int evaluate_names(int argc, char **argv);
int evaluate_translate(int argc, char **argv);
int evaluate_inspect(int argc, char **argv);

#endif
