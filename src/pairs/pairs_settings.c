#include "pairs_settings.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "normalize.h"
#include "pairs_recipes.h"
#include "threads.h"
#include "translator_vocabulary.h"
#include "utf8.h"

static const char *const VOCABULARIES[] = {"joint", "separate", NULL};
static const char *const TEXTS[] = {
    [TRANSLATOR_SUBWORDS] = "subwords", [TRANSLATOR_WORDS] = "words", NULL};
static const char *const LAYERS[] = {
    [PAIRS_LAYER_NO] = "no", [PAIRS_LAYER_YES] = "yes", [PAIRS_LAYER_INHERIT] = "inherit", NULL};
static const char *const ORDERS[] = {[TRANSLATOR_STATE_FIRST] = "state-first",
                                     [TRANSLATOR_ATTENTION_FIRST] = "attention-first",
                                     NULL};
static const char *const ATTENTIONS[] = {
    [TRANSLATOR_DOT] = "dot",           [TRANSLATOR_SCALED_DOT] = "scaled-dot",
    [TRANSLATOR_GENERAL] = "general",   [TRANSLATOR_ADDITIVE] = "additive",
    [TRANSLATOR_LOCATION] = "location", NULL};
static const char *const TYINGS[] = {[TRANSLATOR_UNTIED] = "none",
                                     [TRANSLATOR_TIED_OUTPUT] = "output",
                                     [TRANSLATOR_TIED_ALL] = "all",
                                     NULL};
static const char *const OBJECTIVES[] = {"likelihood", "risk", NULL};
static const char *const METRICS[] = {[SENTENCE_CHRF] = "chrf", [SENTENCE_BLEU] = "bleu", NULL};

static const char USAGE[] = "[--data FILE... [--dev FILE]] [--out FILE] [options]";
static const char SUMMARY[] =
    "Trains a network that translates sentences: a recurrent encoder and decoder with attention, "
    "over subwords that it learns from the data. Data files hold one \"source<TAB>target\" a line, "
    "UTF-8. Without --data it trains on the 338,000 English-French pairs that come along, in about "
    "five hours on two cores, or with --recipe small on a few sample sentences, in "
    "seconds. Beside "
    "--help, --data and --recipe show their own defaults.";
static const char EXAMPLES[] =
    "train translate\n"
    "# the pairs that come along: four hours\n"
    "train translate --recipe small\n"
    "# a few sample sentences, a small network, seconds\n"
    "train translate --data train.tsv --dev dev.tsv --out en-fr.gguf --report en-fr.html\n"
    "# your own data\n"
    "train translate --data train.tsv --data back.tsv:0.5 --dev dev.tsv --out en-fr.gguf\n"
    "# further pairs, half of which are drawn for each epoch\n"
    "train translate --init en-fr.gguf --data special.tsv --dev dev.tsv --lr 1e-4 --out fine.gguf\n"
    "# go on from trained weights on other data\n"
    "train translate --init en-fr.gguf --data train.tsv --dev dev.tsv --objective risk --lr 1e-4 "
    "--precision bf16 --out risk.gguf\n"
    "# fine-tune for BLEU\n"
    "train translate --recipe tutorial --data eng-fra.tutorial.tsv --out en-fr-tutorial.gguf\n"
    "# the classic sequence-to-sequence tutorial, over whole words\n"
    "nohup train translate --data train.tsv --dev dev.tsv --log run.jsonl &\n"
    "# in the background; the same command with --resume goes on after an interruption";

/* Options that do not decide the weights. */
static const char *const OTHERS[] = {"epochs", "patience", "attention-maps", "memory", NULL};

/* "FILE:0.5" is FILE with a weight; a file whose name ends so can be given as "FILE:1". */
static rc_status split_data(pairs_settings *s, rc_error *error) {
  for (int i = 0; i < s->data.count; i++) {
    const char *text = s->data.items[i], *colon = strrchr(text, ':');
    size_t length = strlen(text);
    s->weights[i] = 1;
    if (colon != NULL && colon > text) {
      char *end;
      double weight = strtod(colon + 1, &end);
      if (end != colon + 1 && *end == '\0') {
        if (!(weight > 0 && weight <= 100)) {
          return rc_fail(error, RC_ERR_ARGUMENT, "a weight of --data lies above 0, at most at 100");
        }
        s->weights[i] = weight;
        length = (size_t)(colon - text);
      }
    }
    s->paths[i] = strndup(text, length);
    if (s->paths[i] == NULL) return rc_fail(error, RC_ERR_MEMORY, "out of memory");
  }
  return RC_OK;
}

static const char *split_languages(pairs_settings *s) {
  const char *dash = strchr(s->languages, '-');
  size_t room = sizeof s->source_language - 1;
  size_t source = dash == NULL ? 0 : (size_t)(dash - s->languages);
  size_t target = dash == NULL ? 0 : strlen(dash + 1);
  if (source == 0 || target == 0 || source > room || target > room ||
      utf8_check(s->languages, strlen(s->languages), NULL) != RC_OK) {
    return "--languages is two short names, such as en-fr";
  }
  memcpy(s->source_language, s->languages, source);
  memcpy(s->target_language, dash + 1, target);
  return NULL;
}

static bool any_given(const program_spec *spec, const char *const *names, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (options_given(spec, names[i])) return true;
  }
  return false;
}

/* Options that say nothing without others, or something else than others. */
static const char *conflict(const pairs_settings *s, const program_spec *spec) {
  static const char *const of_vocabularies[] = {"vocabulary", "vocabularies", "character-min",
                                                "text"};
  static const char *const of_subwords[] = {"vocabulary", "vocabularies", "character-min",
                                            "bpe-dropout"};
  static const char *const of_network[] = {"layers",        "directions", "bridge",
                                           "attention",     "tying",      "vocabularies-of",
                                           "input-feeding", "order"};
  static const char *const of_risk[] = {"candidates", "metric", "sharpness", "likelihood"};
  if (pairs_settings_base(s) != NULL &&
      any_given(spec, of_vocabularies, sizeof of_vocabularies / sizeof *of_vocabularies)) {
    return "--init and --vocabularies-of have vocabularies: leave out the options that choose them";
  }
  if (s->init != NULL && any_given(spec, of_network, sizeof of_network / sizeof *of_network)) {
    return "--init has its network and vocabularies: leave out the options that choose them, but "
           "for sizes to grow to";
  }
  if (s->text_kind == TRANSLATOR_WORDS &&
      any_given(spec, of_subwords, sizeof of_subwords / sizeof *of_subwords)) {
    return "--vocabulary, --vocabularies, --character-min and --bpe-dropout are of --text subwords";
  }
  if (s->text_kind == TRANSLATOR_WORDS && s->text_layer == PAIRS_LAYER_YES) {
    return "--text-layer is of --text subwords";
  }
  if (s->iterations > 0 && options_given(spec, "tokens")) {
    return "--iterations takes one pair a step: leave out --tokens";
  }
  if (s->iterations > 0 && s->objective == 1) {
    return "--objective risk takes batches: leave out --iterations";
  }
  if (s->objective == 1 && s->sampled_softmax > 0) {
    return "--objective risk needs all output tokens: leave out --sampled-softmax";
  }
  if (s->objective == 0 && any_given(spec, of_risk, sizeof of_risk / sizeof *of_risk)) {
    return "--candidates, --metric, --sharpness and --likelihood need --objective risk";
  }
  if (s->run.dev == NULL && s->schedule == RUN_PLATEAU && options_given(spec, "schedule")) {
    return "--schedule plateau needs --dev";
  }
  if (s->tying == TRANSLATOR_TIED_ALL && s->vocabularies == 1) {
    return "--tying all needs --vocabularies joint";
  }
  return NULL;
}

/* With --init a size that is not given is that of the file: 0. */
static void size_as_given(const program_spec *spec, const char *name, int *size) {
  if (!options_given(spec, name)) *size = 0;
}

/* Defaults that follow from what was given. */
static void fill_in(pairs_settings *s, const program_spec *spec) {
  if (s->run.dev == NULL) {
    s->run.patience = 0;
    if (!options_given(spec, "keep")) s->run.keep = RUN_KEEP_LAST;
    if (s->schedule == RUN_PLATEAU && !options_given(spec, "schedule")) {
      s->schedule = SCHEDULE_INVERSE_SQRT;
    }
  }
  bool asks_first = s->order == TRANSLATOR_ATTENTION_FIRST;
  if (asks_first && !options_given(spec, "input-feeding")) s->input_feeding = 0;
  if (s->text_kind == TRANSLATOR_WORDS) {
    s->vocabularies = 1;
    s->bpe_dropout = 0;
    if (!options_given(spec, "text-layer")) s->text_layer = PAIRS_LAYER_NO;
  }
  if (s->init != NULL) {
    size_as_given(spec, "embedding", &s->embedding);
    size_as_given(spec, "hidden", &s->hidden);
    size_as_given(spec, "encoder-hidden", &s->encoder_hidden);
    size_as_given(spec, "attentional", &s->attentional);
    return;
  }
  if (options_given(spec, "tying")) return;
  if (s->vocabularies == 1 && s->tying == TRANSLATOR_TIED_ALL) s->tying = TRANSLATOR_TIED_OUTPUT;
  if ((asks_first ? s->hidden : s->attentional) != s->embedding) s->tying = TRANSLATOR_UNTIED;
}

static rc_status settle(void *settings, const program_spec *spec, rc_error *error) {
  pairs_settings *s = settings;
  const char *wrong = s->data.count == 0 ? pairs_recipe_use_own(s) : NULL;
  fill_in(s, spec);
  if (wrong == NULL) wrong = conflict(s, spec);
  if (wrong == NULL) wrong = split_languages(s);
  if (wrong != NULL) return rc_fail(error, RC_ERR_ARGUMENT, "%s", wrong);
  RC_TRY(split_data(s, error));
  if (s->iterations > 0 && pairs_settings_streams(s)) {
    return rc_fail(error, RC_ERR_ARGUMENT, "--iterations draws from all pairs: give more --memory");
  }
  RC_TRY(run_settings_check_input(&s->run, (const char *const *)s->paths, s->data.count, error));
  if (s->init != NULL) return RC_OK;
  /* Vocabularies are not known yet, but what options ask of each other depends on none. */
  translator net;
  const translator_config network = pairs_settings_network(s, s->vocabulary, s->vocabulary);
  return translator_build(&net, &network, error);
}

static void add_data_options(option_table *table, pairs_settings *s) {
  const program_option options[] = {
      OPTION_GROUP("Data"),
      OPTION_TEXTS("data", 'd', &s->data, "FILE[:WEIGHT]",
                   "pairs to train on, source<TAB>target a line; may be repeated. A weight is how "
                   "often an epoch has each pair: 0.5 draws half of them, 2 has all twice"),
      OPTION_TEXT("dev", 0, &s->run.dev, "FILE",
                  "pairs to translate and score while training; what comes along has its own"),
      OPTION_TEXT("languages", 0, &s->languages, "NAMES",
                  "source and target; fr as the target is written with French spacing"),
      OPTION_CHOICE("text", 0, &s->text_kind, TEXTS,
                    "what tokens are: subwords, learnt by byte-pair encoding, or whole words, in "
                    "lower case and without accents, as the tutorial has them"),
      OPTION_CHOICE("text-layer", 0, &s->text_layer, LAYERS,
                    "what is not language is copied: links, numbers, emoji, code and unknown names "
                    "become numbered placeholders, and capitals marks beside the words; inherit "
                    "does as the file of --init or --vocabularies-of does"),
      OPTION_REAL("noise", 0, &s->noise, 0, 1,
                  "share of the sources that are typed carelessly: without capitals, apostrophes "
                  "or full stop, with slips; drawn anew for each epoch"),
      OPTION_INT("vocabulary", 'v', &s->vocabulary, 260, BPE_TOKENS_MAX,
                 "subwords to learn, bytes and specials included"),
      OPTION_CHOICE("vocabularies", 0, &s->vocabularies, VOCABULARIES,
                    "one for both languages, or one for each"),
      OPTION_TEXT("vocabularies-of", 0, &s->vocabularies_of, "FILE",
                  "take the vocabularies of this weight file instead: networks that share them can "
                  "translate together"),
      OPTION_INT("character-min", 0, &s->character_min, 1, 1000000,
                 "rarer characters have no token and are spelt in bytes"),
      OPTION_REAL("bpe-dropout", 0, &s->bpe_dropout, 0, 0.9,
                  "share of merges left out while training, so that words are cut in many ways"),
      OPTION_INT("longest", 0, &s->longest, 2, TRANSLATOR_LENGTH_MAX,
                 "pairs with more tokens on a side, the end counted, are left out"),
      OPTION_REAL(
          "ratio", 0, &s->ratio, 0, 1000,
          "pairs of --data whose longer side has more than so many times the characters of "
          "the shorter and ten more, or whose sides are the same, are left out; 0 for none"),
      OPTION_CHOICE("unique", 0, &s->unique, option_no_yes,
                    "leave out pairs of --data that came before, in the same file or another"),
      OPTION_REAL(
          "memory", 0, &s->memory, 0.01, 1e7,
          "MiB for pairs. Files of more than a tenth of it are read in parts: in pieces, whose "
          "order is drawn for each epoch, as many together as fit, which are shuffled and cut into "
          "batches. Vocabularies are then learnt from a sample, and --unique compares hashes, "
          "which take 8 bytes a pair on the disk of --out"),
  };
  options_add(table, options, OPTION_COUNT(options));
}

static void add_network_options(option_table *table, pairs_settings *s) {
  const program_option options[] = {
      OPTION_GROUP("Network"),
      OPTION_INT("embedding", 0, &s->embedding, 1, TRANSLATOR_HIDDEN_MAX, "size of the embeddings"),
      OPTION_INT("hidden", 0, &s->hidden, 1, TRANSLATOR_HIDDEN_MAX, "hidden size of the decoder"),
      OPTION_INT("encoder-hidden", 0, &s->encoder_hidden, 1, TRANSLATOR_HIDDEN_MAX,
                 "hidden size of each layer and direction of the encoder"),
      OPTION_INT("layers", 0, &s->layers, 1, RECURRENT_LAYERS_MAX, "layers of the encoder"),
      OPTION_INT("directions", 0, &s->directions, 1, 2, "of the encoder: 1 forward, 2 also back"),
      OPTION_CHOICE("bridge", 0, &s->bridge, option_no_yes,
                    "a layer between the encoder's last states and the decoder's first"),
      OPTION_CHOICE("order", 0, &s->order, ORDERS,
                    "of a step of the decoder: the new state asks what to attend to, or the state "
                    "before, and the new state reads the answer, as in the tutorial"),
      OPTION_CHOICE("attention", 0, &s->attention, ATTENTIONS,
                    "score of a source position: the product of the states, scaled, or with a "
                    "layer between them; a layer over both; or location, which looks at the "
                    "decoder alone and has a weight for each of --longest positions"),
      OPTION_INT("attentional", 0, &s->attentional, 0, TRANSLATOR_HIDDEN_MAX,
                 "size of the layer over state and context, or with attention first over token and "
                 "context; 0 for none"),
      OPTION_CHOICE("input-feeding", 0, &s->input_feeding, option_no_yes,
                    "whether the decoder reads that layer's last output"),
      OPTION_CHOICE("lexical", 0, &s->lexical, option_no_yes,
                    "whether the words attended to say, each by itself, what they become; with "
                    "--init a network without that learns it, with no it stays as it is"),
      OPTION_CHOICE(
          "tying", 0, &s->tying, TYINGS,
          "which matrices are one: target embedding and output, or all embeddings; "
          "needs --attentional as large as --embedding, or --hidden with attention first"),
      OPTION_REAL("dropout", 0, &s->dropout, 0, 0.95,
                  "dropout between layers and before the output"),
      OPTION_REAL("dropout-embedding", 0, &s->dropout_embedding, 0, 0.95,
                  "dropout on the embedded tokens, with attention first on the target's alone"),
  };
  options_add(table, options, OPTION_COUNT(options));
}

static void add_training_options(option_table *table, pairs_settings *s) {
  run_settings *run = &s->run;
  const program_option options[] = {
      OPTION_GROUP("Training"),
      OPTION_CHOICE("recipe", 0, &s->recipe, pairs_recipe_names,
                    "where all other defaults come from: the best found, a small network for a few "
                    "hundred sentences, or PyTorch's sequence-to-sequence tutorial; beside --help "
                    "it shows its own"),
      OPTION_TEXT("init", 0, &s->init, "FILE",
                  "begin with the weights and vocabularies of this file (f32 or f16). With "
                  "--embedding, --hidden, --encoder-hidden or --attentional as a wider network "
                  "that says the same at first"),
      RUN_OPTION_EPOCHS(s),
      OPTION_INT("iterations", 'i', &s->iterations, 0, 100000000,
                 "pairs drawn at random, one a step, that make an epoch; 0: all pairs do, in "
                 "batches"),
      OPTION_INT("tokens", 'b', &s->tokens, 16, 1 << 20,
                 "of a step at most: pairs times the longest source and target"),
      OPTION_REAL("teacher-forcing", 0, &s->teacher_forcing, 0, 1,
                  "share of the pairs whose decoder reads the right words while it learns; in the "
                  "others it reads its own, until it says that the sentence ends"),
      OPTION_CHOICE(
          "round", 0, &s->round, weight_rounding_names,
          "compute with weights as --type q5_0 or q4_0 of train convert will store them, "
          "so that the network learns to say the same with these; at the end of training"),
      OPTION_INT(
          "sampled-softmax", 0, &s->sampled_softmax, 0, BPE_TOKENS_MAX,
          "a step chooses between the output tokens that its pairs have and so many others, "
          "the commonest and as many drawn at random, which stand for the rest: faster where "
          "there are many times as many; 0 for all"),
      RUN_OPTIONS_RATE(s),
      OPTION_CHOICE(
          "schedule", 0, &s->schedule, run_schedules_plateau,
          "course of the learning rate; plateau: times --decay when neither BLEU nor loss get "
          "better on dev"),
      OPTION_INT("warmup", 0, &s->warmup, 0, 1000000,
                 "steps over which the learning rate rises from 0"),
      OPTION_REAL("decay", 0, &s->decay, 0.01, 1, "factor of the learning rate on a plateau"),
      OPTION_INT("decay-after", 0, &s->decay_after, 1, 1000,
                 "evaluations without a better BLEU or loss that make a plateau"),
      OPTION_INT("patience", 0, &run->patience, 0, 1000,
                 "evaluations without a better BLEU or loss that end the training; 0 for never"),
      OPTION_INT("evaluate-every", 0, &run->evaluate_every, 0, 100000000,
                 "steps between evaluations on --dev; 0 for once an epoch"),
      RUN_OPTIONS_UPDATE(s),
      RUN_OPTION_AVERAGE(s),
      RUN_OPTION_KEEP(run),
      OPTION_INT("snapshots", 0, &s->snapshots, 1, PAIRS_SNAPSHOTS_MAX,
                 "so many are averaged at the end, unless the best alone scores better"),
      RUN_OPTIONS_MACHINE(run, s),
  };
  options_add(table, options, OPTION_COUNT(options));
}

static void add_risk_options(option_table *table, pairs_settings *s) {
  const program_option options[] = {
      OPTION_GROUP("Fine-tuning for the score of what is translated, with --init"),
      OPTION_CHOICE("objective", 0, &s->objective, OBJECTIVES,
                    "risk: the expected cost, 1 less the score, of the network's own translations; "
                    "the loss that is shown is this"),
      OPTION_INT("candidates", 0, &s->candidates, 2, TRANSLATOR_BEAM_MAX,
                 "translations of each source, the n-best of a beam of the weights of the step"),
      OPTION_CHOICE("metric", 0, &s->metric, METRICS, "score of a translation against its target"),
      OPTION_REAL("sharpness", 0, &s->sharpness, 1e-6, 100,
                  "exponent of the probabilities by which the candidates count"),
      OPTION_REAL("likelihood", 0, &s->likelihood, 0, 1,
                  "weight of the targets' cross-entropy beside the risk, which has the rest"),
  };
  options_add(table, options, OPTION_COUNT(options));
}

static void add_file_options(option_table *table, pairs_settings *s) {
  run_settings *run = &s->run;
  const program_option options[] = {
      OPTION_GROUP("Files"),
      RUN_OPTIONS_OUT(run, "HTML page with curves and sample translations"),
      OPTION_CHOICE("attention-maps", 0, &s->attention_maps, option_no_yes,
                    "write the attention of sample sentences as SVG files beside --out"),
      RUN_OPTIONS_RESUME(run),
      RUN_OPTIONS_FILE(run),
  };
  options_add(table, options, OPTION_COUNT(options));
}

static const run_command COMMAND = {.spec = {.program = "train translate",
                                             .usage = USAGE,
                                             .summary = SUMMARY,
                                             .examples = EXAMPLES},
                                    .others = OTHERS,
                                    .settle = settle};

static bool parse(pairs_settings *s, int argc, char **argv, int *code) {
  option_table table = {.count = 0};
  add_data_options(&table, s);
  add_network_options(&table, s);
  add_training_options(&table, s);
  add_risk_options(&table, s);
  add_file_options(&table, s);
  return run_settings_read(&COMMAND, &table, s, &s->run, argc, argv, code);
}

bool pairs_settings_parse(pairs_settings *s, int argc, char **argv, int *code) {
  /* Once to learn the recipe and whether there are data, once more over the defaults for them. */
  *s = pairs_recipe_settings(PAIRS_BEST, false);
  parse(s, argc, argv, NULL);
  *s = pairs_recipe_settings((pairs_recipe)s->recipe, s->data.count == 0);
  return parse(s, argc, argv, code);
}

void pairs_settings_free(pairs_settings *s) {
  for (int i = 0; i < OPTION_TEXTS_MAX; i++) free(s->paths[i]);
  for (int i = 0; i <= OPTION_TEXTS_MAX; i++) free(s->found[i]);
}

const char *pairs_settings_base(const pairs_settings *s) {
  return s->init != NULL ? s->init : s->vocabularies_of;
}

bool pairs_settings_streams(const pairs_settings *s) {
  enum { MEBIBYTE = 1 << 20, NEED = 10 /* times its bytes, of a set that is held whole */ };
  size_t largest, bytes = pair_pieces_size((const char *const *)s->paths, s->data.count, &largest);
  const bool large = (double)bytes * NEED > s->memory * MEBIBYTE || largest > INT_MAX;
  return bytes != SIZE_MAX && large;
}

bool pairs_settings_french(const pairs_settings *s) {
  return language_is_french(s->target_language);
}

translator_config pairs_settings_network(const pairs_settings *s, int source_tokens,
                                         int target_tokens) {
  return (translator_config){
      .source_vocabulary = source_tokens,
      .target_vocabulary = target_tokens,
      .embedding = s->embedding,
      .hidden = s->hidden,
      .encoder_hidden = s->encoder_hidden,
      .encoder_layers = s->layers,
      .encoder_directions = s->directions,
      .bridge = s->bridge == 1,
      .order = (translator_order)s->order,
      .attention = (translator_attention)s->attention,
      .positions = s->attention == TRANSLATOR_LOCATION ? s->longest : 0,
      .attentional = s->attentional,
      .input_feeding = s->input_feeding == 1,
      .lexical = s->lexical == 1,
      .tying = (translator_tying)s->tying,
      .dropout_embedding = (real)s->dropout_embedding,
      .dropout_layers = (real)s->dropout,
      .dropout_attentional = (real)s->dropout,
  };
}

pairs_task_options pairs_settings_task(const pairs_settings *s) {
  return (pairs_task_options){
      .tokens = s->tokens,
      .length = s->longest,
      .bpe_dropout = (float)s->bpe_dropout,
      .noise = (float)s->noise,
      .smoothing = (real)s->smoothing,
      .sampled_softmax = s->sampled_softmax,
      .free_running = (real)(1 - s->teacher_forcing),
      .iterations = s->iterations,
      .risk = {.candidates = s->objective == 1 ? s->candidates : 0,
               .metric = (sentence_metric)s->metric,
               .sharpness = s->sharpness,
               .likelihood = s->likelihood},
  };
}

trainer_options pairs_settings_training(const pairs_settings *s) {
  return (trainer_options){
      .optimizer = (optimizer_kind)s->optimizer,
      .schedule = {.kind =
                       s->schedule == RUN_PLATEAU ? SCHEDULE_CONSTANT : (schedule_kind)s->schedule,
                   .peak = (real)s->lr,
                   .warmup = s->warmup},
      .beta2 = (real)s->beta2,
      .weight_decay = (real)s->weight_decay,
      .clip = (real)s->clip,
      .average = (real)s->average,
      .rounding = weight_rounding(s->round),
      .threads = threads_wanted(s->run.threads),
      .seed = s->seed,
  };
}
