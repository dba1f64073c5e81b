#include "pairs_maps.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "svg.h"

enum { CELL = 34, LETTER = 8, LABEL_MIN = 40, LABEL_MAX = 180, MARGIN = 10 };

/* The tokens of both sides, and how much room their names take. */
typedef struct map {
  codec source, target;
  const translated *sentence;
  const hypothesis *best;
  int left, top; /* pixels of the row and the column names */
} map;

static utf8_text source_name(const map *m, int j) {
  return m->source.kind->name(m->source.vocabulary, m->sentence->source_ids[j]);
}

static utf8_text target_name(const map *m, int t) {
  const int id = t < m->best->length ? m->best->ids[t] : (int)BPE_END;
  return m->target.kind->name(m->target.vocabulary, id);
}

static int room_of(size_t longest) {
  const int room = (int)longest * LETTER + MARGIN;
  return room < LABEL_MIN ? LABEL_MIN : room > LABEL_MAX ? LABEL_MAX : room;
}

static map map_of(codec source, codec target, const translated *sentence) {
  map m = {.source = source, .target = target, .sentence = sentence, .best = &sentence->best[0]};
  size_t across = 0, down = 0;
  for (int j = 0; j < sentence->source_length; j++) {
    if (source_name(&m, j).bytes > across) across = source_name(&m, j).bytes;
  }
  for (int t = 0; t < m.best->rows; t++) {
    if (target_name(&m, t).bytes > down) down = target_name(&m, t).bytes;
  }
  m.left = room_of(down);
  m.top = room_of(across);
  return m;
}

static int map_width(const map *m) {
  return m->left + m->sentence->source_length * CELL + m->top / 2 + MARGIN;
}

static int map_height(const map *m) {
  return m->top + m->best->rows * CELL + MARGIN;
}

static void add_name(text_buffer *out, utf8_text name) {
  enum { SHOWN_MAX = 256 };
  char shown[SHOWN_MAX];
  const size_t bytes = text_layer_name(name, NULL, shown, SHOWN_MAX);
  text_add_escaped_bytes(out, shown, bytes < SHOWN_MAX ? bytes : SHOWN_MAX);
}

static void add_names(const map *m, text_buffer *out) {
  for (int j = 0; j < m->sentence->source_length; j++) {
    text_addf(out, "<text class=\"tick\" transform=\"translate(%d %d) rotate(-60)\">",
              m->left + j * CELL + CELL / 2 + 4, m->top - 6);
    add_name(out, source_name(m, j));
    text_add(out, "</text>\n");
  }
  for (int t = 0; t < m->best->rows; t++) {
    text_addf(out, "<text class=\"tick\" text-anchor=\"end\" x=\"%d\" y=\"%d\">", m->left - 6,
              m->top + t * CELL + CELL / 2 + 4);
    add_name(out, target_name(m, t));
    text_add(out, "</text>\n");
  }
}

static void add_cells(const map *m, text_buffer *out) {
  const float *weight = m->best->attention;
  for (int t = 0; t < m->best->rows; t++) {
    for (int j = 0; j < m->sentence->source_length; j++, weight++) {
      text_addf(out,
                "<rect class=\"heat\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
                "fill-opacity=\"%.3f\"><title>",
                m->left + j * CELL, m->top + t * CELL, CELL - 1, CELL - 1,
                0.03 + 0.97 * (double)*weight);
      add_name(out, target_name(m, t));
      text_add(out, " \xE2\x86\x90 ");
      add_name(out, source_name(m, j));
      text_addf(out, ": %.1f %%</title></rect>\n", 100 * (double)*weight);
    }
  }
}

void pairs_maps_add(text_buffer *out, codec source, codec target, const translated *sentence) {
  const map m = map_of(source, target, sentence);
  if (m.best->attention == NULL) return;
  svg_plot plot =
      svg_begin(out, map_width(&m), map_height(&m), "Attention", (svg_scale){0}, (svg_scale){0});
  add_names(&m, out);
  add_cells(&m, out);
  svg_end(&plot);
}

static void add_alone(text_buffer *out, const map *m) {
  text_addf(out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" "
            "height=\"%d\">\n",
            map_width(m), map_height(m), map_width(m), map_height(m));
  text_add(out, "<title>");
  for (int j = 0; j + 1 < m->sentence->source_length; j++) {
    if (j > 0) text_add(out, " ");
    add_name(out, source_name(m, j));
  }
  text_add(out, " \xE2\x86\x92 ");
  text_add_escaped_bytes(out, m->best->text.text, m->best->text.bytes);
  text_add(out,
           "</title>\n<style>svg{background:#fff}text{font:13px system-ui,sans-serif;fill:#1a1d21}"
           ".heat{fill:#0072b2}</style>\n");
  add_names(m, out);
  add_cells(m, out);
  text_add(out, "</svg>\n");
}

/* "FOLDER/en-fr.gguf" and 1 to "FOLDER/en-fr.attention-1.svg" */
char *pairs_maps_path(const char *out, int number) {
  static const char suffix[] = ".gguf";
  const size_t bytes = strlen(out), end = sizeof suffix - 1;
  const bool known = bytes > end && strcmp(out + bytes - end, suffix) == 0;
  const size_t room = bytes + 40;
  char *path = malloc(room);
  if (path != NULL) {
    snprintf(path, room, "%.*s.attention-%d.svg", (int)(known ? bytes - end : bytes), out, number);
  }
  return path;
}

static rc_status write_map(const char *out, const map *m, int number, rc_error *error) {
  char *path = pairs_maps_path(out, number);
  text_buffer text = {0};
  add_alone(&text, m);
  rc_status status = path == NULL || text.failed
                         ? rc_fail(error, RC_ERR_MEMORY, "out of memory for a map of attention")
                         : files_write_atomically(path, text.text, text.size, error);
  text_free(&text);
  free(path);
  return status;
}

rc_status pairs_maps_write(const char *out, const pairs_corpus *corpus, const pairs_result *result,
                           rc_error *error) {
  for (int i = 0; i < result->sample_count; i++) {
    const map m = map_of(corpus->source_codec, corpus->target_codec, &result->attended[i]);
    if (m.best->attention != NULL) RC_TRY(write_map(out, &m, i + 1, error));
  }
  return RC_OK;
}
