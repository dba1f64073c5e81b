# Writes the pairs of letters that differ in case alone, from UnicodeData.txt:
#
#   awk -f case_table.awk UnicodeData.txt > case_table.h
#
# By the simple mappings: each character that has a lower case, with it, by character.

BEGIN {
  FS = ";"
  print "/* Made by case_table.awk from UnicodeData.txt. */"
  print "static const struct {\n  uint32_t upper, lower;\n} case_pairs[] = {"
}

$14 != "" { printf "{0x%s,0x%s},\n", $1, $14; count++ }

END {
  print "};"
  if (count < 1000) {
    print "case_table.awk: this is not UnicodeData.txt" > "/dev/stderr"
    exit 1
  }
}
