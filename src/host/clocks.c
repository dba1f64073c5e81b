#include "clocks.h"

#include <stdio.h>
#include <time.h>

double clocks_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void clocks_utc(char text[CLOCKS_UTC_BYTES]) {
  time_t now = time(NULL);
  struct tm utc;
  text[0] = '\0';
  if (gmtime_r(&now, &utc) != NULL) strftime(text, CLOCKS_UTC_BYTES, "%Y-%m-%dT%H:%M:%SZ", &utc);
}

const char *clocks_span(double seconds, char text[CLOCKS_SPAN_BYTES]) {
  if (!(seconds >= 0 && seconds < 1e9)) {
    snprintf(text, CLOCKS_SPAN_BYTES, "?");
  } else if (seconds < 9.95) {
    snprintf(text, CLOCKS_SPAN_BYTES, "%.1f s", seconds);
  } else if (seconds < 99.5) {
    snprintf(text, CLOCKS_SPAN_BYTES, "%.0f s", seconds);
  } else {
    long whole = (long)(seconds + 0.5);
    if (whole < 3600) {
      snprintf(text, CLOCKS_SPAN_BYTES, "%ld min %02ld s", whole / 60, whole % 60);
    } else {
      snprintf(text, CLOCKS_SPAN_BYTES, "%ld h %02ld min", whole / 3600, whole / 60 % 60);
    }
  }
  return text;
}
