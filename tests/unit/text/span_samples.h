#ifndef RECUR_SPAN_SAMPLES_H
#define RECUR_SPAN_SAMPLES_H

/* What is to come back from a translator byte for byte, each as a user might type it: for property
 * tests, here and, through make_translators.c, in tests/wasm. */

static const char *const SPAN_NUMBERS[] = {"7",           "1999",
                                           "3.5",         "1,299.99",
                                           "-4",          "50%",
                                           "$5",          "\u20AC12.50",
                                           "10-12",       "1/2",
                                           "12/03/2024",  "2024-03-12",
                                           "555-0142",    "123456789012345678901234567890",
                                           "192.168.0.1", "3:45",
                                           "10:30:15",    "21\u00B0C",
                                           "10:30 CET"};

static const char *const SPAN_OTHERS[] = {
    "https://example.com/a?b=c&d=%20#e",
    "www.example.org",
    "someone+tag@mail.example.org",
    "/usr/share/doc/x.txt",
    "C:\\Temp\\a.txt",
    "~/notes.md",
    "<b>",
    "</a>",
    "<img src=\"a b.png\"/>",
    "&nbsp;",
    "&#8217;",
    "{name}",
    "{{count}}",
    "${HOME}",
    "%s",
    "%1$d",
    "%(total)s",
    "snake_case",
    "camelCase",
    "foo()",
    "COVID-19",
    "v2.1.3",
    "--dry-run",
    "`rm -rf x`",
    "#hashtag",
    "@someone",
    "\U0001F600",
    "\U0001F468\u200D\U0001F469\u200D\U0001F467\u200D\U0001F466",
    "\U0001F44D\U0001F3FD",
    "\U0001F1EB\U0001F1F7",
    "\u2764\uFE0F",
    "1\uFE0F\u20E3",
    "\u2122",
    "\u2192",
    "->",
    ":-)",
    "\u041F\u0440\u0438\u0432\u0435\u0442",
    "\u6771\u4EAC",
    "\u0645\u0631\u062D\u0628\u0627",
    "\uE000",
    "\uE015x\uE02F",
    "\uF8FF",
    "\u00A74.2",
    "10.0.0.1:8080/x?y=z",
    "localhost:3000"};

static const char *const SPAN_WORDS[] = {
    "the",  "a",  "house", "I",  "Please",        "see",       "THE",
    "it's", "of", "blue",  "to", "\u00E9t\u00E9", "well-known"};

#endif
