#include "translate_output.h"

#include <math.h>
#include <string.h>

#include "json.h"
#include "programs.h"
#include "terminal.h"

static utf8_text name_of(codec c, int id) {
  return c.kind->name(c.vocabulary, id);
}

static double attention_at(const translated *result, int target, int source) {
  size_t cell = (size_t)target * (size_t)result->source_length + (size_t)source;
  return (double)result->best[0].attention[cell];
}

/* A row of tokens above, then a row for each target token: the token, its weights. */
static void print_attention(const output_style *style, const translated *result) {
  const hypothesis *best = &result->best[0];
  for (int j = 0; j < result->source_length; j++) {
    utf8_text token = name_of(style->source, result->source_ids[j]);
    putchar('\t');
    terminal_field(stdout, token.text, token.bytes);
  }
  putchar('\n');
  for (int t = 0; t < best->rows; t++) {
    utf8_text token = name_of(style->target, t < best->length ? best->ids[t] : (int)BPE_END);
    terminal_field(stdout, token.text, token.bytes);
    for (int j = 0; j < result->source_length; j++) {
      printf("\t%.3f", attention_at(result, t, j));
    }
    putchar('\n');
  }
  putchar('\n');
}

static void print_text(const output_style *style, long number, const translated_line *line) {
  for (int k = 0; k < style->nbest; k++) {
    if (style->nbest > 1) printf("%ld\t%.4f\t", number, line->scores[k]);
    terminal_field(stdout, line->texts[k], strlen(line->texts[k]));
    putchar('\n');
  }
  for (int s = 0; style->attention && s < line->count; s++) {
    if (line->sentences[s].best[0].attention == NULL) continue;
    print_attention(style, &line->sentences[s]);
  }
}

/* What the model has no token for, in the sentences of a line; every word as often as it occurs. */
enum { UNKNOWN_MAX = 64 };
typedef struct unknown_words {
  utf8_text words[UNKNOWN_MAX];
  int count;
  bool cut; /* a sentence had more tokens than are read */
} unknown_words;

static unknown_words find_unknown(const output_style *style, const translated_line *line) {
  const codec c = style->source;
  unknown_words found = {.count = 0};
  for (int s = 0; s < line->count; s++) {
    const utf8_text text = line->read[s].text;
    text_range ranges[UNKNOWN_MAX];
    found.cut |= c.kind->encode(c.vocabulary, text, NULL, NULL, 0) >= (size_t)style->longest;
    if (c.kind->unknown == NULL) continue;
    const size_t room = (size_t)(UNKNOWN_MAX - found.count);
    size_t count = c.kind->unknown(c.vocabulary, text, ranges, room);
    for (size_t i = 0; i < count && i < room; i++) {
      const utf8_text word = {text.text + ranges[i].start,
                              (size_t)(ranges[i].end - ranges[i].start)};
      found.words[found.count++] = word;
    }
  }
  return found;
}

static void warn(const output_style *style, long number, const translated_line *line) {
  const unknown_words found = find_unknown(style, line);
  if (found.count > 0) fprintf(stderr, "translate: line %ld: left out, as never seen:", number);
  for (int i = 0; i < found.count; i++) {
    terminal_message(stderr, "%s %.*s", i > 0 ? "," : "", (int)found.words[i].bytes,
                     found.words[i].text);
  }
  if (found.count > 0) fputc('\n', stderr);
  if (found.cut) {
    const char *tokens = style->source.kind->unknown != NULL ? "words" : "tokens";
    fprintf(stderr, "translate: line %ld: of a sentence this model reads only the first %d %s\n",
            number, style->longest - 1, tokens);
  }
}

static void add_tokens(json *object, const char *key, codec c, const int *ids, int count,
                       bool end) {
  json *list = json_member_array(object, key);
  for (int i = 0; i < count + end; i++) {
    utf8_text token = name_of(c, i < count ? ids[i] : (int)BPE_END);
    json_text_bytes(list, NULL, token.text, token.bytes);
  }
}

static void add_attention(json *item, const output_style *style, const translated *result) {
  const hypothesis *best = &result->best[0];
  add_tokens(item, "source_tokens", style->source, result->source_ids, result->source_length,
             false);
  add_tokens(item, "target_tokens", style->target, best->ids, best->length,
             best->rows > best->length);
  json *rows = json_member_array(item, "attention");
  for (int t = 0; t < best->rows; t++) {
    json *row = json_item_array(rows);
    for (int j = 0; j < result->source_length; j++) {
      /* Thousandths are plenty. */
      json_item_number(row, round(attention_at(result, t, j) * 1000) / 1000);
    }
  }
}

static rc_status print_json(const output_style *style, utf8_text text, const translated_line *line,
                            rc_error *error) {
  json *object = json_object();
  json_text_bytes(object, "source", text.text, text.bytes);
  json_text(object, "translation", line->texts[0]);
  json_number(object, "score", line->scores[0]);
  if (style->nbest > 1) {
    json *list = json_member_array(object, "alternatives");
    for (int k = 0; k < style->nbest; k++) {
      json *item = json_item_object(list);
      json_text(item, "text", line->texts[k]);
      json_number(item, "score", line->scores[k]);
    }
  }
  const unknown_words found = find_unknown(style, line);
  if (style->source.kind->unknown != NULL) {
    json *list = json_member_array(object, "unknown");
    for (int i = 0; i < found.count; i++) {
      json_text_bytes(list, NULL, found.words[i].text, found.words[i].bytes);
    }
  }
  if (found.cut) json_bool(object, "cut", true);
  if (style->attention) {
    json *sentences = json_member_array(object, "sentences");
    for (int s = 0; s < line->count; s++) {
      const translated *result = &line->sentences[s];
      if (result->best[0].attention != NULL) {
        add_attention(json_item_object(sentences), style, result);
      }
    }
  }
  return program_print_json(object, error);
}

rc_status translate_output(const output_style *style, utf8_text line, long number,
                           const translated_line *result, rc_error *error) {
  if (style->json) return print_json(style, line, result, error);
  warn(style, number, result);
  print_text(style, number, result);
  return RC_OK;
}
