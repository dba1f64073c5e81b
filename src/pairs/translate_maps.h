#ifndef RECUR_TRANSLATE_MAPS_H
#define RECUR_TRANSLATE_MAPS_H

#include "codec.h"
#include "text_buffer.h"
#include "translate_corpus.h"
#include "translate_run.h"

/* Heat maps of attention: source tokens across, target tokens down. */

/* The map of a sentence's best translation, which has its attention, as inline SVG in the style of
 * a report. */
void translate_maps_add(text_buffer *out, codec source, codec target, const translated *sentence);

/* Writes those of the sample sentences as files by themselves: "en-fr.gguf" gets
 * "en-fr.attention-1.svg" and so on. RC_ERR_IO, RC_ERR_MEMORY. */
rc_status translate_maps_write(const char *out, const translate_corpus *corpus,
                               const translate_result *result, rc_error *error);

#endif
