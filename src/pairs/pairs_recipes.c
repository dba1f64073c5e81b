#include "pairs_recipes.h"

#include "data_files.h"
#include "translator_vocabulary.h"

const char *const pairs_recipe_names[] = {
    [PAIRS_BEST] = "best", [PAIRS_SMALL] = "small", [PAIRS_TUTORIAL] = "tutorial", NULL};

static const pairs_settings BEST = {
    .languages = "en-fr",
    .text_kind = TRANSLATOR_SUBWORDS,
    .text_layer = PAIRS_LAYER_INHERIT,
    .vocabulary = 8000,
    .character_min = 3,
    .bpe_dropout = 0.1,
    .memory = 4096,
    .longest = 100,
    .embedding = 256,
    .hidden = 512,
    .encoder_hidden = 256,
    .layers = 1,
    .directions = 2,
    .bridge = 1,
    .order = TRANSLATOR_STATE_FIRST,
    .attention = TRANSLATOR_GENERAL,
    .attentional = 256,
    .input_feeding = 1,
    .tying = TRANSLATOR_TIED_ALL,
    .dropout = 0.3,
    .dropout_embedding = 0.1,
    .tokens = 4096,
    .teacher_forcing = 1,
    .schedule = RUN_PLATEAU,
    .warmup = 400,
    .candidates = 8,
    .metric = SENTENCE_BLEU,
    .sharpness = 1,
    .likelihood = 0.3,
    .decay = 0.5,
    .decay_after = 1,
    .snapshots = 4,
    .optimizer = OPTIMIZER_ADAM,
    .epochs = 30,
    .lr = 1e-3,
    .beta2 = 0.999,
    .clip = 1,
    .smoothing = 0.1,
    .seed = 1,
    .run = {.patience = 5,
            .keep = RUN_KEEP_BEST,
            .out = "translator.gguf",
            .checkpoint_every = 300},
};

/* AttnDecoderRNN of PyTorch's tutorial "NLP From Scratch: Translation with a Sequence to Sequence
 * Network and Attention", and how it is trained there. */
static void follow_tutorial(pairs_settings *s) {
  s->text_kind = TRANSLATOR_WORDS;
  s->text_layer = PAIRS_LAYER_NO;
  s->vocabularies = 1;
  s->bpe_dropout = 0;
  s->longest = 10;
  s->hidden = s->encoder_hidden = 256;
  s->directions = 1;
  s->bridge = 0;
  s->order = TRANSLATOR_ATTENTION_FIRST;
  s->attention = TRANSLATOR_LOCATION;
  s->input_feeding = 0;
  s->tying = TRANSLATOR_UNTIED;
  s->dropout = 0;
  s->iterations = 75000;
  s->epochs = 1;
  s->teacher_forcing = 0.5;
  s->optimizer = OPTIMIZER_SGD;
  s->schedule = SCHEDULE_CONSTANT;
  s->warmup = 0;
  s->lr = 0.01;
  s->clip = 0;
  s->smoothing = 0;
  s->run.evaluate_every = 1000;
  s->run.patience = 0;
  s->run.keep = 0;
  s->snapshots = 1;
  s->attention_maps = 1;
}

/* For a few hundred sentences of few words. */
static void start_small(pairs_settings *s) {
  s->vocabulary = 440;
  s->bpe_dropout = 0;
  s->embedding = s->attentional = s->encoder_hidden = 32;
  s->hidden = 64;
  s->dropout = 0.1;
  s->epochs = 40;
  s->tokens = 512;
  s->warmup = 40;
  s->lr = 1e-2;
}

/* For the written pairs, 338,000 of all kinds, each of which says something new: five hours
 * on two cores. */
static void start_own(pairs_settings *s) {
  s->noise = 0.05;
  s->bpe_dropout = 0.05;
  s->dropout = 0.2;
  s->epochs = 7;
  s->schedule = SCHEDULE_COSINE;
  s->warmup = 300;
  s->lr = 1.5e-3;
  s->run.patience = 0;
}

pairs_settings pairs_recipe_settings(pairs_recipe recipe, bool own) {
  pairs_settings s = BEST;
  s.recipe = recipe;
  if (recipe == PAIRS_TUTORIAL) {
    follow_tutorial(&s);
  } else if (recipe == PAIRS_SMALL) {
    start_small(&s);
  } else if (own) {
    start_own(&s);
  }
  return s;
}

const char *pairs_recipe_use_own(pairs_settings *s) {
  const bool sample = s->recipe == PAIRS_SMALL;
  char **found = s->found;
  s->own = true;
  if (sample) {
    found[0] = data_files_find("sample/eng-fra.tsv");
    s->data.count = found[0] != NULL;
  } else {
    s->data.count = data_files_list("pairs", found, OPTION_TEXTS_MAX);
  }
  if (s->data.count == 0) return "the pairs that come along are not to be found: give --data";
  for (int i = 0; i < s->data.count; i++) s->data.items[i] = found[i];
  if (s->run.dev == NULL && s->recipe != PAIRS_TUTORIAL) {
    s->run.dev = found[OPTION_TEXTS_MAX] =
        data_files_find(sample ? "sample/eng-fra.dev.tsv" : "pairs/everyday.dev.tsv");
  }
  return NULL;
}
