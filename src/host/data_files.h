#ifndef RECUR_DATA_FILES_H
#define RECUR_DATA_FILES_H

/* The files that come along with the programs, wherever these are called from. */

/* The path of `name` ("names/world.tsv") in, by turns, the folder that the environment names as
 * RECUR_DATA; `data` in the program's folder or one above it, as in the source tree; share/recur
 * beside the program's folder, as installed; `data` in the working folder. malloc'd, the caller
 * frees; NULL where it is in none of them, and when there is no memory. */
char *data_files_find(const char *name);

#endif
