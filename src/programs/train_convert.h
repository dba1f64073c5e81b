#ifndef RECUR_TRAIN_CONVERT_H
#define RECUR_TRAIN_CONVERT_H

/* `train convert`: argv[0] is the command; returns the exit code. */
int train_convert(int argc, char **argv);

#endif
