#ifndef RECUR_TOKENIZE_13A_H
#define RECUR_TOKENIZE_13A_H

#include <stdbool.h>

#include "utf8.h"

/* The tokens by which BLEU is counted: those of NIST's mteval-v13a, as sacreBLEU (Post 2018, "A
 * Call for Clarity in Reporting BLEU Scores") cuts them. */

/* Room for all of a text's tokens with the spaces between them. */
size_t tokenize_13a_bytes(size_t bytes);

/* Writes the tokens with one space between them; out and scratch: [tokenize_13a_bytes(bytes)].
 * Returns how many bytes. Any bytes are accepted. */
size_t tokenize_13a(const char *text, size_t bytes, char *out, char *scratch);

/* White space as Python's str.split() knows it. */
bool tokenize_is_space(uint32_t character);

#endif
