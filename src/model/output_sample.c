#include "output_sample.h"

#include <math.h>
#include <string.h>

#include "checks.h"
#include "kernels.h"

static bool samples(const output_sample *sample) {
  return sample->wanted > 0 && sample->wanted < sample->whole.out;
}

static bool is_whole(const output_sample *sample) {
  return sample->layer.out == sample->whole.out;
}

output_sample output_sample_layout(const linear *output, int wanted, int target_tokens,
                                   rc_arena *arena) {
  output_sample sample = {.whole = *output, .wanted = wanted, .layer = *output};
  if (!samples(&sample)) return sample;
  const int others = output->out - wanted;
  const int room = wanted + (target_tokens < others ? target_tokens : others);
  const size_t vocabulary = (size_t)output->out;
  const size_t parameters = (size_t)room * ((size_t)output->in + 1);
  sample.ids = ARENA_ARRAY(arena, int, vocabulary);
  sample.places = ARENA_ARRAY(arena, int, vocabulary);
  sample.values = ARENA_ARRAY(arena, real, parameters);
  sample.gradients = ARENA_ARRAY(arena, real, parameters);
  sample.smooth = ARENA_ARRAY(arena, real, (size_t)room);
  return sample;
}

void output_sample_all(output_sample *sample) {
  sample->layer = sample->whole;
}

static void swap(output_sample *sample, int a, int b) {
  const int first = sample->ids[a], second = sample->ids[b];
  sample->ids[a] = second;
  sample->ids[b] = first;
  sample->places[second] = a;
  sample->places[first] = b;
}

/* The size with that token. */
static int include(output_sample *sample, int id, int size) {
  const int place = sample->places[id];
  if (place < size) return size;
  swap(sample, place, size);
  return size + 1;
}

/* The rows of the layer, behind them its bias; those from row `sure` on count `weight` times. */
static void copy_layer(output_sample *sample, const real *values, int sure, double weight) {
  const linear *whole = &sample->whole, *layer = &sample->layer;
  const size_t in = (size_t)whole->in;
  for (int i = 0; i < layer->out; i++) {
    const size_t id = (size_t)sample->ids[i];
    const double counts = i < sure ? 1 : weight;
    memcpy(sample->values + (size_t)i * in, values + whole->weight + id * in, in * sizeof(real));
    sample->values[layer->bias + (size_t)i] = values[whole->bias + id] + (real)log(counts);
    sample->smooth[i] = (real)(counts / whole->out);
  }
  memset(sample->gradients, 0, (layer->bias + (size_t)layer->out) * sizeof(real));
}

void output_sample_draw(output_sample *sample, const real *values, int count, int *said,
                        rc_rng *rng) {
  output_sample_all(sample);
  if (!samples(sample)) return;
  const int vocabulary = sample->whole.out;
  for (int id = 0; id < vocabulary; id++) sample->ids[id] = sample->places[id] = id;
  const int half = sample->wanted / 2, drawn = sample->wanted - half;
  int size = 0;
  for (int i = 0; i < count; i++) size = include(sample, said[i], size);
  for (int id = 0; id < half; id++) size = include(sample, id, size);
  const int sure = size, others = vocabulary - sure;
  if (others <= drawn) return;
  for (int i = 0; i < drawn; i++, size++) {
    swap(sample, size + (int)rng_below(rng, (uint32_t)(vocabulary - size)), size);
  }
  sample->layer = (linear){sample->whole.in, size, 0, (size_t)size * (size_t)sample->whole.in};
  copy_layer(sample, values, sure, (double)others / drawn);
  for (int i = 0; i < count; i++) said[i] = sample->places[said[i]];
}

const real *output_sample_values(const output_sample *sample, const real *values) {
  return is_whole(sample) ? values : sample->values;
}

real *output_sample_gradients(const output_sample *sample, real *gradients) {
  return is_whole(sample) ? gradients : sample->gradients;
}

cross_entropy_target output_sample_target(const output_sample *sample, const int *said,
                                          real smoothing, const real *weights) {
  cross_entropy_target target = {.targets = said, .weights = weights};
  if (is_whole(sample)) {
    target.smoothing = smoothing;
  } else {
    target.soft = sample->smooth;
    target.soft_shared = true;
    target.soft_weight = smoothing;
  }
  return target;
}

int output_sample_id(const output_sample *sample, int place) {
  return is_whole(sample) ? place : sample->ids[place];
}

void output_sample_add(const output_sample *sample, real *gradients) {
  if (is_whole(sample)) return;
  const linear *whole = &sample->whole, *layer = &sample->layer;
  const size_t in = (size_t)whole->in;
  for (int i = 0; i < layer->out; i++) {
    const size_t id = (size_t)sample->ids[i];
    kernels->axpy(in, 1, sample->gradients + (size_t)i * in, gradients + whole->weight + id * in);
    gradients[whole->bias + id] += sample->gradients[layer->bias + (size_t)i];
  }
}
