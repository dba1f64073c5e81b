"""Prints fold_golden.h: what Python's unicodedata makes of the characters that alphabet.c folds.

    python3 fold_golden.py > fold_golden.h

An implementation of its own: NFKD, without the marks, wherever letters of the alphabet are left.
Nothing here knows of fold_table.awk; what that derives from names is checked by hand in
alphabet_test.c.
"""

import string
import unicodedata

ALPHABET = string.ascii_letters + " .,;'"
APOSTROPHES = "\u02bc\u2018\u2019\u02be"


def is_mark(character):
    return unicodedata.category(character).startswith("M")


def fold(character):
    if unicodedata.decomposition(character).startswith("<square>"):
        return ""
    text = unicodedata.normalize("NFKD", character)
    text = "".join("'" if c in APOSTROPHES else c for c in text if not is_mark(c))
    if text == character or " " in text or any(c not in ALPHABET for c in text):
        return ""
    return text if len(text) <= len(character.encode()) else ""


def escaped(text):
    return "".join(f"\\x{byte:02x}" for byte in text.encode())


def marks():
    ranges = []
    for code in range(0x20000):
        if not is_mark(chr(code)):
            continue
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return ranges


folded = {}
for code in range(0x80, 0x10000):
    if not 0xD800 <= code < 0xE000 and fold(chr(code)):
        folded.setdefault(fold(chr(code)), []).append(chr(code))

WORDS = [
    ("Nguyễn Thị Ánh Tuyết", "Nguyen Thi Anh Tuyet"),
    ("Dương Thụy Đoàn", "Duong Thuy Doan"),
    ("Zażółć gęślą jaźń", "Zazolc gesla jazn"),
    ("Ślusàrski", "Slusarski"),
    ("Çağlayan Işık İnönü", "Caglayan Isik Inonu"),
    ("Müller-Lüdenscheidt Weiß", "Muller?Ludenscheidt Weiss"),
    ("Þórður Æsir Guðmundsdóttir", "THordur AEsir Gudmundsdottir"),
    ("Dvořák Škvorecký", "Dvorak Skvorecky"),
    ("Ștefănescu Țepeș", "Stefanescu Tepes"),
    ("ǅ ﬃ Ａ①", "Dz ffi A?"),
    ("Ελλάδα", "??????"),
    ("Чайковский", "??????????"),
    ("김정은", "???"),
    ("がぎぐ", "???"),
]

print("/* Made by fold_golden.py with Unicode " + unicodedata.unidata_version + ". */")
print("typedef struct folded_characters { const char *letters, *characters; } folded_characters;")
print("static const folded_characters folded[] = {")
for letters, characters in sorted(folded.items()):
    print(f'{{"{letters}", "{"".join(characters)}"}},')
print("};")
print("typedef struct code_range { unsigned first, last; } code_range;")
print("static const code_range marks[] = {")
for first, last in marks():
    print(f"{{0x{first:X}, 0x{last:X}}},")
print("};")
print("/* Composed, decomposed, and the letters of both; ? is the unknown. */")
print("typedef struct folded_word { const char *nfc, *nfd, *letters; } folded_word;")
print("static const folded_word words[] = {")
for word, letters in WORDS:
    nfc, nfd = (unicodedata.normalize(form, word) for form in ("NFC", "NFD"))
    print(f'{{"{escaped(nfc)}", "{escaped(nfd)}", "{letters}"}},')
print("};")
