# Writes the letters that differ in case alone, from UnicodeData.txt:
#
#   awk -f case_table.awk UnicodeData.txt > case_table.h
#
# By the simple mappings: each character that has a lower case, in ranges of `count` characters, `step`
# apart, that have theirs at the same distance.

function hex(text, value, i) {
  value = 0
  for (i = 1; i <= length(text); i++) {
    value = value * 16 + index("0123456789ABCDEF", substr(text, i, 1)) - 1
  }
  return value
}

function flush() {
  if (size > 0) printf "{%d,%d,%d,%d},\n", first, distance, size, step
}

BEGIN {
  FS = ";"
  print "/* Made by case_table.awk from UnicodeData.txt. */"
  print "static const struct {\n  uint32_t first;\n  int32_t distance;\n  uint8_t count, step;\n} case_ranges[] = {"
}

$14 != "" {
  upper = hex($1)
  count++
  if (size > 0 && hex($14) - upper == distance &&
      (size == 1 ? upper - last <= 2 : upper - last == step)) {
    step = upper - last
    last = upper
    size++
    next
  }
  flush()
  first = last = upper
  distance = hex($14) - upper
  step = size = 1
}

END {
  flush()
  print "};"
  if (count < 1000) {
    print "case_table.awk: this is not UnicodeData.txt" > "/dev/stderr"
    exit 1
  }
}
