#ifndef RECUR_TRAIN_TRANSLATE_H
#define RECUR_TRAIN_TRANSLATE_H

/* `train translate`: the command. argv[0] is the command's name. Returns the exit code. */
int train_translate(int argc, char **argv);

#endif
