#include "pairs_measure.h"

#include <math.h>

#include "layer_noise.h"

int pairs_encode(codec c, utf8_text text, float dropout, rc_rng *rng, int *ids, int length) {
  const size_t room = (size_t)length - 1;
  size_t count = dropout > 0 && c.kind->vary != NULL
                     ? c.kind->vary(c.vocabulary, text, dropout, rng, ids, room)
                     : c.kind->encode(c.vocabulary, text, ids, NULL, room);
  if (count >= (size_t)length) return 0;
  ids[count] = BPE_END;
  return (int)count + 1;
}

bool pairs_is_usable(const pairs_reader *reader, const text_pair *pair, int *scratch,
                     int *wordless) {
  const int length = reader->length;
  const int source = pairs_encode(reader->source, pair->source, 0, NULL, scratch, length);
  const int target = pairs_encode(reader->target, pair->target, 0, NULL, scratch, length);
  *wordless += source == 1 || target == 1;
  return source > 1 && target > 1;
}

size_t pairs_most_tokens(const text_pair *pair, int length) {
  const size_t most = (size_t)length;
  size_t source = pair->source.bytes + 2 + NOISE_MORE, target = pair->target.bytes + 2;
  return (source < most ? source : most) + (target < most ? target : most);
}

int pairs_wholes(double weight) {
  return (int)weight;
}

int pairs_fraction(double weight, int usable) {
  return (int)lround((weight - pairs_wholes(weight)) * usable);
}

long pairs_members(double weight, int usable) {
  return (long)pairs_wholes(weight) * usable + pairs_fraction(weight, usable);
}
