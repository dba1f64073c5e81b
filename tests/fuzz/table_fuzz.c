#include <stdlib.h>
#include <string.h>

#include "csv.h"
#include "fuzz.h"
#include "tsv.h"

/* Any bytes are a table: records follow one another without a gap, are the same however few bytes
 * are there at a time, and a field that is written says what it said when it was read. Lines of two
 * fields are in the file, in order, or refused by name and line. */

static void check_field(csv_format format, utf8_text field) {
  char *said = malloc(field.bytes + 1), *written = malloc(2 * field.bytes + 2);
  FUZZ_CHECK(said != NULL && written != NULL);
  const size_t bytes = csv_unquote(field, format, said);
  FUZZ_CHECK(bytes <= field.bytes);
  const size_t quoted = csv_quote((utf8_text){said, bytes}, format, written);
  FUZZ_CHECK(quoted <= 2 * bytes + 2);
  csv_record record;
  if (quoted > 0) {
    FUZZ_CHECK(csv_next(written, quoted, true, format, 0, &record));
    FUZZ_CHECK(record.fields == 1 && record.bytes == quoted && record.end == quoted);
  }
  if (format.quoted) {
    char *again = malloc(quoted + 1);
    FUZZ_CHECK(again != NULL);
    FUZZ_CHECK(csv_unquote((utf8_text){written, quoted}, format, again) == bytes);
    FUZZ_CHECK(memcmp(again, said, bytes) == 0);
    free(again);
  }
  free(written);
  free(said);
}

static void read_table(const char *text, size_t size, csv_format format) {
  csv_record record, part;
  size_t at = 0;
  for (int number = 0; at < size; number++) {
    FUZZ_CHECK(csv_next(text + at, size - at, true, format, number % 3, &record));
    FUZZ_CHECK(record.fields >= 1 && record.bytes > 0 && record.bytes <= size - at);
    FUZZ_CHECK(record.end <= record.bytes && record.bytes - record.end <= 2);
    const utf8_text field = record.field;
    if (field.bytes > 0) {
      FUZZ_CHECK(field.text >= text + at && field.text + field.bytes <= text + at + record.end);
    }
    /* With the end of the record missing there is none, or the same. */
    for (size_t less = 0; less < 3 && less < record.bytes; less++) {
      if (csv_next(text + at, record.bytes - less, false, format, number % 3, &part)) {
        FUZZ_CHECK(part.bytes == record.bytes && part.end == record.end);
        FUZZ_CHECK(part.fields == record.fields && part.field.bytes == field.bytes);
      }
    }
    check_field(format, field);
    at += record.bytes;
  }
  FUZZ_CHECK(!csv_next(text + size, 0, true, format, 0, &record));
}

static void read_lines(const char *text, size_t size) {
  tsv_lines all;
  rc_error error;
  utf8_text line, fields[2];
  FUZZ_CHECK(tsv_begin(&all, "f", text, size, &error) == RC_OK);
  const char *at = text;
  for (int number = 0; tsv_next(&all, &line); number = all.number) {
    FUZZ_CHECK(all.number > number && line.text >= at);
    at = line.text + line.bytes;
    FUZZ_CHECK(at <= text + size);
    if (tsv_split(&all, line, "left", "right", fields, &error) != RC_OK) {
      FUZZ_CHECK(strncmp(error.text, "f:", 2) == 0);
      continue;
    }
    for (int i = 0; i < 2; i++) {
      FUZZ_CHECK(fields[i].bytes > 0 && fields[i].text >= line.text);
      FUZZ_CHECK(fields[i].text + fields[i].bytes <= at);
      FUZZ_CHECK(utf8_check(fields[i].text, fields[i].bytes, NULL) == RC_OK);
    }
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const char *text = (const char *)data;
  const csv_format guessed = csv_guess(text, size);
  FUZZ_CHECK(strchr(",;\t", guessed.separator) != NULL && guessed.separator != '\0');
  read_table(text, size, guessed);
  read_table(text, size, csv_format_of('\t'));
  read_table(text, size, csv_format_of('|'));
  read_lines(text, size);
  return 0;
}
