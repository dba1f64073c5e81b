"""Writes bleu_golden.txt: what sacreBLEU gives, for bleu_test.c.

    python3 -m pip install sacrebleu
    python3 make_bleu_golden.py > bleu_golden.txt

The file holds, for each corpus, a line `corpus NAME`, then for each sentence `hypothesis TEXT`,
`tokens TEXT` (13a), `reference TEXT` as often as there are, `sentence BLEU CHRF` (BLEU with
effective order); and last `bleu SCORE PRECISION*4 PENALTY LENGTH REFERENCE_LENGTH`, `chrf SCORE`,
`signatures BLEU CHRF`. In a text, \\n is a line feed, \\t a tab and \\\\ a backslash.
"""

import sacrebleu
from sacrebleu.metrics import BLEU, CHRF

# hypothesis, references
FRENCH = [
    ("Le chat dort sur le lit.", ["Le chat dort sur le lit.", "Le chat est couché sur le lit."]),
    ("Où est la gare ?", ["Où se trouve la gare ?", "Où est-ce qu'est la gare ?"]),
    ("J'ai acheté 3,5 kg de pommes pour 12.50 €.",
     ["J'ai acheté trois kilos et demi de pommes à 12,50 €.", "J'ai pris 3,5 kg de pommes, 12.50 €."]),
    ("« Viens ! » dit-elle.", ["« Venez ! » dit-elle.", "«Viens!», dit-elle."]),
    ("", ["Il n'a rien dit.", "Rien."]),
    ("Elle n'est pas venue hier soir parce qu'elle était malade.",
     ["Elle n'est pas venue hier soir car elle était malade.",
      "Hier soir, elle n'est pas venue parce qu'elle était malade."]),
    ("C'est l'un des plus beaux villages de la région, n'est-ce pas ?",
     ["C'est un des plus beaux villages de la région, n'est-ce pas ?",
      "N'est-ce pas l'un des plus beaux villages du coin ?"]),
    ("la la la la la la", ["la vie est là", "la la land"]),
    ("Rendez-vous à 10:30 le 24/12 -- ne sois pas en retard...",
     ["Rendez-vous à 10 h 30 le 24/12 : ne soyez pas en retard.", "RDV à 10:30 le 24/12... À l'heure !"]),
    ("Il pleut 😀😀 !", ["Il pleut 😀 !", "Il pleut des cordes !"]),
    ("Oui", ["Oui", "Oui."]),
    ("Non.", ["Non", "Pas du tout."]),
]

ENGLISH = [
    ("The quick fox jumped over two dogs.", ["The quick brown fox jumps over two lazy dogs."]),
    ("&quot;Tom &amp; Jerry&quot; cost $1,234.56 in 1990-95, didn't it?",
     ["\"Tom & Jerry\" cost $1,234.56 in 1990-1995, did it not?"]),
    ("It is well-known: A&amp;lt;B, x&gt;y [sic] {ok} ~50% @home #1 a_b c^d `e`",
     ["It's well known: A<B, x>y [sic] {ok} ~50 % @home #1 a_b c^d 'e'"]),
    ("no match here", ["ein ganz anderer Satz"]),
    ("U.S. exports fell 3.5.", ["U.S. exports fell by 3.5%."]),
    ("  spaces \t everywhere \u00a0and\u202fodd\u2009ones ", ["spaces everywhere and odd ones"]),
    ("line-\nbreaks and\nfeeds <skipped> here", ["linebreaks and feeds here"]),
    ("a", ["a"]),
    ("ab cd", ["ab"]),
    ("A sentence that is quite a bit longer than the reference is and goes on and on and on.",
     ["A sentence that is longer."]),
    (".,.,1,2.3,.4-5-6 7- -8 9.", [".,.,1,2.3,.4-5-6 7- -8 9."]),
    ("back\\slash", ["back \\ slash"]),
    ("naïve café — “quoted” ‘text’…", ["naive café - \"quoted\" 'text'..."]),
]


def escaped(text):
    for character, escape in (("\\", "\\\\"), ("\n", "\\n"), ("\t", "\\t")):
        text = text.replace(character, escape)
    return text


def write_corpus(name, sentences):
    print("corpus", name)
    bleu, chrf, single = BLEU(), CHRF(), BLEU(effective_order=True)
    for hypothesis, references in sentences:
        print("hypothesis", escaped(hypothesis))
        print("tokens", escaped(bleu._preprocess_segment(hypothesis)))
        for reference in references:
            print("reference", escaped(reference))
        of_bleu = single.sentence_score(hypothesis, references).score
        of_chrf = chrf.sentence_score(hypothesis, references).score
        print(f"sentence {of_bleu:.9f} {of_chrf:.9f}")
    hypotheses = [hypothesis for hypothesis, _ in sentences]
    streams = [list(stream) for stream in zip(*(references for _, references in sentences))]
    score = bleu.corpus_score(hypotheses, streams)
    precisions = " ".join(f"{precision:.9f}" for precision in score.precisions)
    print(f"bleu {score.score:.9f} {precisions} {score.bp:.9f} {score.sys_len} {score.ref_len}")
    print(f"chrf {chrf.corpus_score(hypotheses, streams).score:.9f}")
    print("signatures", bleu.get_signature(), chrf.get_signature())


print(f"# Written by make_bleu_golden.py with sacreBLEU {sacrebleu.__version__}; do not edit.")
write_corpus("french, two references", FRENCH)
write_corpus("french, one reference", [(h, r[:1]) for h, r in FRENCH])
write_corpus("english", ENGLISH)
write_corpus("short", [("a b c", ["a b c"]), ("d", ["d e"])])
write_corpus("one match", [("a b c d e", ["a v w x y z"])])
write_corpus("nothing", [("", ["a b"]), ("c", ["d"])])
write_corpus("empty", [("", [""])])
