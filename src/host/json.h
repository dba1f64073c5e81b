#ifndef RECUR_JSON_H
#define RECUR_JSON_H

#include <stdint.h>
#include <stdio.h>

#include <cjson/cJSON.h>

#include "status.h"

/* JSON objects over cJSON, with what it leaves to its caller: numbers that read back to the same
 * double (non-finite ones are null), and text that is always valid UTF-8 (bytes that are not
 * become U+FFFD). A failed allocation leaves the member out: a container is NULL then, which takes
 * no members, and json_print_line fails. */

typedef struct cJSON json;

json *json_object(void);
void json_free(json *value);

void json_number(json *object, const char *key, double value);
/* Of a float: the shortest digits that read back to the same float. */
void json_float(json *object, const char *key, float value);
void json_integer(json *object, const char *key, int64_t value);
void json_unsigned(json *object, const char *key, uint64_t value);
void json_bool(json *object, const char *key, int value);
void json_text(json *object, const char *key, const char *text);
void json_text_bytes(json *object, const char *key, const char *text, size_t bytes);
/* An array of floats, each as json_float writes it; those that are not finite are null. As one
 * item: little memory for many numbers. */
void json_floats(json *object, const char *key, const float *values, size_t count);

/* An empty object or array as a member; stays owned by `object`. */
json *json_member_object(json *object, const char *key);
json *json_member_array(json *object, const char *key);
/* Appends to an array; what is appended stays owned by it. */
json *json_item_object(json *array);
json *json_item_array(json *array);
void json_item_number(json *array, double value);
void json_item_integer(json *array, int64_t value);
/* An array in the array, as one item: little memory for many numbers. */
void json_item_integers(json *array, const int *values, int count);
/* json_floats in an array. */
void json_item_floats(json *array, const float *values, size_t count);
void json_item_text(json *array, const char *text);

/* One line with its newline, or nothing of it. Frees the value. RC_ERR_IO, RC_ERR_MEMORY. */
rc_status json_print_line(json *value, FILE *stream, rc_error *error);

/* The same text without a newline, or NULL where memory is short; freed with cJSON_free. */
char *json_to_text(const json *value);

/* Digits of a number as above, NUL-terminated. */
enum { JSON_NUMBER_BYTES = 32 };
void json_format_number(double value, char text[JSON_NUMBER_BYTES]);

#endif
