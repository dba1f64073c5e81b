#include "pairs_recipes.h"

#include "translator_vocabulary.h"

const char *const pairs_recipe_names[] = {
    [PAIRS_BEST] = "best", [PAIRS_TUTORIAL] = "tutorial", NULL};

const char pairs_sample[] = "data/sample/eng-fra.tsv";
static const char SAMPLE_DEV[] = "data/sample/eng-fra.dev.tsv";

static const pairs_settings BEST = {
    .languages = "en-fr",
    .text_kind = TRANSLATOR_SUBWORDS,
    .text_layer = PAIRS_LAYER_INHERIT,
    .vocabulary = 8000,
    .character_min = 3,
    .bpe_dropout = 0.1,
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
    .epochs = 30,
    .tokens = 4096,
    .teacher_forcing = 1,
    .schedule = PAIRS_PLATEAU,
    .warmup = 400,
    .lr = 1e-3,
    .beta2 = 0.999,
    .clip = 1,
    .smoothing = 0.1,
    .candidates = 8,
    .metric = SENTENCE_BLEU,
    .sharpness = 1,
    .likelihood = 0.3,
    .decay = 0.5,
    .decay_after = 1,
    .patience = 5,
    .keep = 1,
    .snapshots = 4,
    .seed = 1,
    .out = "translator.gguf",
    .checkpoint_every = 300,
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
  s->optimizer = PAIRS_SGD;
  s->schedule = PAIRS_CONSTANT;
  s->warmup = 0;
  s->lr = 0.01;
  s->clip = 0;
  s->smoothing = 0;
  s->evaluate_every = 1000;
  s->patience = 0;
  s->keep = 0;
  s->snapshots = 1;
  s->attention_maps = 1;
}

/* On the few sentences of the sample. */
static void start_small(pairs_settings *s) {
  s->dev = SAMPLE_DEV;
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

pairs_settings pairs_recipe_settings(pairs_recipe recipe, bool sample) {
  pairs_settings s = BEST;
  s.recipe = recipe;
  if (recipe == PAIRS_TUTORIAL) {
    follow_tutorial(&s);
    if (sample) s.iterations = 5000;
  } else if (sample) {
    start_small(&s);
  }
  return s;
}
