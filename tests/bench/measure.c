#include "measure.h"

#include <stdlib.h>

#include "clocks.h"

static double rate(measured_work *work, void *context, double seconds) {
  const double start = clocks_now();
  double spent;
  long done = 0;
  do {
    work(context);
    done++;
    spent = clocks_now() - start;
  } while (spent < seconds);
  return (double)done / spent;
}

static int compare_doubles(const void *left, const void *right) {
  const double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

measurement measure_rate(measured_work *work, void *context, double seconds) {
  double samples[MEASURE_SAMPLES];
  (void)rate(work, context, seconds / 2);
  for (int i = 0; i < MEASURE_SAMPLES; i++) samples[i] = rate(work, context, seconds);
  qsort(samples, MEASURE_SAMPLES, sizeof *samples, compare_doubles);
  return (measurement){.value = samples[MEASURE_SAMPLES / 2],
                       .low = samples[0],
                       .high = samples[MEASURE_SAMPLES - 1]};
}

measurement measurement_scaled(measurement m, double factor) {
  return (measurement){m.value * factor, m.low * factor, m.high * factor};
}

json *measurement_row(const char *name, const char *unit, measurement m) {
  json *row = json_object();
  json_text(row, "name", name);
  json_number(row, "value", m.value);
  json_text(row, "unit", unit);
  json_number(row, "low", m.low);
  json_number(row, "high", m.high);
  return row;
}

int measure_program(program_spec *spec, int argc, char **argv,
                    rc_status (*work)(void *context, rc_error *error), void *context) {
  int code = program_start(spec->program);
  if (code != PROGRAM_OK) return code;
  if (program_options(spec, argc, argv, NULL, &code)) {
    rc_error error;
    if (work(context, &error) != RC_OK) code = program_fail(spec->program, &error);
  }
  return program_finish(spec->program, code);
}
