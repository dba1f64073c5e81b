#ifndef RECUR_GUARDED_H
#define RECUR_GUARDED_H

#include <stdbool.h>
#include <stddef.h>

/* Arrays of floats that notice who reads or writes beside them. Each slot is a run of pages between
 * two that may not be touched; an array lies at either end of it, so that one float too far is a
 * fault on that side. On the other side lies a margin of signalling values: read, they spoil the
 * result; written, guarded_intact sees it. Where there is no mmap the margins alone stand guard. */

enum { GUARDED_SLOTS = 8, GUARDED_FLOATS = 1 << 17 };

typedef enum guarded_place { AT_END, AT_START, GUARDED_PLACES } guarded_place;

/* Exits the program when the system gives no memory. */
void guarded_init(void);

/* An array of n <= GUARDED_FLOATS floats in the slot, all of them signalling. Replaces what was
 * there. */
float *guarded_array(int slot, guarded_place place, size_t n);

/* Whether nobody wrote beside any array since it was made. */
bool guarded_intact(void);

/* The bits of the signalling value, a NaN. */
bool is_untouched(float x);

#endif
