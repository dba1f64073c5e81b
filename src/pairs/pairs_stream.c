#include "pairs_stream.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "clocks.h"
#include "pair_filter.h"
#include "pair_hashes.h"
#include "pairs_mark.h"
#include "ranks.h"
#include "threads.h"

enum {
  PIECES = 4096, /* of the memory, but not smaller than */
  PIECE_MIN = 256 /* bytes */,
  SAMPLE = 64, /* of the memory */
};

typedef struct piece_sum {
  size_t bit;     /* of its first line, the first of a byte */
  size_t bytes;   /* of what is learnt from, in both languages */
  size_t tokens;  /* of it at most */
  size_t longest; /* of its texts */
  int pairs, usable, wordless, filtered;
} piece_sum;

static rc_status no_memory(rc_error *error) {
  return rc_fail(error, RC_ERR_MEMORY, "out of memory for sentences");
}

/* ---- bits ---- */

/* That have the bits of a piece's lines. */
static size_t bytes_of(const pair_piece *piece) {
  return ((size_t)piece->line_count + 7) / 8;
}

static size_t bit_of(const pairs_stream *s, int piece, int line) {
  return s->sums[piece].bit + (size_t)(line - s->pieces.items[piece].line - 1);
}

static bool is_left_out(const pairs_stream *s, size_t bit) {
  return (s->left_out[bit >> 3] >> (bit & 7) & 1) != 0;
}

static void leave_out(pairs_stream *s, size_t bit, bool left_out) {
  const unsigned one = 1U << (bit & 7), old = s->left_out[bit >> 3];
  s->left_out[bit >> 3] = (uint8_t)(left_out ? old | one : old & ~one);
}

static void drop_left_out(const pairs_stream *s, int piece, text_pairs *pairs) {
  int kept = 0;
  for (int i = 0; i < pairs->count; i++) {
    const text_pair pair = pairs->items[i];
    if (!is_left_out(s, bit_of(s, piece, pair.line))) pairs->items[kept++] = pair;
  }
  pairs->count = kept;
}

/* ---- pieces, several at once ---- */

typedef struct piece_work {
  pairs_stream *stream;
  const int *pieces; /* that are worked on, or NULL: from `first` */
  int first;
  text_pairs *out;
  rc_status *status;
  rc_error *errors;
} piece_work;

static rc_status run_pieces(pairs_stream *s, const int *pieces, int first, int count,
                            text_pairs *out, void (*run)(void *self, int i, int thread),
                            rc_error *error) {
  piece_work work = {.stream = s, .pieces = pieces, .first = first, .out = out};
  work.status = calloc((size_t)count, sizeof *work.status);
  work.errors = calloc((size_t)count, sizeof *work.errors);
  const bool room = work.status != NULL && work.errors != NULL;
  rc_status status = room ? RC_OK : no_memory(error);
  if (room) threads_each(s->options.threads, count, run, &work);
  for (int i = 0; i < count && status == RC_OK; i++) {
    status = work.status[i];
    if (status != RC_OK && error != NULL) *error = work.errors[i];
  }
  free(work.status);
  free(work.errors);
  return status;
}

static rc_status mark(const pairs_stream *s, text_pairs *pairs, rc_error *error) {
  return s->text.layered ? pairs_mark(pairs, &s->text.how, &s->options.seed, error) : RC_OK;
}

/* Keeps of the pairs what is learnt from, in as many bytes as it takes. */
static rc_status pack(text_pairs *pairs, rc_error *error) {
  size_t bytes = 1, at = 0;
  for (int i = 0; i < pairs->count; i++) {
    bytes += pairs->items[i].source.bytes + pairs->items[i].target.bytes;
  }
  char *texts = malloc(bytes);
  if (texts == NULL) return no_memory(error);
  for (int i = 0; i < pairs->count; i++) {
    text_pair *pair = &pairs->items[i];
    utf8_text *const sides[] = {&pair->source, &pair->target};
    for (int side = 0; side < 2; side++) {
      memcpy(texts + at, sides[side]->text, sides[side]->bytes);
      sides[side]->text = texts + at;
      at += sides[side]->bytes;
    }
    pair->written = pair->reference = (utf8_text){"", 0};
  }
  free(pairs->normalized);
  free(pairs->bytes);
  pairs->normalized = texts;
  pairs->bytes = NULL;
  text_pair *items = realloc(pairs->items, ((size_t)pairs->count + 1) * sizeof *items);
  if (items != NULL) pairs->items = items;
  return RC_OK;
}

/* ---- opening ---- */

static rc_status allocate(pairs_stream *s, rc_error *error) {
  const size_t count = (size_t)s->pieces.count;
  s->sums = calloc(count, sizeof *s->sums);
  s->order = calloc(count, sizeof *s->order);
  if (s->sums == NULL || s->order == NULL) return no_memory(error);
  size_t bit = 0;
  for (size_t i = 0; i < count; i++) {
    s->sums[i].bit = bit;
    bit += 8 * bytes_of(&s->pieces.items[i]);
  }
  s->left_out_bytes = bit / 8;
  s->left_out = calloc(s->left_out_bytes + 1, 1);
  return s->left_out == NULL ? no_memory(error) : RC_OK;
}

/* The ranks are about to share out the pieces, which are to be the same. */
static rc_status compare_with_first(const pairs_stream *s, rc_error *error) {
  char first[65];
  int count = s->pieces.count;
  bool same = true;
  ranks_broadcast(&count, sizeof count);
  for (int i = 0; i < s->pieces.file_count; i++) {
    memcpy(first, s->pieces.sha256[i], sizeof first);
    ranks_broadcast(first, sizeof first);
    same = same && strcmp(first, s->pieces.sha256[i]) == 0;
  }
  if (same && count == s->pieces.count) return RC_OK;
  return rc_fail(error, RC_ERR_ARGUMENT, "its data are not those of rank 0");
}

static void show(const pairs_stream *s, int piece, double since, progress *bar) {
  const size_t total = s->left_out_bytes * 8;
  const size_t done = piece < s->pieces.count ? s->sums[piece].bit : total;
  progress_count(bar, (double)done, (double)total, since, clocks_now());
}

static rc_status hash_piece(pairs_stream *s, int piece, pair_hashes *hashes, rc_error *error) {
  text_pairs pairs;
  rc_status status = pair_pieces_read(&s->pieces, piece, s->options.french, &pairs, error);
  const size_t end = piece + 1 < s->pieces.count ? s->sums[piece + 1].bit : 8 * s->left_out_bytes;
  size_t bit = s->sums[piece].bit;
  if (status == RC_OK && s->options.ratio > 0) pair_filter_faults(&pairs, s->options.ratio);
  for (int i = 0; i < pairs.count && status == RC_OK; i++) {
    const size_t own = bit_of(s, piece, pairs.items[i].line);
    for (; bit < own && status == RC_OK; bit++) status = pair_hashes_add(hashes, NULL, error);
    if (status == RC_OK) status = pair_hashes_add(hashes, &pairs.items[i], error);
    bit++;
  }
  for (; bit < end && status == RC_OK; bit++) status = pair_hashes_add(hashes, NULL, error);
  pairs_free(&pairs);
  return status;
}

static rc_status find_repeated(pairs_stream *s, progress *bar, rc_error *error) {
  const double since = clocks_now();
  pair_hashes hashes;
  size_t repeated;
  rc_status status = pair_hashes_open(&hashes, s->options.out, error);
  for (int i = 0; i < s->pieces.count && status == RC_OK; i++) {
    status = hash_piece(s, i, &hashes, error);
    show(s, i + 1, since, bar);
    if (status == RC_OK) status = pair_pieces_check_signals(error);
  }
  if (status == RC_OK) {
    status = pair_hashes_mark(&hashes, s->options.memory, s->left_out, &repeated, error);
  }
  pair_hashes_close(&hashes);
  if (status == RC_OK) s->filtered = (long)repeated;
  return status;
}

static rc_status drop_repeated(pairs_stream *s, progress *bar, rc_error *error) {
  bar->label = "comparing";
  bar->unit = "lines";
  const rc_status status = ranks_rank() == 0 ? find_repeated(s, bar, error) : RC_OK;
  RC_TRY(ranks_agree(status, error));
  ranks_broadcast(s->left_out, s->left_out_bytes);
  ranks_broadcast(&s->filtered, sizeof s->filtered);
  return RC_OK;
}

static rc_status open_stream(pairs_stream *s, progress *bar, rc_error *error) {
  const size_t bytes = s->options.memory / PIECES;
  bar->label = "finding";
  bar->unit = "MB";
  RC_TRY(pair_pieces_open(&s->pieces, s->options.paths, s->options.count,
                          bytes < PIECE_MIN ? PIECE_MIN : bytes, bar, error));
  return allocate(s, error);
}

rc_status pairs_stream_open(pairs_stream *out, const pairs_stream_options *options, progress *bar,
                            rc_error *error) {
  *out = (pairs_stream){.options = *options, .epoch = -1};
  RC_TRY(ranks_agree(open_stream(out, bar, error), error));
  RC_TRY(ranks_agree(compare_with_first(out, error), error));
  return options->unique ? drop_repeated(out, bar, error) : RC_OK;
}

static void drop_part(pairs_stream *s) {
  for (int i = 0; i < s->corpus_count; i++) pairs_free(&s->loaded[i]);
  s->corpus_count = 0;
  s->epoch = -1;
}

void pairs_stream_close(pairs_stream *stream) {
  drop_part(stream);
  pair_pieces_close(&stream->pieces);
  free(stream->sums);
  free(stream->left_out);
  free(stream->order);
  free(stream->loaded);
  free(stream->corpora);
  *stream = (pairs_stream){.epoch = -1};
}

/* ---- a sample ---- */

/* Draws of the pieces [from, to) as many as are so many bytes, at least one; they then stand first
 * in `drawn`. Returns how many. */
static int draw_pieces(const pairs_stream *s, int from, int to, double bytes, int *drawn) {
  rc_rng rng = rng_make(s->options.seed, 3, (uint64_t)from);
  int count = 0;
  for (int i = from; i < to; i++) drawn[i - from] = i;
  rng_shuffle(&rng, drawn, to - from);
  for (; count < to - from && (count == 0 || bytes > 0); count++) {
    bytes -= (double)s->pieces.items[drawn[count]].bytes;
  }
  return count;
}

static int draw_sample(const pairs_stream *s, int *drawn) {
  size_t all = 0;
  int count = 0;
  for (int i = 0; i < s->pieces.count; i++) all += s->pieces.items[i].bytes;
  const double share = (double)s->options.memory / SAMPLE / (double)all;
  for (int from = 0, to; from < s->pieces.count; from = to) {
    size_t bytes = 0;
    for (to = from; to < s->pieces.count; to++) {
      if (s->pieces.items[to].file != s->pieces.items[from].file) break;
      bytes += s->pieces.items[to].bytes;
    }
    count += draw_pieces(s, from, to, share * (double)bytes, drawn + count);
  }
  return count;
}

static rc_status read_sample(const pairs_stream *s, const int *drawn, int count, text_pairs *files,
                             rc_error *error) {
  for (int i = 0; i < count; i++) {
    RC_TRY(pair_pieces_read(&s->pieces, drawn[i], s->options.french, &files[i], error));
    if (s->options.ratio > 0) pair_filter_faults(&files[i], s->options.ratio);
    drop_left_out(s, drawn[i], &files[i]);
  }
  return RC_OK;
}

rc_status pairs_stream_sample(const pairs_stream *s, text_pairs **files, int *count,
                              rc_error *error) {
  int *drawn = calloc((size_t)s->pieces.count, sizeof *drawn);
  *files = NULL;
  *count = 0;
  if (drawn == NULL) return no_memory(error);
  const int wanted = draw_sample(s, drawn);
  *files = calloc((size_t)wanted + 1, sizeof **files);
  if (*files != NULL) *count = wanted;
  const rc_status status =
      *files == NULL ? no_memory(error) : read_sample(s, drawn, wanted, *files, error);
  free(drawn);
  return status;
}

/* ---- the survey ---- */

static rc_status count_piece(pairs_stream *s, int piece, int *scratch, rc_error *error) {
  piece_sum *sum = &s->sums[piece];
  text_pairs pairs;
  rc_status status = pair_pieces_read(&s->pieces, piece, s->options.french, &pairs, error);
  if (status == RC_OK) {
    if (s->options.ratio > 0) sum->filtered = pair_filter_faults(&pairs, s->options.ratio);
    drop_left_out(s, piece, &pairs);
    const int before = pairs.count;
    status = mark(s, &pairs, error);
    sum->filtered += before - pairs.count;
  }
  if (status == RC_OK) {
    memset(s->left_out + sum->bit / 8, 0xFF, bytes_of(&s->pieces.items[piece]));
    sum->pairs = pairs.count;
  }
  for (int i = 0; i < pairs.count && status == RC_OK; i++) {
    const text_pair *pair = &pairs.items[i];
    if (!pairs_is_usable(&s->text.reader, pair, scratch, &sum->wordless)) continue;
    leave_out(s, bit_of(s, piece, pair->line), false);
    sum->usable++;
    sum->bytes += pair->source.bytes + pair->target.bytes;
    sum->tokens += pairs_most_tokens(pair, s->text.reader.length);
    sum->longest = arena_larger(sum->longest, arena_larger(pair->source.bytes, pair->target.bytes));
  }
  pairs_free(&pairs);
  return status;
}

static void count_one(void *self, int i, int thread) {
  const piece_work *work = self;
  const size_t length = (size_t)work->stream->text.reader.length;
  int *scratch = malloc(length * sizeof *scratch);
  (void)thread;
  work->status[i] = scratch == NULL
                        ? no_memory(&work->errors[i])
                        : count_piece(work->stream, work->first + i, scratch, &work->errors[i]);
  free(scratch);
}

static rc_status count_pieces(pairs_stream *s, int from, int to, progress *bar, rc_error *error) {
  const int at_once = 8 * s->options.threads;
  const double since = clocks_now();
  for (int i = from, count; i < to; i += count) {
    count = to - i < at_once ? to - i : at_once;
    RC_TRY(run_pieces(s, NULL, i, count, NULL, count_one, error));
    show(s, i + count, since, bar);
    RC_TRY(pair_pieces_check_signals(error));
  }
  return RC_OK;
}

/* The ranks share the pieces; what is not a rank's is 0 there when they unite. */
static rc_status count_all(pairs_stream *s, progress *bar, rc_error *error) {
  const int count = s->pieces.count, from = ranks_first_of(count, ranks_rank()),
            to = ranks_first_of(count, ranks_rank() + 1);
  RC_TRY(ranks_agree(count_pieces(s, from, to, bar, error), error));
  if (ranks_count() == 1) return RC_OK;
  for (int i = 0; i < count; i++) {
    if (i >= from && i < to) continue;
    const size_t bit = s->sums[i].bit;
    memset(s->left_out + bit / 8, 0, bytes_of(&s->pieces.items[i]));
    s->sums[i] = (piece_sum){.bit = bit};
  }
  ranks_unite(s->left_out, s->left_out_bytes);
  ranks_unite(s->sums, (size_t)count * sizeof *s->sums);
  return RC_OK;
}

/* Of a piece, in memory while it is learnt from. */
typedef struct piece_cost {
  size_t bytes, members, tokens;
} piece_cost;

enum { MEMBER_BYTES = 64 /* of a member in the task's arrays */ };

static piece_cost cost_of(const pairs_stream *s, int piece) {
  const piece_sum *sum = &s->sums[piece];
  const double weight = s->options.weights[s->pieces.items[piece].file];
  const size_t members = (size_t)pairs_members(weight, sum->usable),
               tokens = sum->tokens * (size_t)ceil(weight);
  return (piece_cost){.bytes = sum->bytes + (size_t)sum->usable * sizeof(text_pair) +
                               members * MEMBER_BYTES + tokens * sizeof(uint16_t),
                      .members = members,
                      .tokens = tokens};
}

static int larger_first(const void *a, const void *b) {
  const size_t left = *(const size_t *)a, right = *(const size_t *)b;
  return (left < right) - (left > right);
}

/* The sum of the largest `most` of these. */
static size_t sum_of_largest(size_t *sizes, int count, int most) {
  size_t sum = 0;
  qsort(sizes, (size_t)count, sizeof *sizes, larger_first);
  for (int i = 0; i < count && i < most; i++) sum += sizes[i];
  return sum;
}

static int fitting(size_t *costs, int count, size_t room) {
  size_t sum = 0;
  int fit = 0;
  qsort(costs, (size_t)count, sizeof *costs, larger_first);
  while (fit < count && (sum += costs[fit]) <= room) fit++;
  return fit > 0 ? fit : 1;
}

/* So many pieces together as fit whichever they are, and room for the most that they can need.
 * sizes: [used] scratch */
static rc_status lay_out(pairs_stream *s, size_t *sizes, rc_error *error) {
  const int used = s->used;
  for (int i = 0; i < used; i++) sizes[i] = cost_of(s, s->order[i]).bytes;
  const int fit = fitting(sizes, used, s->options.memory / 4 * 3);
  s->parts = used / fit + (used % fit != 0);
  s->at_once = used / s->parts + (used % s->parts != 0);
  for (int i = 0; i < used; i++) sizes[i] = cost_of(s, s->order[i]).members;
  const size_t members = sum_of_largest(sizes, used, s->at_once);
  for (int i = 0; i < used; i++) sizes[i] = cost_of(s, s->order[i]).tokens;
  s->tokens_most = sum_of_largest(sizes, used, s->at_once);
  if (members > INT_MAX / 4) {
    return rc_fail(error, RC_ERR_ARGUMENT, "%zu pairs at a time are too many", members);
  }
  s->members_most = (int)members;
  s->loaded = calloc((size_t)s->at_once, sizeof *s->loaded);
  s->corpora = calloc((size_t)s->at_once, sizeof *s->corpora);
  return s->loaded == NULL || s->corpora == NULL ? no_memory(error) : RC_OK;
}

static rc_status add_up(pairs_stream *s, rc_error *error) {
  for (int i = 0; i < s->pieces.count; i++) {
    const piece_sum *sum = &s->sums[i];
    s->pairs += sum->pairs;
    s->filtered += sum->filtered;
    s->useless += sum->pairs - sum->usable;
    s->wordless += sum->wordless;
    s->members += (long)cost_of(s, i).members;
    s->longest = arena_larger(s->longest, sum->longest);
    if (sum->usable > s->largest) s->largest = sum->usable;
    if (cost_of(s, i).members > 0) s->order[s->used++] = i;
  }
  if (s->members == 0) {
    return rc_fail(error, RC_ERR_FORMAT,
                   "no pair to train on has at most %d tokens a side, and on both a known one",
                   s->text.reader.length);
  }
  if (s->pairs > INT_MAX / 4) {
    return rc_fail(error, RC_ERR_ARGUMENT, "%ld pairs are too many", s->pairs);
  }
  size_t *sizes = calloc((size_t)s->used, sizeof *sizes);
  const rc_status status = sizes == NULL ? no_memory(error) : lay_out(s, sizes, error);
  free(sizes);
  return status;
}

rc_status pairs_stream_survey(pairs_stream *s, const pairs_stream_text *text, progress *bar,
                              rc_error *error) {
  const double since = clocks_now();
  char span[CLOCKS_SPAN_BYTES], pairs[TEXT_GROUPED_BYTES];
  s->text = *text;
  bar->label = "reading";
  bar->unit = "lines";
  RC_TRY(count_all(s, bar, error));
  RC_TRY(add_up(s, error));
  bar->label = NULL;
  progress_message(bar, "read %s pair%s in %s; an epoch takes them in %d part%s",
                   text_grouped(s->pairs, pairs), text_plural(s->pairs),
                   clocks_span(clocks_now() - since, span), s->parts, text_plural(s->parts));
  return RC_OK;
}

/* ---- parts ---- */

static rc_status load_piece(const pairs_stream *s, int piece, text_pairs *out, rc_error *error) {
  RC_TRY(pair_pieces_read(&s->pieces, piece, s->options.french, out, error));
  drop_left_out(s, piece, out);
  RC_TRY(mark(s, out, error));
  return pack(out, error);
}

static void load_one(void *self, int i, int thread) {
  const piece_work *work = self;
  (void)thread;
  work->status[i] = load_piece(work->stream, work->pieces[i], &work->out[i], &work->errors[i]);
}

rc_status pairs_stream_load(pairs_stream *s, uint64_t seed, int epoch, int part, rc_error *error) {
  if (s->epoch == epoch && s->part == part && s->seed == seed) return RC_OK;
  drop_part(s);
  int *order = malloc((size_t)s->used * sizeof *order);
  if (order == NULL) return no_memory(error);
  memcpy(order, s->order, (size_t)s->used * sizeof *order);
  rc_rng rng = rng_make(seed, 1, UINT64_C(1) << 63 | (uint64_t)epoch);
  rng_shuffle(&rng, order, s->used);
  const int from = (int)((int64_t)s->used * part / s->parts),
            to = (int)((int64_t)s->used * (part + 1) / s->parts);
  s->corpus_count = to - from;
  memset(s->loaded, 0, (size_t)s->corpus_count * sizeof *s->loaded);
  const rc_status status =
      run_pieces(s, order + from, 0, s->corpus_count, s->loaded, load_one, error);
  for (int i = 0; i < s->corpus_count && status == RC_OK; i++) {
    const text_pairs *pairs = &s->loaded[i];
    const double weight = s->options.weights[s->pieces.items[order[from + i]].file];
    s->corpora[i] = (weighted_pairs){pairs->items, pairs->count, weight};
  }
  free(order);
  if (status != RC_OK) {
    drop_part(s);
    return status;
  }
  s->epoch = epoch;
  s->part = part;
  s->seed = seed;
  return RC_OK;
}
