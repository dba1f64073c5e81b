#include "json.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "text_buffer.h"

json *json_object(void) {
  return cJSON_CreateObject();
}

void json_free(json *value) {
  cJSON_Delete(value);
}

/* A container that something is missing from, beside cJSON's own flags: 256 and 512 above its
 * types. */
enum { INCOMPLETE = 1 << 16 };

/* Takes over `item`, which may be NULL; so may the parent, after a failed allocation. Returns the
 * item where it is now, or NULL. */
static json *put(json *parent, const char *key, json *item) {
  cJSON_bool done = 0;
  if (cJSON_IsObject(parent)) done = cJSON_AddItemToObject(parent, key, item);
  if (cJSON_IsArray(parent)) done = cJSON_AddItemToArray(parent, item);
  if (done) return item;
  if (parent != NULL) parent->type |= INCOMPLETE;
  cJSON_Delete(item);
  return NULL;
}

/* Whether nothing is missing, at any depth. */
static bool is_complete(const json *value) {
  if (value == NULL || (value->type & INCOMPLETE) != 0) return false;
  if (!cJSON_IsObject(value) && !cJSON_IsArray(value)) return true;
  for (const json *child = value->child; child != NULL; child = child->next) {
    if (!is_complete(child)) return false;
  }
  return true;
}

void json_format_number(double value, char text[JSON_NUMBER_BYTES]) {
  if (!isfinite(value)) {
    snprintf(text, JSON_NUMBER_BYTES, "null");
    return;
  }
  for (int digits = 15; digits <= 17; digits++) {
    snprintf(text, JSON_NUMBER_BYTES, "%.*g", digits, value);
    if (strtod(text, NULL) == value) return;
  }
}

static json *number_item(double value) {
  char text[JSON_NUMBER_BYTES];
  json_format_number(value, text);
  return cJSON_CreateRaw(text);
}

static json *integer_item(int64_t value) {
  char text[JSON_NUMBER_BYTES];
  snprintf(text, sizeof text, "%lld", (long long)value);
  return cJSON_CreateRaw(text);
}

static void add_quoted(text_buffer *out, const char *text, size_t bytes) {
  text_add(out, "\"");
  for (size_t i = 0; i < bytes;) {
    unsigned char byte = (unsigned char)text[i];
    if (byte >= 0x20 && byte != '"' && byte != '\\') {
      size_t run = 1;
      while (i + run < bytes && (unsigned char)text[i + run] >= 0x20 && text[i + run] != '"' &&
             text[i + run] != '\\') {
        run++;
      }
      text_add_utf8(out, text + i, run);
      i += run;
      continue;
    }
    if (byte == '"' || byte == '\\') {
      text_addf(out, "\\%c", byte);
    } else if (byte == '\n') {
      text_add(out, "\\n");
    } else {
      text_addf(out, "\\u%04x", byte);
    }
    i++;
  }
  text_add(out, "\"");
}

static json *text_item(const char *text, size_t bytes) {
  text_buffer quoted = {0};
  add_quoted(&quoted, text, bytes);
  json *item = quoted.failed ? NULL : cJSON_CreateRaw(quoted.text);
  text_free(&quoted);
  return item;
}

void json_number(json *object, const char *key, double value) {
  put(object, key, number_item(value));
}

static void format_float(float value, char text[JSON_NUMBER_BYTES]) {
  json_format_number((double)value, text);
  for (int digits = 6; isfinite(value) && digits <= 9; digits++) {
    snprintf(text, JSON_NUMBER_BYTES, "%.*g", digits, (double)value);
    if (strtof(text, NULL) == value) break;
  }
}

void json_float(json *object, const char *key, float value) {
  char text[JSON_NUMBER_BYTES];
  format_float(value, text);
  put(object, key, cJSON_CreateRaw(text));
}

void json_integer(json *object, const char *key, int64_t value) {
  put(object, key, integer_item(value));
}

void json_unsigned(json *object, const char *key, uint64_t value) {
  char text[JSON_NUMBER_BYTES];
  snprintf(text, sizeof text, "%llu", (unsigned long long)value);
  put(object, key, cJSON_CreateRaw(text));
}

void json_bool(json *object, const char *key, int value) {
  put(object, key, cJSON_CreateBool(value));
}

void json_text_bytes(json *object, const char *key, const char *text, size_t bytes) {
  put(object, key, text_item(text, bytes));
}

void json_text(json *object, const char *key, const char *text) {
  json_text_bytes(object, key, text, strlen(text));
}

json *json_member_object(json *object, const char *key) {
  return put(object, key, cJSON_CreateObject());
}

json *json_member_array(json *object, const char *key) {
  return put(object, key, cJSON_CreateArray());
}

json *json_item_object(json *array) {
  return put(array, NULL, cJSON_CreateObject());
}

json *json_item_array(json *array) {
  return put(array, NULL, cJSON_CreateArray());
}

void json_item_number(json *array, double value) {
  put(array, NULL, number_item(value));
}

void json_item_integer(json *array, int64_t value) {
  put(array, NULL, integer_item(value));
}

void json_item_integers(json *array, const int *values, int count) {
  text_buffer row = {0};
  for (int i = 0; i < count; i++) text_addf(&row, "%c%d", i == 0 ? '[' : ',', values[i]);
  text_add(&row, count > 0 ? "]" : "[]");
  put(array, NULL, row.failed ? NULL : cJSON_CreateRaw(row.text));
  text_free(&row);
}

void json_floats(json *object, const char *key, const float *values, size_t count) {
  text_buffer row = {0};
  text_add(&row, "[");
  for (size_t i = 0; i < count; i++) {
    char text[JSON_NUMBER_BYTES];
    format_float(values[i], text);
    text_addf(&row, "%s%s", i == 0 ? "" : ",", text);
  }
  text_add(&row, "]");
  put(object, key, row.failed ? NULL : cJSON_CreateRaw(row.text));
  text_free(&row);
}

void json_item_floats(json *array, const float *values, size_t count) {
  json_floats(array, NULL, values, count);
}

void json_item_text(json *array, const char *text) {
  put(array, NULL, text_item(text, strlen(text)));
}

char *json_to_text(const json *value) {
  return is_complete(value) ? cJSON_PrintUnformatted(value) : NULL;
}

rc_status json_print_line(json *value, FILE *stream, rc_error *error) {
  char *text = json_to_text(value);
  cJSON_Delete(value);
  if (text == NULL) return rc_fail(error, RC_ERR_MEMORY, "out of memory for a line of JSON");
  int failed = fputs(text, stream) == EOF || fputc('\n', stream) == EOF;
  int reason = errno;
  cJSON_free(text);
  return failed ? rc_fail(error, RC_ERR_IO, "%s", strerror(reason)) : RC_OK;
}
