#ifndef RECUR_CLOCKS_H
#define RECUR_CLOCKS_H

/* Seconds since some fixed moment; never goes back. */
double clocks_now(void);

/* The present as "2026-01-31T23:59:59Z". */
enum { CLOCKS_UTC_BYTES = 21 };
void clocks_utc(char text[CLOCKS_UTC_BYTES]);

/* A span for people: "4.2 s", "3 min 07 s", "2 h 05 min". */
enum { CLOCKS_SPAN_BYTES = 32 };
const char *clocks_span(double seconds, char text[CLOCKS_SPAN_BYTES]);

#endif
