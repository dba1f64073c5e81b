#include "format.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

typedef struct sink {
  char *text;
  size_t size, length; /* length: what there is to write, even beyond size */
} sink;

typedef struct conversion {
  int width;     /* at least so many characters, filled with 0 */
  int precision; /* of a string at most so many bytes; -1: all */
  int longs;     /* 0 int, 1 long or size_t, 2 long long */
  char kind;
} conversion;

static void put(sink *out, char c) {
  if (out->length + 1 < out->size) out->text[out->length] = c;
  out->length++;
}

static void put_text(sink *out, const char *text, size_t bytes) {
  for (size_t i = 0; i < bytes; i++) put(out, text[i]);
}

static void put_zeros(sink *out, int count) {
  for (; count > 0; count--) put(out, '0');
}

static void put_integer(sink *out, const conversion *c, unsigned long long value, bool negative) {
  const unsigned base = c->kind == 'X' ? 16 : 10;
  char digits[24];
  int count = 0;
  do {
    digits[count++] = "0123456789ABCDEF"[value % base];
    value /= base;
  } while (value > 0);
  if (negative) put(out, '-');
  put_zeros(out, c->width - count - negative);
  while (count > 0) put(out, digits[--count]);
}

static void put_signed(sink *out, const conversion *c, long long value) {
  unsigned long long magnitude = (unsigned long long)value;
  put_integer(out, c, value < 0 ? 0 - magnitude : magnitude, value < 0);
}

enum { SIGNIFICANT = 6 };

/* Digits with the point after the first `whole` of them, zeros to its left where there are none. */
static void put_digits(sink *out, const char *digits, int count, int whole) {
  if (whole <= 0) put_text(out, "0.", 2);
  put_zeros(out, -whole);
  for (int i = 0; i < count || i < whole; i++) {
    if (i == whole && whole > 0) put(out, '.');
    put(out, (char)(i < count ? digits[i] : '0'));
  }
}

/* %g: value = d.ddddd * 10^exponent, without zeros at its end. */
static void put_general(sink *out, double value) {
  if (signbit(value)) put(out, '-');
  if (isnan(value) || isinf(value)) {
    put_text(out, isnan(value) ? "nan" : "inf", 3);
    return;
  }
  double scaled = fabs(value);
  int exponent = 0;
  for (; scaled >= 10; exponent++) scaled /= 10;
  for (; scaled > 0 && scaled < 1; exponent--) scaled *= 10;
  long number = (long)(scaled * 1e5 + 0.5);
  if (number >= 1000000) {
    number /= 10;
    exponent++;
  }
  char digits[SIGNIFICANT];
  for (int i = SIGNIFICANT - 1; i >= 0; i--, number /= 10) digits[i] = (char)('0' + number % 10);
  int count = SIGNIFICANT;
  while (count > 1 && digits[count - 1] == '0') count--;
  if (exponent >= -4 && exponent < SIGNIFICANT) {
    put_digits(out, digits, count, exponent + 1);
  } else {
    put_digits(out, digits, count, 1);
    put(out, 'e');
    put(out, exponent < 0 ? '-' : '+');
    put_integer(out, &(conversion){.width = 2},
                (unsigned long long)(exponent < 0 ? -exponent : exponent), false);
  }
}

static void put_string(sink *out, const conversion *c, const char *text) {
  size_t bytes = 0;
  while ((c->precision < 0 || bytes < (size_t)c->precision) && text[bytes] != '\0') bytes++;
  put_text(out, text, bytes);
}

static int read_digits(const char **at) {
  int number = 0;
  for (; **at >= '0' && **at <= '9'; (*at)++) number = number * 10 + (**at - '0');
  return number;
}

/* Reads what follows a percent sign; returns where the format goes on. */
static const char *read_conversion(conversion *c, const char *at, va_list *arguments) {
  *c = (conversion){.precision = -1};
  if (*at == '0') c->width = read_digits(&at);
  if (*at == '.') {
    at++;
    if (*at == '*') {
      c->precision = va_arg(*arguments, int);
      at++;
    } else {
      c->precision = read_digits(&at);
    }
  }
  for (; *at == 'l' || *at == 'z'; at++) c->longs++;
  c->kind = *at;
  return *at == '\0' ? at : at + 1;
}

static void put_conversion(sink *out, const conversion *c, va_list *arguments, const char *source,
                           size_t bytes) {
  switch (c->kind) {
    case 'd':
      put_signed(out, c,
                 c->longs == 0   ? va_arg(*arguments, int)
                 : c->longs == 1 ? va_arg(*arguments, long)
                                 : va_arg(*arguments, long long));
      break;
    case 'u':
    case 'X':
      put_integer(out, c,
                  c->longs == 0   ? va_arg(*arguments, unsigned)
                  : c->longs == 1 ? va_arg(*arguments, unsigned long)
                                  : va_arg(*arguments, unsigned long long),
                  false);
      break;
    case 's':
      put_string(out, c, va_arg(*arguments, const char *));
      break;
    case 'g':
      put_general(out, va_arg(*arguments, double));
      break;
    case '%':
      put(out, '%');
      break;
    default:
      put_text(out, source, bytes);
  }
}

int format_text(char *text, size_t size, const char *format, va_list arguments) {
  sink out = {.text = text, .size = size};
  va_list rest; /* a copy, as its address is passed on */
  va_copy(rest, arguments);
  while (*format != '\0') {
    const char *start = format++;
    if (*start != '%') {
      put(&out, *start);
      continue;
    }
    conversion c;
    format = read_conversion(&c, format, &rest);
    put_conversion(&out, &c, &rest, start, (size_t)(format - start));
  }
  va_end(rest);
  if (size > 0) text[out.length < size ? out.length : size - 1] = '\0';
  return (int)out.length;
}

#ifdef __EMSCRIPTEN__
int vsnprintf(char *restrict text, size_t size, const char *restrict format, va_list arguments) {
  return format_text(text, size, format, arguments);
}

int snprintf(char *restrict text, size_t size, const char *restrict format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int length = format_text(text, size, format, arguments);
  va_end(arguments);
  return length;
}
#endif
