#ifndef RECUR_SETTINGS_TEXT_H
#define RECUR_SETTINGS_TEXT_H

#include "options.h"

/* Writes "name=value\n" for every number and choice of the table but those named in `others` (NULL
 * at the end): what decides the weights, compared when a run is resumed. out: [size], terminated; a
 * line that does not fit is left out. */
void settings_text(const program_option *table, int count, const char *const *others, char *out,
                   size_t size);

#endif
