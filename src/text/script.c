#include "script.h"

#include <string.h>

/* Each holds from where the one before ends up to `end`. */
typedef struct block {
  uint32_t end;
  char code[5];
} block;

static const block BLOCKS[] = {
    {0x41, ""},        {0x5B, "Latn"},   {0x61, ""},       {0x7B, "Latn"},    {0xAA, ""},
    {0xAB, "Latn"},    {0xBA, ""},       {0xBB, "Latn"},   {0xC0, ""},        {0x250, "Latn"},
    {0x2B0, "Latn"},   {0x370, ""},      {0x400, "Grek"},  {0x530, "Cyrl"},   {0x590, "Armn"},
    {0x600, "Hebr"},   {0x700, "Arab"},  {0x750, "Syrc"},  {0x780, "Arab"},   {0x7C0, "Thaa"},
    {0x800, "Nkoo"},   {0x860, ""},      {0x870, "Syrc"},  {0x900, "Arab"},   {0x980, "Deva"},
    {0xA00, "Beng"},   {0xA80, "Guru"},  {0xB00, "Gujr"},  {0xB80, "Orya"},   {0xC00, "Taml"},
    {0xC80, "Telu"},   {0xD00, "Knda"},  {0xD80, "Mlym"},  {0xE00, "Sinh"},   {0xE80, "Thai"},
    {0xF00, "Laoo"},   {0x1000, "Tibt"}, {0x10A0, "Mymr"}, {0x1100, "Geor"},  {0x1200, "Hang"},
    {0x13A0, "Ethi"},  {0x1400, "Cher"}, {0x1680, "Cans"}, {0x1780, ""},      {0x1800, "Khmr"},
    {0x18B0, "Mong"},  {0x19E0, ""},     {0x1A00, "Khmr"}, {0x1C80, ""},      {0x1C90, "Cyrl"},
    {0x1CC0, "Geor"},  {0x1D00, ""},     {0x1DC0, "Latn"}, {0x1E00, ""},      {0x1F00, "Latn"},
    {0x2000, "Grek"},  {0x2C60, ""},     {0x2C80, "Latn"}, {0x2D00, "Copt"},  {0x2D30, "Geor"},
    {0x2D80, "Tfng"},  {0x2DE0, "Ethi"}, {0x2E00, "Cyrl"}, {0x2E80, ""},      {0x2FE0, "Hani"},
    {0x3005, ""},      {0x3008, "Hani"}, {0x3041, ""},     {0x3100, "Jpan"},  {0x3130, "Hani"},
    {0x3190, "Hang"},  {0x31F0, "Hani"}, {0x3200, "Jpan"}, {0x3400, ""},      {0x4DC0, "Hani"},
    {0x4E00, ""},      {0xA000, "Hani"}, {0xA4D0, "Yiii"}, {0xA640, ""},      {0xA6A0, "Cyrl"},
    {0xA720, ""},      {0xA800, "Latn"}, {0xA8E0, ""},     {0xA900, "Deva"},  {0xA960, ""},
    {0xA980, "Hang"},  {0xA9E0, "Java"}, {0xAA00, "Mymr"}, {0xAA60, "Cham"},  {0xAA80, "Mymr"},
    {0xAB00, ""},      {0xAB30, "Ethi"}, {0xAB70, "Latn"}, {0xABC0, "Cher"},  {0xAC00, ""},
    {0xD800, "Hang"},  {0xF900, ""},     {0xFB00, "Hani"}, {0xFB07, "Latn"},  {0xFB13, ""},
    {0xFB1D, "Armn"},  {0xFB50, "Hebr"}, {0xFE00, "Arab"}, {0xFE70, ""},      {0xFEFF, "Arab"},
    {0xFF21, ""},      {0xFF3B, "Latn"}, {0xFF41, ""},     {0xFF5B, "Latn"},  {0xFF66, ""},
    {0xFFA0, "Jpan"},  {0xFFDD, "Hang"}, {0x1B000, ""},    {0x1B170, "Jpan"}, {0x20000, ""},
    {0x32000, "Hani"}, {0x110000, ""},
};

enum { BLOCK_COUNT = sizeof BLOCKS / sizeof *BLOCKS };

static const struct {
  char code[5];
  const char *name;
} NAMES[] = {
    {"Latn", "Latin"},     {"Grek", "Greek"},      {"Cyrl", "Cyrillic"}, {"Armn", "Armenian"},
    {"Hebr", "Hebrew"},    {"Arab", "Arabic"},     {"Syrc", "Syriac"},   {"Thaa", "Thaana"},
    {"Nkoo", "N'Ko"},      {"Deva", "Devanagari"}, {"Beng", "Bengali"},  {"Guru", "Gurmukhi"},
    {"Gujr", "Gujarati"},  {"Orya", "Odia"},       {"Taml", "Tamil"},    {"Telu", "Telugu"},
    {"Knda", "Kannada"},   {"Mlym", "Malayalam"},  {"Sinh", "Sinhala"},  {"Thai", "Thai"},
    {"Laoo", "Lao"},       {"Tibt", "Tibetan"},    {"Mymr", "Burmese"},  {"Geor", "Georgian"},
    {"Hang", "Korean"},    {"Ethi", "Ethiopic"},   {"Cher", "Cherokee"}, {"Khmr", "Khmer"},
    {"Mong", "Mongolian"}, {"Copt", "Coptic"},     {"Tfng", "Tifinagh"}, {"Hani", "Chinese"},
    {"Jpan", "Japanese"},  {"Java", "Javanese"},   {"Cham", "Cham"},     {"Yiii", "Yi"},
};

script_code script_parse(utf8_text text) {
  if (text.bytes != 4) return SCRIPT_NONE;
  script_code code = SCRIPT_NONE;
  for (int i = 0; i < 4; i++) {
    const char first = i == 0 ? 'A' : 'a';
    if (text.text[i] < first || text.text[i] > first + 25) return SCRIPT_NONE;
    code |= (script_code)(unsigned char)text.text[i] << (8 * i);
  }
  return code;
}

void script_write(script_code script, char out[5]) {
  for (int i = 0; i < 4; i++) out[i] = (char)(script >> (8 * i) & 0xFF);
  out[4] = '\0';
}

const char *script_name(script_code script, char out[5]) {
  script_write(script, out);
  for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
    if (strcmp(NAMES[i].code, out) == 0) return NAMES[i].name;
  }
  return out;
}

static const block *find(uint32_t character) {
  int low = 0, high = BLOCK_COUNT - 1;
  while (low < high) {
    const int middle = (low + high) / 2;
    if (character < BLOCKS[middle].end) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return &BLOCKS[low];
}

script_code script_of(uint32_t character) {
  const block *b = find(character);
  return b->code[0] == '\0' ? SCRIPT_NONE : script_parse((utf8_text){b->code, 4});
}

script_code script_of_text(const char *text, size_t bytes) {
  enum { DIFFERENT_MAX = 8 };
  struct {
    script_code script;
    int count;
  } seen[DIFFERENT_MAX] = {{0}};
  uint32_t character;
  int best = 0;
  for (size_t at = 0; at < bytes;) {
    at += (size_t)utf8_next(text + at, bytes - at, &character);
    const script_code script = script_of(character);
    for (int i = 0; script != SCRIPT_NONE && i < DIFFERENT_MAX; i++) {
      if (seen[i].script != SCRIPT_NONE && seen[i].script != script) continue;
      seen[i].script = script;
      seen[i].count++;
      break;
    }
  }
  for (int i = 1; i < DIFFERENT_MAX; i++) {
    if (seen[i].count > seen[best].count) best = i;
  }
  for (int i = 0; seen[best].script == SCRIPT_HAN && i < DIFFERENT_MAX; i++) {
    if (seen[i].script == SCRIPT_JAPANESE) return SCRIPT_JAPANESE;
  }
  return seen[best].script;
}
