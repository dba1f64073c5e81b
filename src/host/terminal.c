#include "terminal.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "utf8.h"

static bool is_set(const char *name) {
  const char *value = getenv(name);
  return value != NULL && value[0] != '\0';
}

static bool locale_is_utf8(void) {
  const char *name = is_set("LC_ALL") ? "LC_ALL" : is_set("LC_CTYPE") ? "LC_CTYPE" : "LANG";
  const char *value = getenv(name);
  const char *encoding = value == NULL ? NULL : strchr(value, '.');
  return encoding != NULL &&
         (strncasecmp(encoding, ".utf-8", 6) == 0 || strncasecmp(encoding, ".utf8", 5) == 0);
}

terminal terminal_of(FILE *stream) {
  const char *term = getenv("TERM");
  bool interactive =
      isatty(fileno(stream)) && term != NULL && term[0] != '\0' && strcmp(term, "dumb") != 0;
  return (terminal){.stream = stream,
                    .interactive = interactive,
                    .colors = interactive && !is_set("NO_COLOR"),
                    .utf8 = locale_is_utf8()};
}

int terminal_width(const terminal *term) {
  struct winsize size;
  if (ioctl(fileno(term->stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  const char *columns = getenv("COLUMNS");
  int width = columns == NULL ? 0 : atoi(columns);
  return width > 0 ? width : 80;
}

const char *terminal_style_of(const terminal *term, terminal_style style) {
  static const char *const sequences[] = {
      [TERMINAL_RESET] = "\x1B[0m",   [TERMINAL_BOLD] = "\x1B[1m",  [TERMINAL_DIM] = "\x1B[2m",
      [TERMINAL_ACCENT] = "\x1B[36m", [TERMINAL_GOOD] = "\x1B[32m", [TERMINAL_WARNING] = "\x1B[33m",
  };
  return term->colors ? sequences[style] : "";
}

void terminal_heat(const terminal *term, double share) {
  if (!term->colors) return;
  /* From the 256-colour cube: black over blue and teal to yellow, rising in lightness. */
  static const struct {
    unsigned char back, front;
  } ramp[] = {{236, 242}, {17, 253}, {18, 254},  {24, 255}, {30, 255},
              {36, 232},  {72, 232}, {113, 232}, {185, 232}};
  enum { LAST = sizeof ramp / sizeof ramp[0] - 1 };
  int step = !(share > 0) ? 0 : share >= 1 ? LAST : 1 + (int)(share * (LAST - 1));
  fprintf(term->stream, "\x1B[48;5;%d;38;5;%dm", ramp[step].back, ramp[step].front);
}

typedef struct code_range {
  uint32_t first, last;
} code_range;

static bool is_in(uint32_t code, const code_range *ranges, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (code >= ranges[i].first && code <= ranges[i].last) return true;
  }
  return false;
}

/* The blocks that names meet: enough to keep columns straight, not all of Unicode's tables. */
static int code_width(uint32_t code) {
  static const code_range none[] = {
      {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x064B, 0x065F}, {0x1AB0, 0x1AFF},
      {0x1DC0, 0x1DFF}, {0x200B, 0x200F}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}};
  static const code_range wide[] = {
      {0x1100, 0x115F}, {0x2E80, 0x303E}, {0x3041, 0xA4CF}, {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},
      {0xFE30, 0xFE6F}, {0xFF00, 0xFF60}, {0xFFE0, 0xFFE6}, {0x1F300, 0x1FAFF}, {0x20000, 0x3FFFD}};
  if (is_in(code, none, sizeof none / sizeof none[0])) return 0;
  return is_in(code, wide, sizeof wide / sizeof wide[0]) ? 2 : 1;
}

static bool is_control(uint32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0);
}

/* The bytes of the character at `text` (1 where it is none) and the columns it takes. */
static size_t next_character(const char *text, size_t bytes, int *columns, bool *printable) {
  uint32_t code = 0;
  size_t length = (size_t)utf8_decode(text, bytes, &code);
  *printable = length > 0 && !is_control(code);
  *columns = *printable ? code_width(code) : 1;
  return length > 0 ? length : 1;
}

int terminal_text_width(const char *text) {
  size_t bytes = strlen(text);
  int width = 0;
  for (size_t i = 0; i < bytes;) {
    int columns;
    bool printable;
    i += next_character(text + i, bytes - i, &columns, &printable);
    width += columns;
  }
  return width;
}

/* Prints as much of text as `columns` hold; returns the columns taken. */
static int print_within(FILE *stream, const char *text, int columns) {
  size_t bytes = strlen(text);
  int taken = 0;
  for (size_t i = 0; i < bytes;) {
    int width;
    bool printable;
    size_t length = next_character(text + i, bytes - i, &width, &printable);
    if (taken + width > columns) break;
    if (printable) {
      fwrite(text + i, 1, length, stream);
    } else {
      fputc('?', stream);
    }
    taken += width;
    i += length;
  }
  return taken;
}

void terminal_message_of(FILE *stream, const char *format, va_list arguments) {
  char room[1024], *text = room;
  va_list again;
  va_copy(again, arguments);
  int length = vsnprintf(room, sizeof room, format, arguments);
  if (length >= (int)sizeof room && (text = malloc((size_t)length + 1)) != NULL) {
    vsnprintf(text, (size_t)length + 1, format, again);
  }
  va_end(again);
  print_within(stream, text != NULL ? text : room, INT_MAX);
  if (text != room) free(text);
}

void terminal_message(FILE *stream, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  terminal_message_of(stream, format, arguments);
  va_end(arguments);
}

void terminal_field(FILE *stream, const char *text, size_t bytes) {
  for (size_t i = 0; i < bytes;) {
    uint32_t code = 0;
    const int length = utf8_decode(text + i, bytes - i, &code);
    const size_t taken = length > 0 ? (size_t)length : 1;
    if (length > 0 && is_control(code)) {
      fputc(' ', stream);
    } else {
      fwrite(text + i, 1, taken, stream);
    }
    i += taken;
  }
}

void terminal_abbreviate(FILE *stream, const char *text, int columns, bool right) {
  int width = terminal_text_width(text), space = width < columns ? columns - width : 0;
  if (right) fprintf(stream, "%*s", space, "");
  int taken = print_within(stream, text, columns);
  if (!right) fprintf(stream, "%*s", columns - taken, "");
}

void terminal_pad(FILE *stream, const char *text, int columns, bool right) {
  bool cut = terminal_text_width(text) > columns;
  terminal_abbreviate(stream, text, cut ? columns - 1 : columns, right);
  if (cut) fputc('~', stream);
}
