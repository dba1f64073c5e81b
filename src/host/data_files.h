#ifndef RECUR_DATA_FILES_H
#define RECUR_DATA_FILES_H

/* The files that come along with the programs, wherever these are called from. */

/* The path of `name` ("names/world.tsv") in, by turns, the folder that the environment names as
 * RECUR_DATA; `data` in the program's folder or one above it, as in the source tree; share/recur
 * beside the program's folder, as installed; `data` in the working folder. malloc'd, the caller
 * frees; NULL where it is in none of them, and when there is no memory. */
char *data_files_find(const char *name);

/* Lists what there is to train on in the folder `name` ("pairs"), which is looked for as above: its
 * files *.tsv but *.dev.tsv, in the order of their names, whatever the locale. Their paths go to
 * paths [most], each malloc'd, the caller frees. The number of them, at most `most`; 0 where there
 * is no such folder, and when there is no memory. */
int data_files_list(const char *name, char **paths, int most);

#endif
