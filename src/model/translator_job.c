#include "translator_job.h"

#include <string.h>

/* So many sentences are sorted by length at once: those of a batch are then much alike, and early
 * sentences are found early. A batch has so few tokens that a step is short. */
enum { WINDOW = 8 * TRANSLATOR_JOB_BATCH, BATCH_TOKENS = 1024 };

translator_job translator_job_of(const translator_model *model) {
  return (translator_job){.model = model, .session = translator_session_begin(model->weights)};
}

void translator_job_end(translator_job *job) {
  translator_session_end(&job->session);
  passage_free(&job->text);
  arena_free(&job->memory);
  *job = (translator_job){0};
}

rc_status translator_job_begin(translator_job *job, utf8_text text,
                               const translator_options *options, rc_error *error) {
  passage_free(&job->text);
  job->first = job->count = job->next = job->batch = job->found = 0;
  job->searching = false;
  job->options = *options;
  return passage_read(&job->text, text, PASSAGE_WHOLE, &job->model->layer, error);
}

/* ---- the sentences of a window ---- */

static int ids_bound(const translator_job *job, utf8_text text) {
  const int longest = translator_longest_source(&job->model->net);
  return text.bytes + 2 < (size_t)longest ? (int)text.bytes + 2 : longest;
}

typedef struct unsorted {
  int *ids, *starts, *lengths;
  bool *cut;
} unsorted;

static unsorted lay_out(translator_job *job, int tokens, rc_arena *arena) {
  const size_t count = (size_t)job->count;
  job->order = ARENA_ARRAY(arena, int, count);
  job->lengths = ARENA_ARRAY(arena, int, count);
  job->starts = ARENA_ARRAY(arena, int, count);
  job->ids = ARENA_ARRAY(arena, int, (size_t)tokens);
  job->cut = ARENA_ARRAY(arena, bool, count);
  unsorted u;
  u.ids = ARENA_ARRAY(arena, int, (size_t)tokens);
  u.starts = ARENA_ARRAY(arena, int, count);
  u.lengths = ARENA_ARRAY(arena, int, count);
  u.cut = ARENA_ARRAY(arena, bool, count);
  return u;
}

static void sort_by_length(translator_job *job, const unsorted *u) {
  int places[TRANSLATOR_LENGTH_MAX + 2] = {0}; /* sentences that are shorter */
  for (int i = 0; i < job->count; i++) places[u->lengths[i] + 1]++;
  for (int n = 1; n <= TRANSLATOR_LENGTH_MAX; n++) places[n + 1] += places[n];
  for (int i = 0; i < job->count; i++) {
    const int place = places[u->lengths[i]]++;
    job->order[place] = i;
  }
  for (int place = 0, start = 0; place < job->count; place++) {
    const int i = job->order[place];
    job->order[place] = job->first + i;
    job->lengths[place] = u->lengths[i];
    job->starts[place] = start;
    job->cut[place] = u->cut[i];
    memcpy(job->ids + start, u->ids + u->starts[i], (size_t)u->lengths[i] * sizeof *u->ids);
    start += u->lengths[i];
  }
}

static rc_status read_window(translator_job *job, rc_error *error) {
  const passage_sentence *sentences = job->text.sentences + job->first;
  int tokens = 0, used = 0;
  for (int i = 0; i < job->count; i++) tokens += ids_bound(job, sentences[i].text.marked);
  rc_arena need = arena_measure();
  (void)lay_out(job, tokens, &need);
  if (need.used > job->memory.size) {
    arena_free(&job->memory);
    RC_TRY(arena_new(&job->memory, need.used, error));
  }
  arena_reset(&job->memory);
  unsorted u = lay_out(job, tokens, &job->memory);
  RC_TRY(arena_check(&job->memory, "sentences", error));
  for (int i = 0; i < job->count; i++) {
    u.starts[i] = used;
    u.lengths[i] = codec_encode_sentence(job->model->source, sentences[i].text.marked, u.ids + used,
                                         NULL, ids_bound(job, sentences[i].text.marked), &u.cut[i]);
    used += u.lengths[i];
  }
  sort_by_length(job, &u);
  return RC_OK;
}

static rc_status open_window(translator_job *job, rc_error *error) {
  job->first += job->count;
  const int left = job->text.count - job->first;
  job->count = left < WINDOW ? left : WINDOW;
  job->next = 0;
  rc_status status = read_window(job, error);
  if (status != RC_OK) job->count = 0; /* the next step reads it again */
  return status;
}

/* ---- its batches ---- */

static rc_status begin_batch(translator_job *job, rc_error *error) {
  job->next += job->batch;
  job->batch = 0; /* on failure nothing is under way, and the next step begins here again */
  if (job->next == job->count) RC_TRY(open_window(job, error));
  int count = 0, tokens = 0, empty = 0;
  for (int i = job->next; i < job->count && count < TRANSLATOR_JOB_BATCH; i++, count++) {
    tokens += job->lengths[i];
    if (count > 0 && tokens > BATCH_TOKENS) break;
    if (job->lengths[i] == 1) empty++;
  }
  const int first = job->next + empty;
  const translator_sources sources = {.count = count - empty,
                                      .ids = job->ids + job->starts[job->next] + empty,
                                      .lengths = job->lengths + first};
  RC_TRY(translator_begin(&job->session, &sources, &job->options, error));
  job->batch = count;
  job->empty = empty;
  job->searching = true;
  return RC_OK;
}

rc_status translator_job_step(translator_job *job, int *found, rc_error *error) {
  *found = job->found = 0;
  if (!job->searching) {
    const int done = job->first + job->next + job->batch;
    return done < job->text.count ? begin_batch(job, error) : RC_OK;
  }
  if (translator_step(&job->session)) return RC_OK;
  job->searching = false;
  RC_TRY(translator_finish(&job->session, &job->results, error));
  *found = job->found = job->batch;
  return RC_OK;
}

static translated_sentence sentence_at(const translator_job *job, int index) {
  const int at = job->next + index;
  return (translated_sentence){.sentence = job->order[at],
                               .length = job->lengths[at],
                               .ids = job->ids + job->starts[at],
                               .cut = job->cut[at]};
}

translated_sentence translator_job_found(const translator_job *job, int index) {
  translated_sentence found = sentence_at(job, index);
  if (index >= job->empty) {
    found.results = job->results + (ptrdiff_t)(index - job->empty) * job->options.nbest;
  }
  return found;
}

int translator_job_open(const translator_job *job) {
  return job->searching ? job->batch : 0;
}

translated_sentence translator_job_peek(translator_job *job, int index, translation *best) {
  translated_sentence open = sentence_at(job, index);
  if (index < job->empty) return open;
  *best = translator_peek(&job->session, index - job->empty);
  open.results = best;
  return open;
}
