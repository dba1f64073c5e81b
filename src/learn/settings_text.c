#include "settings_text.h"

#include <string.h>

#include "json.h"

static bool is_listed(const char *const *names, const char *name) {
  for (; *names != NULL; names++) {
    if (strcmp(*names, name) == 0) return true;
  }
  return false;
}

void settings_text(const program_option *table, int count, const char *const *others, char *out,
                   size_t size) {
  size_t used = 0;
  for (int i = 0; i < count; i++) {
    const program_option *o = &table[i];
    if (o->kind == OPTION_KIND_GROUP || is_listed(others, o->name)) continue;
    char *end = out + used;
    size_t room = size - used;
    char number[JSON_NUMBER_BYTES];
    int length = 0;
    switch (o->kind) {
      case OPTION_KIND_INT:
        length = snprintf(end, room, "%s=%d\n", o->name, *o->target.integer);
        break;
      case OPTION_KIND_SEED:
        length = snprintf(end, room, "%s=%llu\n", o->name, (unsigned long long)*o->target.seed);
        break;
      case OPTION_KIND_REAL:
        json_format_number(*o->target.real, number);
        length = snprintf(end, room, "%s=%s\n", o->name, number);
        break;
      case OPTION_KIND_CHOICE:
        length = snprintf(end, room, "%s=%s\n", o->name, o->choices[*o->target.choice]);
        break;
      default:
        break;
    }
    if (length > 0 && (size_t)length < room) used += (size_t)length;
  }
  out[used] = '\0';
}
