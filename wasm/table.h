#ifndef RECUR_TABLE_H
#define RECUR_TABLE_H

#include "csv.h"

/* Tables for the page, by the code that `classify --column` reads them with (csv.h). One table at a
 * time lies at the start of a room that JavaScript fills and reads; offsets count from there. */

#define TABLE_EXPORT(name) __attribute__((export_name(#name)))

/* Room for so many bytes, in the place of the one before; NULL: there is no such memory. */
TABLE_EXPORT(table_room) char *table_room(size_t bytes);

/* Finds out how the table of `size` bytes is written; its separator. */
TABLE_EXPORT(table_begin) int table_begin(size_t size);

/* The record that begins at `at`, with the field of `column`; NULL behind the last. */
TABLE_EXPORT(table_next) const csv_record *table_next(size_t at, size_t size, int column);

/* What that field says, to `out`, as long as the field at most; how many bytes. */
TABLE_EXPORT(table_unquote) size_t table_unquote(size_t out);

/* Writes the bytes at `at` as a field to `out`, 2 * bytes + 2 at most; how many. */
TABLE_EXPORT(table_quote) size_t table_quote(size_t at, size_t bytes, size_t out);

#endif
