#ifndef RECUR_PAIRS_MAPS_H
#define RECUR_PAIRS_MAPS_H

#include "codec.h"
#include "pairs_corpus.h"
#include "pairs_run.h"
#include "text_buffer.h"

/* Heat maps of attention: source tokens across, target tokens down. */

/* The map of a sentence's best translation, which has its attention, as inline SVG in the style of
 * a report. */
void pairs_maps_add(text_buffer *out, codec source, codec target, const translated *sentence);

/* Where the map of that number, from 1, is written: malloc'd, NULL where memory is short. */
char *pairs_maps_path(const char *out, int number);

/* Writes those of the sample sentences as files by themselves: "en-fr.gguf" gets
 * "en-fr.attention-1.svg" and so on. RC_ERR_IO, RC_ERR_MEMORY. */
rc_status pairs_maps_write(const char *out, const pairs_corpus *corpus, const pairs_result *result,
                           rc_error *error);

#endif
