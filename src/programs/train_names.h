#ifndef RECUR_TRAIN_NAMES_H
#define RECUR_TRAIN_NAMES_H

/* `train names`: the command. argv[0] is the command's name. Returns the exit code. */
int train_names(int argc, char **argv);

#endif
