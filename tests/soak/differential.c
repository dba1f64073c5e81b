/* Random networks on every variant of the kernels that runs here, beside the reference:
 *
 *   differential [--cases N] [--seed S] [--print]
 *
 * --print: of each case, what the reference computes, for a comparison with another machine. Half
 * of the networks are classifiers, half translators; case number n depends on S and n alone, and
 * --case n runs that one. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "differ.h"
#include "variants.h"

enum { VARIANTS_MAX = 16, MEMORY = 96 << 20, SCRATCH = 64 << 20 };

/* What a value may be off, absolutely. Sums in another order and other approximations of tanh and
 * exp move the last bits of f32, and long sentences carry them along. In int8 these bits rarely
 * move a value across the middle between two of 127 steps, which the next products see. A gradient
 * through a unit that is all but saturated has few digits: 1 - tanh^2 has cancelled them. */
typedef struct tolerance {
  const char *name;
  float most;  /* allowed of every value */
  float usual; /* and of all but `few` of 1,000 values */
  double few;
} tolerance;

static const tolerance TOLERANCES[ANSWER_PARTS] = {
    [PROBABILITIES] = {"probabilities", 1e-5F, 1e-5F, 0},
    [PREFIXES] = {"of prefixes", 1e-5F, 1e-5F, 0},
    [SPOKEN] = {"log-probabilities", 1e-4F, 1e-4F, 0},
    [SPOKEN_INT8] = {"log-probabilities in int8", 0.5F, 1e-4F, 50},
    [GRADIENTS] = {"gradients", 0.5F, 1e-4F, 5},
};

/* Over all cases of a variant. */
typedef struct tally {
  float worst[ANSWER_PARTS];
  uint64_t worst_case[ANSWER_PARTS];
  double values[ANSWER_PARTS], unusual[ANSWER_PARTS];
  int sentences[2], ties[2]; /* f32, int8: translated; the same but for a near tie */
  long failures;
} tally;

typedef struct trial {
  uint64_t seed, number;
  bool translates;
  classifier_case classifier;
  translator_case translator;
} trial;

static void print_trial(const trial *t) {
  printf("--seed %llu --case %llu: ", (unsigned long long)t->seed, (unsigned long long)t->number);
  if (t->translates) {
    translator_case_print(&t->translator);
  } else {
    classifier_case_print(&t->classifier);
  }
}

static void fail(tally *sum, const char *variant, const trial *t) {
  sum->failures++;
  printf("%s is wrong, ", variant);
  print_trial(t);
}

static rc_status draw(trial *t, rc_arena *memory, rc_error *error) {
  rc_rng rng = rng_make(t->seed, t->number, 0);
  t->translates = t->number % 2 != 0;
  return t->translates ? translator_case_draw(&t->translator, &rng, memory, error)
                       : classifier_case_draw(&t->classifier, &rng, memory, error);
}

static rc_status answer_with(const rc_kernels *variant, const trial *t, answers *a,
                             rc_arena *memory, rc_arena *scratch, rc_error *error) {
  kernels = variant;
  return t->translates ? translator_case_answer(&t->translator, a, memory, scratch, error)
                       : classifier_case_answer(&t->classifier, a, memory, scratch, error);
}

static void compare_part(answer_part part, const answers *want, const answers *got,
                         const char *variant, const trial *t, tally *sum) {
  const tolerance *allowed = &TOLERANCES[part];
  size_t wrong = 0, first = 0;
  for (size_t i = 0; i < want->count[part]; i++) {
    const float off = fabsf(got->values[part][i] - want->values[part][i]);
    if (off > sum->worst[part]) {
      sum->worst[part] = off;
      sum->worst_case[part] = t->number;
    }
    if (!(off <= allowed->usual)) sum->unusual[part]++;
    if (!(off <= allowed->most) && wrong++ == 0) first = i;
  }
  sum->values[part] += (double)want->count[part];
  if (wrong == 0) return;
  printf("%s: %zu of %zu are off, the first %.9g instead of %.9g; ", allowed->name, wrong,
         want->count[part], (double)got->values[part][first], (double)want->values[part][first]);
  fail(sum, variant, t);
}

/* Two greedy translations are the same up to where the reference finds both tokens as good as
 * equal: that they then part is right. */
static void compare_greedy(int precision, const answers *want, const answers *got,
                           const char *variant, const trial *t, tally *sum) {
  const greedy_answer *a = &want->greedy[precision], *b = &got->greedy[precision];
  const float *spoken = a->spoken;
  const float most = 2 * TOLERANCES[precision == 0 ? SPOKEN : SPOKEN_INT8].most;
  const int vocabulary = t->translator.net.config.target_vocabulary;
  for (int i = 0; i < t->translator.count; i++) {
    int at = 0;
    while (at < a->lengths[i] && at < b->lengths[i] && a->ids[i][at] == b->ids[i][at]) at++;
    sum->sentences[precision]++;
    if (at < a->lengths[i] || at < b->lengths[i]) {
      const bool both = at < a->lengths[i] && at < b->lengths[i];
      const float *row = spoken + (ptrdiff_t)at * vocabulary;
      sum->ties[precision]++;
      if (!both || !(fabsf(row[a->ids[i][at]] - row[b->ids[i][at]]) <= most)) {
        printf("sentence %d differs from token %d on; ", i, at);
        fail(sum, variant, t);
      }
    }
    spoken += (ptrdiff_t)a->lengths[i] * vocabulary;
  }
}

static void compare(const answers *want, const answers *got, const char *variant, const trial *t,
                    tally *sum) {
  for (int part = 0; part < ANSWER_PARTS; part++) {
    if (want->values[part] == NULL) continue;
    if (want->count[part] != got->count[part]) {
      printf("%s: %zu instead of %zu; ", TOLERANCES[part].name, got->count[part],
             want->count[part]);
      fail(sum, variant, t);
      continue;
    }
    compare_part((answer_part)part, want, got, variant, t, sum);
  }
  for (int precision = 0; precision < 2 && t->translates; precision++) {
    compare_greedy(precision, want, got, variant, t, sum);
  }
}

/* Of each part the case, the part, what a value may be off, and the values, at most so many, with
 * the same distance between them. */
static void print_answers(const trial *t, const answers *a) {
  enum { PRINTED = 40 };
  for (int part = 0; part < ANSWER_PARTS; part++) {
    if (a->values[part] == NULL) continue;
    printf("%llu %d %g", (unsigned long long)t->number, part, (double)TOLERANCES[part].most);
    const size_t distance = 1 + a->count[part] / PRINTED;
    for (size_t i = 0; i < a->count[part]; i += distance) {
      printf(" %.9g", (double)a->values[part][i]);
    }
    printf("\n");
  }
}

typedef struct settings {
  uint64_t seed, first, end;
  bool print;
} settings;

/* All variants that run here but the reference. */
static int list_variants(const rc_kernels *all[VARIANTS_MAX]) {
  int count = 0;
  const rc_kernels *variant;
  for (int i = 0; (variant = kernels_available(i)) != NULL && count < VARIANTS_MAX; i++) {
    if (strcmp(variant->name, kernels_ref.name) != 0) all[count++] = variant;
  }
  return count;
}

static rc_status try_case(const settings *s, trial *t, int count, const rc_kernels *const *variants,
                          tally *sums, rc_arena *memory, rc_arena *scratch, rc_error *error) {
  answers want, got;
  arena_reset(memory);
  RC_TRY(draw(t, memory, error));
  RC_TRY(answer_with(&kernels_ref, t, &want, memory, scratch, error));
  if (s->print) print_answers(t, &want);
  const size_t used = memory->used;
  for (int i = 0; i < count && !s->print; i++) {
    memory->used = used; /* what the variant before had */
    RC_TRY(answer_with(variants[i], t, &got, memory, scratch, error));
    compare(&want, &got, variants[i]->name, t, &sums[i]);
  }
  return RC_OK;
}

/* One line for a variant; whether all was right. */
static bool report(const char *name, tally *sum) {
  printf("%-12s", name);
  for (int part = 0; part < ANSWER_PARTS; part++) {
    const tolerance *allowed = &TOLERANCES[part];
    if (sum->values[part] == 0) continue;
    printf(" %s %.1e", allowed->name, (double)sum->worst[part]);
    const double share = 1000 * sum->unusual[part] / sum->values[part];
    if (allowed->few > 0) printf(" (%.2f of 1,000 above %.0e)", share, (double)allowed->usual);
    if (share > allowed->few) {
      printf(" too often, most in --case %llu", (unsigned long long)sum->worst_case[part]);
      sum->failures++;
    }
    printf(",");
  }
  printf(" sentences %d and %d in int8, near ties %d and %d: %s\n", sum->sentences[0],
         sum->sentences[1], sum->ties[0], sum->ties[1], sum->failures == 0 ? "ok" : "FAILED");
  return sum->failures == 0;
}

static rc_status run(const settings *s, bool *right, rc_arena *memory, rc_arena *scratch,
                     rc_error *error) {
  static trial t;
  const rc_kernels *variants[VARIANTS_MAX];
  tally sums[VARIANTS_MAX] = {{.failures = 0}};
  const int count = list_variants(variants);
  for (uint64_t n = s->first; n < s->end; n++) {
    t.seed = s->seed, t.number = n;
    const rc_status status = try_case(s, &t, count, variants, sums, memory, scratch, error);
    if (status == RC_OK) continue;
    print_trial(&t);
    return status;
  }
  for (int i = 0; i < count && !s->print; i++) *right &= report(variants[i]->name, &sums[i]);
  return RC_OK;
}

static bool read_settings(int argc, char **argv, settings *s) {
  *s = (settings){.seed = 1, .end = 40};
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--print") == 0) {
      s->print = true;
      continue;
    }
    if (i + 1 == argc) return false;
    char *end;
    const char *name = argv[i++];
    const uint64_t value = strtoull(argv[i], &end, 10);
    if (*end != '\0') return false;
    if (strcmp(name, "--cases") == 0) {
      s->end = s->first + value;
    } else if (strcmp(name, "--case") == 0) {
      s->first = value, s->end = value + 1;
    } else if (strcmp(name, "--seed") == 0) {
      s->seed = value;
    } else {
      return false;
    }
  }
  return true;
}

int main(int argc, char **argv) {
  settings s;
  if (!read_settings(argc, argv, &s)) {
    fprintf(stderr, "usage: differential [--cases N] [--case N] [--seed S] [--print]\n");
    return 2;
  }
  rc_arena memory = {0}, scratch = {0};
  rc_error error;
  bool right = true;
  rc_status status = arena_new(&memory, MEMORY, &error);
  if (status == RC_OK) status = arena_new(&scratch, SCRATCH, &error);
  if (status == RC_OK) status = run(&s, &right, &memory, &scratch, &error);
  if (status != RC_OK) printf("differential: %s\n", error.text);
  arena_free(&scratch);
  arena_free(&memory);
  return status == RC_OK && right ? EXIT_SUCCESS : EXIT_FAILURE;
}
