#include "pairs_stream.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <unistd.h>

#include "bpe_learn.h"
#include "pair_filter.h"
#include "pair_hashes.h"

enum { FILES = 2, LINES = 700 };

typedef struct fixture {
  char paths[FILES][40];
  const char *names[FILES];
  double weights[FILES];
  bpe_vocabulary vocabulary;
  bpe subwords;
  rc_arena memory;
  pairs_stream stream;
  FILE *nowhere;
} fixture;

/* "a12 and on<TAB>m12 et": which file, and which line of it. Every tenth is one of the first file's
 * once more; and there are blank lines, unlike pairs and long ones. */
static void write_file(char *path, int file, char first[LINES][100]) {
  rc_rng rng = rng_make(5, 0, (uint64_t)file);
  strcpy(path, "/tmp/recur-stream-XXXXXX");
  int descriptor = mkstemp(path);
  assert_true(descriptor >= 0);
  FILE *out = fdopen(descriptor, "wb");
  assert_non_null(out);
  for (int i = 0; i < LINES; i++) {
    char line[100];
    int bytes = snprintf(line, sizeof line, "%c%d", 'a' + file, i);
    for (uint32_t more = rng_below(&rng, 6); more > 0; more--) {
      bytes += snprintf(line + bytes, sizeof line - (size_t)bytes, " and on");
    }
    snprintf(line + bytes, sizeof line - (size_t)bytes, "\tm%d et%s", i,
             i % 31 == 0 ? " so much longer than all that it says" : "");
    if (file == 0) strcpy(first[i], line);
    fprintf(out, "%s%s%s", i % 50 == 7 ? "  \n" : "", i % 10 == 9 ? first[i - 9] : line,
            i < LINES - 1 || file == 0 ? "\n" : ""); /* the last file ends without */
  }
  assert_int_equal(fclose(out), 0);
}

static void open_files(fixture *f) {
  static char first[LINES][100];
  *f = (fixture){.weights = {1, 1}, .nowhere = fopen("/dev/null", "w")};
  assert_non_null(f->nowhere);
  for (int i = 0; i < FILES; i++) {
    write_file(f->paths[i], i, first);
    f->names[i] = f->paths[i];
  }
  const utf8_text text = {"a0123456789 b and on m et", 25};
  const bpe_learning learning = {.tokens = 300, .character_min = 1, .pair_min = 1};
  assert_int_equal(bpe_learn(&f->vocabulary, &text, 1, &learning, NULL), RC_OK);
  const size_t count = (size_t)f->vocabulary.count;
  assert_int_equal(arena_new(&f->memory, bpe_open_bytes(count), NULL), RC_OK);
  assert_int_equal(bpe_open(&f->subwords, f->vocabulary.tokens, count, &f->memory, NULL), RC_OK);
}

static void close_files(fixture *f) {
  for (int i = 0; i < FILES; i++) unlink(f->paths[i]);
  bpe_vocabulary_free(&f->vocabulary);
  arena_free(&f->memory);
  assert_int_equal(fclose(f->nowhere), 0);
}

enum { LONGEST = 24, RATIO = 3 };

static void open_stream(fixture *f, size_t memory, int threads) {
  progress bar = progress_begin(f->nowhere, NULL, 1e9);
  const pairs_stream_options options = {.paths = f->names,
                                        .weights = f->weights,
                                        .count = FILES,
                                        .memory = memory,
                                        .ratio = RATIO,
                                        .unique = true,
                                        .out = "/tmp/recur-stream",
                                        .seed = 3,
                                        .threads = threads};
  const codec subwords = codec_subwords(&f->subwords);
  const pairs_stream_text text = {.reader = {subwords, subwords, LONGEST}};
  assert_int_equal(pairs_stream_open(&f->stream, &options, &bar, NULL), RC_OK);
  assert_int_equal(pairs_stream_survey(&f->stream, &text, &bar, NULL), RC_OK);
}

/* The line of each pair that is to be learnt from, counted: as if all were in memory. */
static int expect(const fixture *f, int seen[FILES][LINES + 100]) {
  text_pairs files[FILES];
  int scratch[LONGEST], wordless = 0, repeated, count = 0;
  const codec subwords = codec_subwords(&f->subwords);
  const pairs_reader reader = {subwords, subwords, LONGEST};
  memset(seen, 0, FILES * sizeof *seen);
  for (int i = 0; i < FILES; i++) {
    assert_int_equal(pairs_read(&files[i], f->paths[i], false, NULL), RC_OK);
    pair_filter_faults(&files[i], RATIO);
  }
  assert_int_equal(pair_filter_repeated(files, FILES, &repeated, NULL), RC_OK);
  assert_true(repeated > FILES * LINES / 20);
  for (int i = 0; i < FILES; i++) {
    for (int k = 0; k < files[i].count; k++) {
      const text_pair *pair = &files[i].items[k];
      seen[i][pair->line] = pairs_is_usable(&reader, pair, scratch, &wordless);
      count += seen[i][pair->line];
    }
    pairs_free(&files[i]);
  }
  return count;
}

/* Counts the pairs of a part; trace: their order. */
static int take_part(pairs_stream *s, int epoch, int part, int seen[FILES][LINES + 100],
                     uint64_t *trace) {
  int count = 0;
  assert_int_equal(pairs_stream_load(s, 7, epoch, part, NULL), RC_OK);
  size_t bytes = 0;
  for (int c = 0; c < s->corpus_count; c++) {
    const weighted_pairs *corpus = &s->corpora[c];
    for (int i = 0; i < corpus->count; i++, count++) {
      const text_pair *pair = &corpus->items[i];
      const int file = pair->source.text[0] - 'a';
      assert_in_range(file, 0, FILES - 1);
      seen[file][pair->line]++;
      *trace = *trace * 31 + (uint64_t)(LINES * file + pair->line);
      bytes += pair->source.bytes + pair->target.bytes;
    }
  }
  assert_true(count <= s->members_most);
  assert_true(s->corpus_count == 1 || bytes <= s->options.memory);
  return count;
}

static void sees_each_pair_once(void **state) {
  (void)state;
  fixture f;
  open_files(&f);
  static int wanted[FILES][LINES + 100], seen[FILES][LINES + 100];
  const int count = expect(&f, wanted);
  const size_t sizes[] = {1, 20000, 200000, 2000000};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    uint64_t traces[3] = {0};
    int parts = 0;
    for (int threads = 1; threads <= 2; threads++) {
      open_stream(&f, sizes[i], threads);
      pairs_stream *s = &f.stream;
      assert_int_equal(s->members, count);
      assert_int_equal(s->pairs, count + s->useless);
      assert_true(s->useless > 0 && s->filtered > 0);
      if (threads > 1) assert_int_equal(s->parts, parts);
      parts = s->parts;
      assert_true(sizes[i] > 100000 ? parts < 8 : parts > 2);
      for (int epoch = 0; epoch < 2; epoch++) {
        uint64_t trace = 0;
        int all = 0;
        memset(seen, 0, sizeof seen);
        for (int part = 0; part < parts; part++) all += take_part(s, epoch, part, seen, &trace);
        assert_int_equal(all, count);
        assert_memory_equal(seen, wanted, sizeof seen);
        if (threads > 1) assert_true(trace == traces[epoch]);
        traces[epoch] = trace;
      }
      if (parts > 2) assert_true(traces[0] != traces[1]);
      /* A part by itself is what it was after the others. */
      uint64_t before = 0, after = 0;
      take_part(s, 1, parts - 1, seen, &before);
      take_part(s, 0, 0, seen, &(uint64_t){0});
      take_part(s, 1, parts - 1, seen, &after);
      assert_true(before == after);
      pairs_stream_close(s);
    }
  }
  close_files(&f);
}

static void samples_every_file(void **state) {
  (void)state;
  fixture f;
  open_files(&f);
  open_stream(&f, 60000, 1);
  text_pairs *files[2];
  int count[2];
  for (int i = 0; i < 2; i++) {
    assert_int_equal(pairs_stream_sample(&f.stream, &files[i], &count[i], NULL), RC_OK);
  }
  assert_int_equal(count[0], count[1]);
  assert_true(count[0] >= FILES);
  size_t bytes = 0;
  for (int i = 0; i < count[0]; i++) {
    assert_int_equal(files[0][i].count, files[1][i].count);
    for (int k = 0; k < files[0][i].count; k++) {
      bytes += files[0][i].items[k].source.bytes;
    }
    pairs_free(&files[0][i]);
    pairs_free(&files[1][i]);
  }
  assert_in_range(bytes, 100, 20000);
  free(files[0]);
  free(files[1]);
  pairs_stream_close(&f.stream);
  close_files(&f);
}

static void notices_a_file_that_changes(void **state) {
  (void)state;
  fixture f;
  rc_error error;
  open_files(&f);
  open_stream(&f, 3000, 1);
  FILE *file = fopen(f.paths[0], "r+b");
  assert_non_null(file);
  assert_int_equal(fputc('v', file), 'v');
  assert_int_equal(fclose(file), 0);
  rc_status status = RC_OK;
  for (int part = 0; part < f.stream.parts && status == RC_OK; part++) {
    status = pairs_stream_load(&f.stream, 7, 0, part, &error);
  }
  assert_int_equal(status, RC_ERR_IO);
  assert_non_null(strstr(error.text, f.paths[0]));
  assert_non_null(strstr(error.text, "changed"));
  pairs_stream_close(&f.stream);
  close_files(&f);
}

/* In any number of shares. */
static void finds_what_came_before(void **state) {
  (void)state;
  enum { COUNT = 50000 };
  static char texts[COUNT][8];
  static uint8_t bits[COUNT / 8 + 1];
  static bool known[COUNT];
  rc_rng rng = rng_make(1, 2, 3);
  pair_hashes hashes;
  size_t repeated, expected = 0;
  assert_int_equal(pair_hashes_open(&hashes, "/tmp/recur-hashes", NULL), RC_OK);
  static int numbers[COUNT];
  for (int i = 0; i < COUNT; i++) {
    numbers[i] = i % 7 == 0 ? -1 : (int)rng_below(&rng, COUNT);
    const int bytes = snprintf(texts[i], sizeof texts[i], "%d", numbers[i]);
    const text_pair pair = {.source = {texts[i], (size_t)bytes}, .target = {"a", 1}};
    assert_int_equal(pair_hashes_add(&hashes, numbers[i] < 0 ? NULL : &pair, NULL), RC_OK);
  }
  for (int i = 0; i < COUNT; i++) {
    expected += numbers[i] >= 0 && known[numbers[i]];
    if (numbers[i] >= 0) known[numbers[i]] = true;
  }
  const size_t memory[] = {1, 100000, 10000000};
  for (int m = 0; m < 3; m++) {
    memset(bits, 0, sizeof bits);
    memset(known, 0, sizeof known);
    assert_int_equal(pair_hashes_mark(&hashes, memory[m], bits, &repeated, NULL), RC_OK);
    assert_int_equal(repeated, expected);
    for (int i = 0; i < COUNT; i++) {
      const bool before = numbers[i] >= 0 && known[numbers[i]];
      assert_int_equal(bits[i >> 3] >> (i & 7) & 1, before);
      if (numbers[i] >= 0) known[numbers[i]] = true;
    }
  }
  pair_hashes_close(&hashes);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sees_each_pair_once),
      cmocka_unit_test(samples_every_file),
      cmocka_unit_test(notices_a_file_that_changes),
      cmocka_unit_test(finds_what_came_before),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
