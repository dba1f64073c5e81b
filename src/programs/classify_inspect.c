#include "classify_inspect.h"

#include <string.h>

rc_status classify_inspect_label(const classifier_model *model, const char *name, int *label,
                                 rc_error *error) {
  *label = -1;
  for (int c = 0; name != NULL && c < model->net.config.labels && *label < 0; c++) {
    if (strcmp(model->labels[c], name) == 0) *label = c;
  }
  if (name == NULL || *label >= 0) return RC_OK;
  return rc_fail(error, RC_ERR_ARGUMENT, "--label: the weights have no label %.80s", name);
}

/* [L, D, T, columns], or [L, D, T] for columns 0, as arrays in arrays. */
static void add_tensor(json *object, const char *key, const inspection *inside, size_t columns,
                       const real *values) {
  const size_t letters = (size_t)inside->letters;
  if (values == NULL) return;
  json *layers = json_member_array(object, key);
  for (int layer = 0; layer < inside->layers; layer++) {
    json *directions = json_item_array(layers);
    for (int direction = 0; direction < inside->directions; direction++) {
      if (columns == 0) {
        json_item_floats(directions, values, letters);
        values += letters;
        continue;
      }
      json *rows = json_item_array(directions);
      for (size_t t = 0; t < letters; t++, values += columns) {
        json_item_floats(rows, values, columns);
      }
    }
  }
}

void classify_inspect_add(json *row, const classifier_model *model, int label,
                          const inspection *inside) {
  const size_t hidden = (size_t)inside->hidden;
  json *item = json_member_object(row, "inside");
  json_text(item, "cell", recurrent_cell_name(model->net.config.cell));
  json *shape = json_member_array(item, "shape");
  const int sizes[] = {inside->layers, inside->directions, inside->letters, inside->hidden};
  for (int i = 0; i < 4; i++) json_item_integer(shape, sizes[i]);
  json *letters = json_member_array(item, "letters");
  for (int t = 0; t < inside->letters; t++) {
    char text[UTF8_MAX + 1] = {0};
    utf8_encode(alphabet_character(&model->letters, inside->ids[t]), text);
    json_item_text(letters, text);
  }
  json *gates = json_member_object(item, "gates");
  for (int i = 0; i < inside->gate_count; i++) {
    add_tensor(gates, inside->gates[i].name, inside, hidden, inside->gates[i].values);
  }
  add_tensor(item, "hidden", inside, hidden, inside->h);
  add_tensor(item, "cellState", inside, hidden, inside->c);
  if (inside->gradient == NULL) return;
  json_text(item, "label", model->labels[label]);
  json_number(item, "loss", inside->loss);
  add_tensor(item, "gradient", inside, 0, inside->gradient);
}
