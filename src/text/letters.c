#include "letters.h"

#include <stddef.h>

#include "utf8.h"

/* Each class holds from the character before's end up to here. */
typedef struct block {
  uint32_t end : 24, class : 8;
} block;

static const block BLOCKS[] = {
    {0x30, LETTER_PUNCTUATION},   {0x3A, LETTER_DIGIT},         {0x41, LETTER_PUNCTUATION},
    {0x5B, LETTER_LATIN},         {0x61, LETTER_PUNCTUATION},   {0x7B, LETTER_LATIN},
    {0xA2, LETTER_PUNCTUATION},   {0xA7, LETTER_SYMBOL},        {0xA9, LETTER_PUNCTUATION},
    {0xAA, LETTER_SYMBOL},        {0xAB, LETTER_LATIN},         {0xAC, LETTER_PUNCTUATION},
    {0xAD, LETTER_SYMBOL},        {0xAE, LETTER_PUNCTUATION},   {0xAF, LETTER_SYMBOL},
    {0xB1, LETTER_PUNCTUATION},   {0xB2, LETTER_SYMBOL},        {0xB5, LETTER_PUNCTUATION},
    {0xB6, LETTER_LATIN},         {0xBA, LETTER_PUNCTUATION},   {0xBB, LETTER_LATIN},
    {0xC0, LETTER_PUNCTUATION},   {0xD7, LETTER_LATIN},         {0xD8, LETTER_SYMBOL},
    {0xF7, LETTER_LATIN},         {0xF8, LETTER_SYMBOL},        {0x2B0, LETTER_LATIN},
    {0x300, LETTER_PUNCTUATION},  {0x370, LETTER_MARK},         {0x1AB0, LETTER_OTHER},
    {0x1B00, LETTER_MARK},        {0x1DC0, LETTER_OTHER},       {0x1E00, LETTER_MARK},
    {0x1F00, LETTER_LATIN},       {0x2000, LETTER_OTHER},       {0x200C, LETTER_PUNCTUATION},
    {0x200E, LETTER_JOINER},      {0x2020, LETTER_PUNCTUATION}, {0x2024, LETTER_SYMBOL},
    {0x203B, LETTER_PUNCTUATION}, {0x203D, LETTER_SYMBOL},      {0x2043, LETTER_PUNCTUATION},
    {0x204A, LETTER_SYMBOL},      {0x20A0, LETTER_PUNCTUATION}, {0x20D0, LETTER_SYMBOL},
    {0x2100, LETTER_JOINER},      {0x2C00, LETTER_SYMBOL},      {0x2C60, LETTER_OTHER},
    {0x2C80, LETTER_LATIN},       {0x2E00, LETTER_OTHER},       {0x2E80, LETTER_PUNCTUATION},
    {0x2FE0, LETTER_OTHER},       {0x3004, LETTER_PUNCTUATION}, {0x3005, LETTER_SYMBOL},
    {0x3008, LETTER_OTHER},       {0x3012, LETTER_PUNCTUATION}, {0x3014, LETTER_SYMBOL},
    {0x3020, LETTER_PUNCTUATION}, {0x3021, LETTER_SYMBOL},      {0x3030, LETTER_OTHER},
    {0x3031, LETTER_SYMBOL},      {0xA720, LETTER_OTHER},       {0xA800, LETTER_LATIN},
    {0xAB30, LETTER_OTHER},       {0xAB70, LETTER_LATIN},       {0xE000, LETTER_OTHER},
    {0xF900, LETTER_SYMBOL},      {0xFB00, LETTER_OTHER},       {0xFB07, LETTER_LATIN},
    {0xFE00, LETTER_OTHER},       {0xFE10, LETTER_JOINER},      {0xFE70, LETTER_PUNCTUATION},
    {0xFEFF, LETTER_OTHER},       {0xFF10, LETTER_PUNCTUATION}, {0xFF1A, LETTER_OTHER},
    {0xFF21, LETTER_PUNCTUATION}, {0xFF3B, LETTER_LATIN},       {0xFF41, LETTER_PUNCTUATION},
    {0xFF5B, LETTER_LATIN},       {0xFF66, LETTER_PUNCTUATION}, {0xFFE0, LETTER_OTHER},
    {0x10000, LETTER_SYMBOL},     {0x1D000, LETTER_OTHER},      {0x1D400, LETTER_SYMBOL},
    {0x1F000, LETTER_OTHER},      {0x1FC00, LETTER_SYMBOL},     {0xE0000, LETTER_OTHER},
    {0xE1000, LETTER_JOINER},     {0x110000, LETTER_SYMBOL},
};

/* Most of all text, without a search. */
static letter_class ascii_class(uint32_t character) {
  if ((character | 0x20) - 'a' < 26) return LETTER_LATIN;
  if (character - '0' < 10) return LETTER_DIGIT;
  return utf8_is_space(character) ? LETTER_SPACE : LETTER_PUNCTUATION;
}

letter_class letters_class(uint32_t character) {
  if (character < 0x80) return ascii_class(character);
  if (utf8_is_space(character)) return LETTER_SPACE;
  size_t low = 0, high = sizeof BLOCKS / sizeof *BLOCKS - 1;
  while (low < high) {
    const size_t middle = (low + high) / 2;
    if (character < BLOCKS[middle].end) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return (letter_class)BLOCKS[low].class;
}

bool letters_in_word(uint32_t character) {
  const letter_class class = letters_class(character);
  return (class >= LETTER_LATIN && class <= LETTER_DIGIT) || character == '_';
}

/* ---- case ---- */

/* The runs of letters where the even one is the capital of the odd one after it, or the odd one of
 * the even. Without U+0130 and U+0131, whose partners are i and I; and what comes in threes. */
static bool in_pairs(uint32_t c) {
  return (c >= 0x100 && c < 0x130) || (c >= 0x132 && c < 0x138) || (c >= 0x139 && c < 0x149) ||
         (c >= 0x14A && c < 0x178) || (c >= 0x179 && c < 0x17F) || (c >= 0x1A0 && c < 0x1A2) ||
         (c >= 0x1AF && c < 0x1B1) || (c >= 0x1CD && c < 0x1DD) || (c >= 0x1DE && c < 0x1F0) ||
         (c >= 0x1F8 && c < 0x220) || (c >= 0x222 && c < 0x234) || (c >= 0x246 && c < 0x250) ||
         (c >= 0x1E00 && c < 0x1E96) || (c >= 0x1EA0 && c < 0x1F00);
}

static bool odd_is_capital(uint32_t c) {
  return (c >= 0x139 && c < 0x149) || (c >= 0x179 && c < 0x17F) || (c >= 0x1AF && c < 0x1B1) ||
         (c >= 0x1CD && c < 0x1DD);
}

uint32_t letters_lower(uint32_t c) {
  if ((c >= 'A' && c <= 'Z') || (c >= 0xC0 && c < 0xDF && c != 0xD7)) return c + 32;
  if (c == 0x178) return 0xFF;
  return in_pairs(c) && c % 2 == (odd_is_capital(c) ? 1 : 0) ? c + 1 : c;
}

uint32_t letters_upper(uint32_t c) {
  if ((c >= 'a' && c <= 'z') || (c >= 0xE0 && c < 0xFF && c != 0xF7)) return c - 32;
  if (c == 0xFF) return 0x178;
  return in_pairs(c) && c % 2 == (odd_is_capital(c) ? 0 : 1) ? c - 1 : c;
}
