#include "translator_beam.h"

#include <math.h>
#include <string.h>

#include "bpe.h"

int beam_limit(const translator_options *options, const placeholders *marks, const int *ids,
               int length) {
  const double limit = (double)options->length_ratio * length + options->length_extra;
  const int least = 1 + placeholders_count(placeholders_of(marks, ids, length));
  if (!(limit >= least)) return least;
  return limit < TRANSLATOR_LENGTH_MAX ? (int)limit : TRANSLATOR_LENGTH_MAX;
}

static beam_rows layout_rows(size_t rows, rc_arena *arena) {
  beam_rows r;
  r.sentences = ARENA_ARRAY(arena, int, rows);
  r.ids = ARENA_ARRAY(arena, int, rows);
  r.nodes = ARENA_ARRAY(arena, int, rows);
  r.from = ARENA_ARRAY(arena, int, rows);
  r.log_probability = ARENA_ARRAY(arena, double, rows);
  r.placed = ARENA_ARRAY(arena, uint32_t, rows);
  return r;
}

void beam_layout(beam_search *search, const translator_sources *sources,
                 const translator_options *options, const placeholders *marks, rc_arena *arena) {
  const size_t count = (size_t)sources->count, beam = (size_t)options->beam;
  const bool kept = options->attention || options->coverage > 0;
  beam_search s = {.options = *options, .marks = *marks, .count = sources->count};
  s.sentences = ARENA_ARRAY(arena, beam_sentence, count);
  size_t nodes = 0, attention = 0, longest = 0;
  const int *ids = sources->ids;
  for (int i = 0; i < sources->count; ids += sources->lengths[i++]) {
    const int length = sources->lengths[i], limit = beam_limit(options, marks, ids, length);
    if (s.sentences != NULL) {
      s.sentences[i] = (beam_sentence){.source_length = length,
                                       .limit = limit,
                                       .placeholders = placeholders_of(marks, ids, length),
                                       .node_start = (int)nodes,
                                       .attention_start = attention};
    }
    nodes += beam * (size_t)limit;
    attention += beam * (size_t)limit * (size_t)length;
    if ((size_t)length > longest) longest = (size_t)length;
  }
  s.ends = ARENA_ARRAY(arena, beam_end, count * beam);
  s.nodes = ARENA_ARRAY(arena, beam_node, nodes);
  s.attention = kept ? ARENA_ARRAY(arena, float, attention) : NULL;
  s.coverage = ARENA_ARRAY(arena, float, longest);
  s.candidates = ARENA_ARRAY(arena, beam_candidate, beam);
  s.rows = layout_rows(count * beam, arena);
  s.next = layout_rows(count * beam, arena);
  *search = s;
}

void beam_begin(beam_search *search) {
  beam_rows *rows = &search->rows;
  for (int i = 0; i < search->count; i++) {
    rows->sentences[i] = i;
    rows->ids[i] = BPE_BEGIN;
    rows->nodes[i] = -1;
    rows->from[i] = i;
    rows->log_probability[i] = 0;
    rows->placed[i] = 0;
  }
  search->row_count = search->count;
}

float *beam_attention(const beam_search *search, int sentence, int node) {
  const beam_sentence *s = &search->sentences[sentence];
  return search->attention + s->attention_start +
         (size_t)(node - s->node_start) * (size_t)s->source_length;
}

/* sum_j log(min(sum_t weights[t, j], 1)); attention that underflowed counts as 1e-10. */
static double coverage_of(const beam_search *search, int sentence, int node) {
  const size_t length = (size_t)search->sentences[sentence].source_length;
  float *sum = search->coverage;
  memset(sum, 0, length * sizeof *sum);
  for (; node >= 0; node = search->nodes[node].parent) {
    kernels->axpy(length, 1, beam_attention(search, sentence, node), sum);
  }
  double coverage = 0;
  for (size_t j = 0; j < length; j++) {
    const float seen = sum[j] > 1e-10f ? sum[j] : 1e-10f;
    coverage += (double)logf(seen < 1 ? seen : 1);
  }
  return coverage;
}

/* base^exponent for an exponent >= 0, digit after binary digit; pow takes tables. */
static double power(double base, float exponent) {
  const int whole = (int)exponent;
  double result = 1;
  for (int i = 0; i < whole; i++) result *= base;
  float rest = exponent - (float)whole;
  while (rest > 0) {
    base = sqrt(base);
    rest *= 2;
    if (rest >= 1) result *= base;
    rest -= floorf(rest);
  }
  return result;
}

static double score_of(const beam_search *search, int sentence, const beam_end *end) {
  const translator_options *o = &search->options;
  const double n = end->length > 1 ? end->length : 1;
  const double base = o->norm == TRANSLATOR_NORM_GNMT ? (5 + n) / 6 : n;
  double score = end->log_probability / power(base, o->alpha);
  if (o->coverage > 0) score += (double)o->coverage * coverage_of(search, sentence, end->node);
  return score;
}

static beam_end end_at(const beam_search *search, int sentence, int node, double log_probability,
                       bool complete) {
  beam_end end = {.node = node,
                  .length = search->steps,
                  .complete = complete,
                  .log_probability = log_probability};
  end.score = score_of(search, sentence, &end);
  return end;
}

static void finish(beam_search *search, int sentence, int node, double log_probability,
                   bool complete) {
  beam_sentence *s = &search->sentences[sentence];
  search->ends[sentence * search->options.beam + s->ends++] =
      end_at(search, sentence, node, log_probability, complete);
}

/* Keeps the `room` best, best first; what came first stays in front of its equals. */
static int insert(beam_candidate *list, int count, int room, beam_candidate candidate) {
  if (count == room) {
    if (!(candidate.log_probability > list[count - 1].log_probability)) return count;
    count--;
  }
  int at = count;
  for (; at > 0 && list[at - 1].log_probability < candidate.log_probability; at--) {
    list[at] = list[at - 1];
  }
  list[at] = candidate;
  return count + 1;
}

/* Whether one of n values is not below `least`: without a branch, so that it becomes vectors. */
static bool any_reaches(int n, const float *x, float least) {
  int found = 0;
  for (int j = 0; j < n; j++) found |= x[j] >= least;
  return found != 0;
}

/* Whether the n tokens that end with `id`, after `node`, stand in that hypothesis already. */
static bool is_repeated(const beam_node *nodes, int node, int id, int n) {
  for (int earlier = node; earlier >= 0; earlier = nodes[earlier].parent) {
    int a = node, b = nodes[earlier].parent, same = nodes[earlier].id == id;
    while (same > 0 && same < n && a >= 0 && b >= 0 && nodes[a].id == nodes[b].id) {
      same++;
      a = nodes[a].parent;
      b = nodes[b].parent;
    }
    if (same == n) return true;
  }
  return false;
}

/* What a row may write next. */
typedef struct permission {
  const int16_t *marks; /* of the target; NULL: anything */
  uint32_t missing;     /* the placeholders that it has not yet */
  bool forced;          /* nothing else may come now */
} permission;

/* Placeholders that a row still lacks come next where there is no room for anything else, and where
 * the network takes the sentence to be over: made to go on, it would babble. */
static permission permission_of(const beam_search *search, int row, int vocabulary,
                                const float *log_probability, int end) {
  const beam_sentence *s = &search->sentences[search->rows.sentences[row]];
  const uint32_t missing = s->placeholders & ~search->rows.placed[row];
  bool over = missing != 0;
  for (int j = 0; over && j < vocabulary; j++) over = !(log_probability[j] > log_probability[end]);
  return (permission){.marks = search->marks.target,
                      .missing = missing,
                      .forced = over || placeholders_count(missing) > s->limit - search->steps};
}

static bool is_permitted(const permission *p, int id) {
  if (p->marks == NULL) return true;
  const int mark = p->marks[id];
  if (mark >= 0) return (p->missing >> mark & 1) != 0;
  return mark != PLACEHOLDER_NEVER && !p->forced && (id != BPE_END || p->missing == 0);
}

enum { SCAN = 64 };

/* Offers the continuations of one row, but for BPE_BEGIN, what it would repeat, and what would
 * leave a placeholder out or write one too many. */
static int scan_row(const beam_search *search, int count, int room, int row,
                    const beam_outlook *outlook) {
  beam_candidate *list = search->candidates;
  const double before = search->rows.log_probability[row];
  const int node = search->rows.nodes[row], no_repeat = search->options.no_repeat;
  const float *log_probability = outlook->log_probability + (ptrdiff_t)row * outlook->vocabulary;
  const translator_choice *choice =
      outlook->choices == NULL ? NULL : &outlook->choices[1 + search->rows.sentences[row]];
  const int vocabulary = choice == NULL ? outlook->vocabulary : choice->count;
  /* A choice has no BPE_BEGIN: it begins with BPE_END. */
  const int begin = choice == NULL ? BPE_BEGIN + 1 : 0;
  const permission permitted =
      permission_of(search, row, vocabulary, log_probability, choice == NULL ? BPE_END : begin);
  for (int first = begin; first < vocabulary; first += SCAN) {
    const int n = vocabulary - first < SCAN ? vocabulary - first : SCAN;
    /* Rounded down, so that nothing is missed here that insert would take. */
    const float least =
        count < room ? -INFINITY
                     : nextafterf((float)(list[count - 1].log_probability - before), -INFINITY);
    if (!any_reaches(n, log_probability + first, least)) continue;
    for (int i = first; i < first + n; i++) {
      if (!(log_probability[i] >= least)) continue; /* what is no number, too */
      const int id = choice == NULL ? i : choice->ids[i];
      if (!is_permitted(&permitted, id)) continue;
      if (no_repeat > 0 && is_repeated(search->nodes, node, id, no_repeat)) continue;
      const beam_candidate candidate = {before + (double)log_probability[i], row, id};
      count = insert(list, count, room, candidate);
    }
  }
  return count;
}

/* The token of a candidate becomes a node of its own. */
static int grow(beam_search *search, int sentence, const beam_candidate *candidate,
                const beam_outlook *outlook) {
  beam_sentence *s = &search->sentences[sentence];
  const int node = s->node_start + s->nodes++;
  search->nodes[node] = (beam_node){search->rows.nodes[candidate->row], candidate->id};
  if (search->attention != NULL) {
    memcpy(beam_attention(search, sentence, node),
           outlook->attention + (size_t)candidate->row * (size_t)outlook->longest,
           (size_t)s->source_length * sizeof(float));
  }
  return node;
}

static void go_on(beam_search *search, int sentence, int node, const beam_candidate *candidate,
                  int to) {
  beam_rows *next = &search->next;
  next->sentences[to] = sentence;
  next->ids[to] = candidate->id;
  next->nodes[to] = node;
  next->from[to] = candidate->row;
  next->log_probability[to] = candidate->log_probability;
  const int mark = search->marks.target == NULL ? -1 : search->marks.target[candidate->id];
  next->placed[to] = search->rows.placed[candidate->row] | (mark >= 0 ? (uint32_t)1 << mark : 0);
}

/* The continuations of one sentence, whose rows are [first, end); returns the rows after `to`. */
static int step_sentence(beam_search *search, const beam_outlook *outlook, int first, int end,
                         int to) {
  const translator_options *o = &search->options;
  const int sentence = search->rows.sentences[first];
  const int room = o->beam - search->sentences[sentence].ends;
  int count = 0;
  for (int row = first; row < end; row++) {
    count = scan_row(search, count, room, row, outlook);
  }
  for (int i = 0; i < count; i++) {
    const beam_candidate *candidate = &search->candidates[i];
    const int node = grow(search, sentence, candidate, outlook);
    if (candidate->id == BPE_END) {
      finish(search, sentence, node, candidate->log_probability, true);
      continue;
    }
    go_on(search, sentence, node, candidate, to++);
  }
  return to;
}

/* Rows that may grow no longer are over as they are. */
static int close_rows(beam_search *search, int first, int end) {
  for (int row = first; row < end; row++) {
    const int sentence = search->next.sentences[row];
    if (search->steps < search->sentences[sentence].limit) return end;
    finish(search, sentence, search->next.nodes[row], search->next.log_probability[row], false);
  }
  return first;
}

void beam_step(beam_search *search, const beam_outlook *outlook) {
  int to = 0;
  search->steps++;
  for (int first = 0; first < search->row_count;) {
    int end = first + 1;
    const int sentence = search->rows.sentences[first];
    while (end < search->row_count && search->rows.sentences[end] == sentence) end++;
    const int begun = to;
    to = close_rows(search, begun, step_sentence(search, outlook, first, end, to));
    first = end;
  }
  const beam_rows rows = search->rows;
  search->rows = search->next;
  search->next = rows;
  search->row_count = to;
}

void beam_stop(beam_search *search) {
  const beam_rows *rows = &search->rows;
  for (int row = 0; row < search->row_count; row++) {
    finish(search, rows->sentences[row], rows->nodes[row], rows->log_probability[row], false);
  }
  search->row_count = 0;
}

beam_end beam_best(const beam_search *search, int sentence) {
  const beam_end *ends = search->ends + (ptrdiff_t)sentence * search->options.beam;
  const beam_rows *rows = &search->rows;
  beam_end best = {.node = -1, .score = -INFINITY};
  for (int i = 0; i < search->sentences[sentence].ends; i++) {
    if (ends[i].score > best.score) best = ends[i];
  }
  for (int row = 0; row < search->row_count; row++) {
    if (rows->sentences[row] != sentence) continue;
    const beam_end open =
        end_at(search, sentence, rows->nodes[row], rows->log_probability[row], false);
    if (open.score > best.score) best = open;
  }
  return best;
}

void beam_rank(beam_search *search, int sentence) {
  beam_end *ends = search->ends + (ptrdiff_t)sentence * search->options.beam;
  for (int i = 1; i < search->sentences[sentence].ends; i++) {
    const beam_end end = ends[i];
    int at = i;
    for (; at > 0 && ends[at - 1].score < end.score; at--) ends[at] = ends[at - 1];
    ends[at] = end;
  }
}
