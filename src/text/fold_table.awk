# Writes the table by which alphabet.c folds characters to letters, from UnicodeData.txt:
#
#   awk -f fold_table.awk UnicodeData.txt > fold_table.h
#
# POSIX awk (mawk will do). A character folds to
#   - a space, if it is white space (by category or bidirectional class);
#   - nothing, if it is a mark, or a vowel or final consonant of a decomposed Hangul syllable;
#   - an apostrophe, if it is one of the characters typed and printed for it;
#   - what the characters that it decomposes to fold to, recursively, if all of them do;
#   - the letter in its name, if it is "LATIN SMALL LETTER O WITH STROKE" or the like.
# Everything else is unknown, and so is what no one writes a name with: letters outside the Basic
# Multilingual Plane (mathematical alphabets and the like), squared units, and what would become
# more letters than it has bytes of UTF-8, so that a text never has more letters than bytes.

BEGIN {
  FS = ";"
  UNKNOWN = ""; MARK = "\001"
  TABLE_END = 131072 # 0x20000: beyond lie ideographs, tags and the last variation selectors
  PAGE = 64
  LATIN = "^LATIN (((CAPITAL|SMALL) )?LETTER( SMALL CAPITAL)?|(CAPITAL|SMALL) LIGATURE) "

  for (i = 0; i < 16; i++) digit[substr("0123456789ABCDEF", i + 1, 1)] = i
  for (i = 32; i < 127; i++) ascii[i] = sprintf("%c", i)

  count = split("0060 00B4 02B9 02BB 02BC 02BD 02BE 02BF 2018 2019 201B 2032 A78B A78C", list, " ")
  for (i = 1; i <= count; i++) apostrophe[hex(list[i])] = 1

  # Letters whose names spell a sound or a history instead of the letter.
  named["SHARP S"] = "SS"; named["THORN"] = "TH"; named["ETH"] = "D"; named["ENG"] = "NG"
  named["SCHWA"] = "E"; named["EZH"] = "Z"; named["KRA"] = "Q"; named["WYNN"] = "W"
  named["YOGH"] = "Y"; named["HWAIR"] = "HV"; named["YR"] = "R"; named["OI"] = UNKNOWN # a misnamed gha
}

function hex(text,   i, value) {
  value = 0
  for (i = 1; i <= length(text); i++) value = value * 16 + digit[substr(text, i, 1)]
  return value
}

{
  code = hex($1)
  if (code >= TABLE_END) next
  name[code] = $2; category[code] = $3; bidirectional[code] = $5; decomposition[code] = $6
}

function fold(code) {
  if (!(code in folded)) folded[code] = fold_afresh(code)
  return folded[code]
}

function fold_afresh(code,   letters) {
  if (!(code in name)) return UNKNOWN
  if (category[code] ~ /^Z/ || bidirectional[code] ~ /^(WS|S|B)$/) return " "
  if (category[code] ~ /^M/ || name[code] ~ /^HANGUL (JUNGSEONG|JONGSEONG) /) return MARK
  if (code in apostrophe) return "'"
  if (code < 128) return ascii[code] ~ /^[a-zA-Z.,;']$/ ? ascii[code] : UNKNOWN
  if (code >= 65536) return UNKNOWN
  if (decomposition[code] != "") {
    letters = fold_decomposed(decomposition[code])
    return length(letters) <= (code < 2048 ? 2 : 3) ? letters : UNKNOWN
  }
  return fold_named(name[code])
}

function fold_decomposed(text,   parts, count, i, piece, out) {
  if (text ~ /^<square>/) return UNKNOWN
  sub(/^<[a-zA-Z]*> /, "", text)
  count = split(text, parts, " ")
  out = ""
  for (i = 1; i <= count; i++) {
    piece = fold(hex(parts[i]))
    if (piece == MARK) continue
    if (piece == UNKNOWN || piece == " ") return UNKNOWN # a space here carries a lone accent
    out = out piece
  }
  return out
}

function fold_named(text,   base) {
  base = text
  if (!sub(LATIN, "", base)) return UNKNOWN
  sub(/ WITH .*/, "", base)
  if (base in named) base = named[base]
  else sub(/^(DOTLESS|LONG|AFRICAN|OPEN|SCRIPT|INSULAR|BROKEN|BLACKLETTER|MIDDLE-WELSH) /, "", base)
  if (base !~ /^[A-Z][A-Z]?$/) return UNKNOWN
  return text ~ /^LATIN CAPITAL/ ? base : tolower(base)
}

# The byte that stands for a fold: 0 unknown, 1 a mark, below 128 the letter itself, from 128 on an
# expansion.
function table_byte(letters) {
  if (letters == UNKNOWN) return 0
  if (letters == MARK) return 1
  if (length(letters) == 1) return "'" (letters == "'" ? "\\'" : letters) "'"
  if (!(letters in expansion)) {
    expansion[letters] = 128 + expansion_count
    expansions[expansion_count++] = letters
  }
  return expansion[letters]
}

END {
  if (name[233] != "LATIN SMALL LETTER E WITH ACUTE") {
    print "fold_table.awk: this is not UnicodeData.txt" > "/dev/stderr"
    exit 1
  }
  page_count = 0
  index_rows = ""
  for (start = 0; start < TABLE_END; start += PAGE) {
    page = ""
    for (i = 0; i < PAGE; i++) page = page table_byte(fold(start + i)) (i % 16 < 15 ? "," : ",\n")
    if (!(page in page_of)) {
      page_of[page] = page_count
      pages[page_count++] = page
    }
    index_rows = index_rows page_of[page] (start / PAGE % 32 < 31 ? "," : ",\n")
  }
  if (page_count > 256 || expansion_count > 128) {
    print "fold_table.awk: the table outgrew its bytes" > "/dev/stderr"
    exit 1
  }
  longest = 0
  for (i = 0; i < expansion_count; i++) {
    if (length(expansions[i]) > longest) longest = length(expansions[i])
  }

  print "/* Made by fold_table.awk from UnicodeData.txt. */"
  printf "enum { FOLD_UNKNOWN, FOLD_MARK, FOLD_EXPANSIONS = 128, FOLD_PAGE = %d, FOLD_END = %d };\n", \
    PAGE, TABLE_END
  printf "static const unsigned char fold_index[%d] = {\n%s};\n", TABLE_END / PAGE, index_rows
  printf "static const unsigned char fold_pages[%d][FOLD_PAGE] = {\n", page_count
  for (i = 0; i < page_count; i++) printf "{%s},\n", pages[i]
  print "};"
  printf "static const char fold_expansions[%d][%d] = {\n", expansion_count, longest + 1
  for (i = 0; i < expansion_count; i++) printf "\"%s\",\n", expansions[i]
  print "};"
}
