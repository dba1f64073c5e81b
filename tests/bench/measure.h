#ifndef RECUR_BENCH_MEASURE_H
#define RECUR_BENCH_MEASURE_H

#include "json.h"
#include "programs.h"

/* How the programs of `./run bench` time, and what they print: one JSON object a line. */

enum { MEASURE_SAMPLES = 9 };

/* The median of the samples, the lowest and the highest. */
typedef struct measurement {
  double value, low, high;
} measurement;

typedef void measured_work(void *context);

/* Times a second that the work gets done, over samples of at least `seconds` each and half a one
 * before to warm up. */
measurement measure_rate(measured_work *work, void *context, double seconds);

measurement measurement_scaled(measurement m, double factor);

/* {"name": ..., "value": ..., "unit": ..., "low": ..., "high": ...}, for json_print_line. */
json *measurement_row(const char *name, const char *unit, measurement m);

/* All of main: starts the program, reads its options, does the work, ends. Returns the exit code.
 */
int measure_program(program_spec *spec, int argc, char **argv,
                    rc_status (*work)(void *context, rc_error *error), void *context);

#endif
