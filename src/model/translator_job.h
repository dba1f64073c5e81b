#ifndef RECUR_TRANSLATOR_JOB_H
#define RECUR_TRANSLATOR_JOB_H

#include "translator_file.h"
#include "translator_sentences.h"

/* A whole text to its translation, in steps, for a host with other things to do between them:
 *
 *   RC_TRY(translator_job_begin(&job, text, &options, &error));
 *   for (int found, left = job.text.count; left > 0; left -= found) {
 *     RC_TRY(translator_job_step(&job, &found, &error));
 *     for (int i = 0; i < found; i++) ... translator_job_found(&job, i) ...
 *   }
 *
 * Sentences are translated many at once, in batches of like length, so they are found in another
 * order than that of the text; what is found does not depend on that. */

enum { TRANSLATOR_JOB_BATCH = 32 }; /* sentences at once */

typedef struct translator_job {
  const translator_model *model; /* the caller's */
  translator_options options;
  passage text;
  int first;                   /* of the text, */
  translator_sentences window; /* and those from there on that are read */
  sentence_batch batch;        /* under way, or found last */
  int found;                   /* by the last step: the batch, or none */
  bool searching;
  const translation *results;
  translator_session session;
} translator_job;

/* A job of nothing, for any number of texts one after another, whose memory grows to the largest.
 */
translator_job translator_job_of(const translator_model *model);
void translator_job_end(translator_job *job);

/* Gives up what was under way. The text may go. RC_ERR_RANGE for one that is too long,
 * RC_ERR_ARGUMENT for options that make no sense (with the first step). */
rc_status translator_job_begin(translator_job *job, utf8_text text,
                               const translator_options *options, rc_error *error);

/* *found: how many sentences this step completed, mostly none. */
rc_status translator_job_step(translator_job *job, int *found, rc_error *error);

typedef struct translated_sentence {
  int sentence;   /* of job->text */
  int length;     /* tokens, the end counted */
  const int *ids; /* [length] */
  bool cut;       /* the sentence is longer than its tokens */
  /* [options.nbest], best first; NULL: there was nothing to translate */
  const translation *results;
} translated_sentence;

/* The index-th of those that the last step found; holds until the next step. */
translated_sentence translator_job_found(const translator_job *job, int index);

/* The sentences under way: how many, and the best so far for the index-th, without attention; holds
 * until the next call. */
int translator_job_open(const translator_job *job);
translated_sentence translator_job_peek(translator_job *job, int index, translation *best);

#endif
