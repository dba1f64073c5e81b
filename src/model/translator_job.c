#include "translator_job.h"

/* So many sentences are sorted by length at once: those of a batch are then much alike, and early
 * sentences are found early. A batch has so few tokens that a step is short. */
enum { WINDOW = 8 * TRANSLATOR_JOB_BATCH, BATCH_TOKENS = 1024 };

translator_job translator_job_of(const translator_model *model) {
  return (translator_job){.model = model, .session = translator_session_begin(model->weights)};
}

void translator_job_end(translator_job *job) {
  translator_session_end(&job->session);
  passage_free(&job->text);
  translator_sentences_free(&job->window);
  *job = (translator_job){0};
}

rc_status translator_job_begin(translator_job *job, utf8_text text,
                               const translator_options *options, rc_error *error) {
  passage_free(&job->text);
  job->first = job->window.count = job->found = 0;
  job->batch = (sentence_batch){0};
  job->searching = false;
  job->options = *options;
  return passage_read(&job->text, text, PASSAGE_WHOLE, &job->model->layer, error);
}

static rc_status open_window(translator_job *job, rc_error *error) {
  job->first += job->window.count;
  job->batch = (sentence_batch){0};
  const int left = job->text.count - job->first;
  return translator_sentences_read(
      &job->window, job->model->source, translator_longest_source(&job->model->net),
      job->text.sentences + job->first, left < WINDOW ? left : WINDOW, error);
}

static rc_status begin_batch(translator_job *job, rc_error *error) {
  int next = job->batch.first + job->batch.count;
  /* On failure nothing is under way, and the next step begins here again. */
  job->batch = (sentence_batch){.first = next};
  if (next == job->window.count) {
    RC_TRY(open_window(job, error));
    next = 0;
  }
  const sentence_batch batch =
      translator_sentences_batch(&job->window, next, TRANSLATOR_JOB_BATCH, BATCH_TOKENS);
  const translator_sources sources = translator_sentences_sources(&job->window, &batch);
  RC_TRY(translator_begin(&job->session, &sources, &job->options, error));
  job->batch = batch;
  job->searching = true;
  return RC_OK;
}

rc_status translator_job_step(translator_job *job, int *found, rc_error *error) {
  *found = job->found = 0;
  if (!job->searching) {
    const int done = job->first + job->batch.first + job->batch.count;
    return done < job->text.count ? begin_batch(job, error) : RC_OK;
  }
  if (translator_step(&job->session)) return RC_OK;
  job->searching = false;
  RC_TRY(translator_finish(&job->session, &job->results, error));
  *found = job->found = job->batch.count;
  return RC_OK;
}

static translated_sentence sentence_at(const translator_job *job, int index) {
  const translator_sentences *w = &job->window;
  const int at = job->batch.first + index;
  return (translated_sentence){.sentence = job->first + w->order[at],
                               .length = w->lengths[at],
                               .ids = w->ids + w->starts[at],
                               .cut = w->cut[at]};
}

translated_sentence translator_job_found(const translator_job *job, int index) {
  translated_sentence found = sentence_at(job, index);
  if (index >= job->batch.empty) {
    found.results = job->results + (ptrdiff_t)(index - job->batch.empty) * job->options.nbest;
  }
  return found;
}

int translator_job_open(const translator_job *job) {
  return job->searching ? job->batch.count : 0;
}

translated_sentence translator_job_peek(translator_job *job, int index, translation *best) {
  translated_sentence open = sentence_at(job, index);
  if (index < job->batch.empty) return open;
  *best = translator_peek(&job->session, index - job->batch.empty);
  open.results = best;
  return open;
}
