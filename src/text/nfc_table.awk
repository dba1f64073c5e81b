# Writes the tables of nfc.c, from two files of the Unicode Character Database:
#
#   awk -f nfc_table.awk CompositionExclusions.txt UnicodeData.txt > nfc_table.h
#
# POSIX awk (mawk will do). Both tables are streams of differences, which compress to half of what
# tables to search in would; nfc.c unpacks them where a text needs them.
#
#   nfc_decompositions  for each character with a canonical decomposition, by code point:
#                         its code point, as the difference from the last one
#                         the first character of the decomposition, likewise (zigzag: 2 d, -2 d - 1)
#                         the second one, an index into nfc_seconds: one byte, 0 for none
#   nfc_seconds         the second characters. Pairs with one up to NFC_COMPOSING compose; those
#                       beyond stand for pairs of the composition exclusions
#   nfc_classes         for each range of characters of one combining class above 0: characters
#                       skipped before it, characters in it less one, and the class: one byte
#
# Numbers are seven bits a byte, lowest first, the eighth bit set on all but the last. Left out are
# Hangul syllables, which nfc.c computes, and the compatibility ideographs, whose thousand
# decompositions into other ideographs would double the table.

BEGIN {
  for (i = 0; i < 16; i++) digit[substr("0123456789ABCDEF", i + 1, 1)] = i
}

function hex(text,   i, value) {
  value = 0
  for (i = 1; i <= length(text); i++) value = value * 16 + digit[substr(text, i, 1)]
  return value
}

function fail(why) {
  print "nfc_table.awk: " why > "/dev/stderr"
  failed = 1
  exit 1
}

FILENAME ~ /CompositionExclusions/ {
  if ($1 ~ /^[0-9A-F]+$/) excluded[hex($1)] = 1
  next
}

{
  split($0, field, ";")
  code = hex(field[1])
  if (code == 233) unicode_data = field[2] == "LATIN SMALL LETTER E WITH ACUTE"
  if (field[4] > 0) note_class(code, field[4] + 0)
  if (field[6] != "" && field[6] !~ /^</ && !is_ideograph(code)) note_decomposition(code, field[6])
}

function is_ideograph(code) {
  return code >= 63744 && code <= 64255 || code >= 194560 && code <= 195103 # U+F900, U+2F800
}

function note_class(code, class) {
  if (range_count == 0 || code != range_last[range_count] + 1 || class != range_class[range_count]) {
    range_first[++range_count] = code
    range_class[range_count] = class
  }
  range_last[range_count] = code
}

function note_decomposition(code, text,   parts, count) {
  count = split(text, parts, " ")
  if (count > 2) fail("a decomposition into more than two: " text)
  composite[++composites] = code
  decomposes[code] = 1
  first[composites] = hex(parts[1])
  second[composites] = count == 2 ? hex(parts[2]) : 0
  if (count == 2) seen[(code in excluded) + 0, second[composites]] = 1
}

function put(byte) {
  out = out byte ","
  if (++bytes % 24 == 0) out = out "\n"
}

function put_number(value) {
  while (value >= 128) {
    put(value % 128 + 128)
    value = int(value / 128)
  }
  put(value)
}

function flush(name) {
  printf "static const unsigned char %s[%d] = {\n%s};\n", name, bytes, out
  out = ""
  bytes = 0
}

# Numbers the second characters in the order of their code points.
function number_seconds(is_excluded,   code) {
  for (code = 1; code < 131072; code++) {
    if ((is_excluded, code) in seen) {
      if (code in decomposes) fail("a second character that decomposes: " code)
      seconds[++second_count] = code
      number[is_excluded, code] = second_count
    }
  }
}

END {
  if (failed) exit 1
  if (!unicode_data || composites == 0) fail("these are not the two files")
  number_seconds(0)
  composing = second_count
  number_seconds(1)
  if (second_count > 255) fail("the table outgrew its bytes")

  print "/* Made by nfc_table.awk from CompositionExclusions.txt and UnicodeData.txt. */"
  printf "enum { NFC_COMPOSITES = %d, NFC_COMPOSING = %d, NFC_RANGES = %d };\n", composites, \
    composing, range_count
  last_code = last_first = 0
  for (i = 1; i <= composites; i++) {
    put_number(composite[i] - last_code)
    difference = first[i] - last_first
    put_number(difference < 0 ? -2 * difference - 1 : 2 * difference)
    put(second[i] == 0 ? 0 : number[(composite[i] in excluded) + 0, second[i]])
    last_code = composite[i]
    last_first = first[i]
  }
  flush("nfc_decompositions")
  next_code = 0
  for (i = 1; i <= range_count; i++) {
    put_number(range_first[i] - next_code)
    put_number(range_last[i] - range_first[i])
    put(range_class[i])
    next_code = range_last[i] + 1
  }
  flush("nfc_classes")
  printf "static const unsigned nfc_seconds[%d] = {0", second_count + 1
  for (i = 1; i <= second_count; i++) printf ",%s%d", i % 16 == 0 ? "\n" : "", seconds[i]
  print "};"
}
