#include "table.h"

#include <stdlib.h>

enum { ALIGNMENT = 16 };

static char *room;
static csv_format format;
static csv_record record;

char *table_room(size_t bytes) {
  free(room);
  room = aligned_alloc(ALIGNMENT, bytes);
  return room;
}

int table_begin(size_t size) {
  format = csv_guess(room, size);
  return (unsigned char)format.separator;
}

const csv_record *table_next(size_t at, size_t size, int column) {
  return csv_next(room + at, size - at, true, format, column, &record) ? &record : NULL;
}

size_t table_unquote(size_t out) {
  return csv_unquote(record.field, format, room + out);
}

size_t table_quote(size_t at, size_t bytes, size_t out) {
  return csv_quote((utf8_text){room + at, bytes}, format, room + out);
}
