#include "translate_output.h"

#include <math.h>
#include <string.h>

#include "json.h"
#include "programs.h"
#include "terminal.h"
#include "translate_inspect.h"

static utf8_text name_of(codec c, int id) {
  return c.kind->name(c.vocabulary, id);
}

enum { NAME_BYTES = 4096 };

/* The token, and a placeholder as what it stands for; to name [NAME_BYTES]. */
static size_t name_token(codec c, int id, const layered_text *read, char *name) {
  const size_t bytes = text_layer_name(name_of(c, id), read, name, NAME_BYTES);
  return bytes < NAME_BYTES ? bytes : NAME_BYTES;
}

static double attention_at(const translated *result, int target, int source) {
  size_t cell = (size_t)target * (size_t)result->source_length + (size_t)source;
  return (double)result->best[0].attention[cell];
}

/* A row of tokens above, then a row for each target token: the token, its weights. */
static void print_attention(const output_style *style, const translated *result,
                            const layered_text *read) {
  const hypothesis *best = &result->best[0];
  char name[NAME_BYTES];
  for (int j = 0; j < result->source_length; j++) {
    putchar('\t');
    terminal_field(stdout, name, name_token(style->source, result->source_ids[j], read, name));
  }
  putchar('\n');
  for (int t = 0; t < best->rows; t++) {
    const int id = t < best->length ? best->ids[t] : (int)BPE_END;
    terminal_field(stdout, name, name_token(style->target, id, read, name));
    for (int j = 0; j < result->source_length; j++) {
      printf("\t%.3f", attention_at(result, t, j));
    }
    putchar('\n');
  }
  putchar('\n');
}

/* A line, whose tabs part its cells. */
static void print_cells(const char *text) {
  for (const char *tab; (tab = strchr(text, '\t')) != NULL; text = tab + 1) {
    terminal_field(stdout, text, (size_t)(tab - text));
    putchar('\t');
  }
  terminal_field(stdout, text, strlen(text));
}

static void print_text(const output_style *style, long number, const translated_line *line) {
  for (int k = 0; k < style->nbest; k++) {
    if (style->nbest > 1) {
      printf("%ld\t%.4f\t", number, line->scores[k]);
      terminal_field(stdout, line->texts[k], strlen(line->texts[k]));
    } else {
      print_cells(line->texts[k]);
    }
    putchar('\n');
  }
  for (int s = 0; style->attention && s < line->count; s++) {
    if (line->sentences[s].best[0].attention == NULL) continue;
    print_attention(style, &line->sentences[s], &line->read[s].text);
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
    const utf8_text text = line->read[s].text.shown;
    text_range ranges[UNKNOWN_MAX];
    found.cut |= line->sentences[s].cut;
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

static void add_tokens(json *object, const char *key, codec c, const int *ids, int count, bool end,
                       const layered_text *read) {
  json *list = json_member_array(object, key);
  char name[NAME_BYTES];
  for (int i = 0; i < count + end; i++) {
    const size_t bytes = name_token(c, i < count ? ids[i] : (int)BPE_END, read, name);
    json_text_bytes(list, NULL, name, bytes);
  }
}

static void add_attention(json *item, const output_style *style, const translated *result,
                          const layered_text *read) {
  const hypothesis *best = &result->best[0];
  add_tokens(item, "source_tokens", style->source, result->source_ids, result->source_length, false,
             read);
  add_tokens(item, "target_tokens", style->target, best->ids, best->length,
             best->rows > best->length, read);
  json *rows = json_member_array(item, "attention");
  for (int t = 0; t < best->rows; t++) {
    json *row = json_item_array(rows);
    for (int j = 0; j < result->source_length; j++) {
      /* Thousandths are plenty. */
      json_item_number(row, round(attention_at(result, t, j) * 1000) / 1000);
    }
  }
}

static void add_range(json *item, const char *key, size_t start, size_t end) {
  json *range = json_member_array(item, key);
  json_item_number(range, (double)start);
  json_item_number(range, (double)end);
}

/* What was copied, and where it stands in the line and in the best translation, in bytes. */
static void add_copied(json *object, const translated_line *line) {
  json *list = json_member_array(object, "copied");
  for (int s = 0; s < line->count; s++) {
    const passage_sentence *read = &line->read[s];
    for (int i = 0; i < read->text.span_count; i++) {
      const layer_span *span = &read->text.spans[i];
      const text_range to = line->sentences[s].best[0].spans[i];
      json *item = json_item_object(list);
      json_text_bytes(item, "text", read->text.shown.text + span->start,
                      (size_t)(span->end - span->start));
      add_range(item, "source", read->start + (size_t)span->raw_start,
                read->start + (size_t)span->raw_end);
      add_range(item, "target", line->starts[s] + (size_t)to.start,
                line->starts[s] + (size_t)to.end);
    }
  }
}

/* The tokens and attention of each sentence that was translated, and what is inside meanwhile. */
static rc_status add_sentences(json *object, const output_style *style, const translated_line *line,
                               rc_error *error) {
  json *sentences = json_member_array(object, "sentences");
  for (int s = 0; s < line->count; s++) {
    const translated *result = &line->sentences[s];
    const layered_text *read = &line->read[s].text;
    if (result->best[0].attention == NULL) continue;
    json *item = json_item_object(sentences);
    add_attention(item, style, result, read);
    if (style->inspected != NULL) {
      RC_TRY(translate_inspect_add(item, style->inspected, result, read, error));
    }
  }
  return RC_OK;
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
  if (style->layer) add_copied(object, line);
  const rc_status status = style->attention ? add_sentences(object, style, line, error) : RC_OK;
  if (status != RC_OK) {
    json_free(object);
    return status;
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
