"""Writes bpe_golden.txt: what Hugging Face's tokenizers learns and how it splits, for bpe_test.c.

    python3 -m pip install tokenizers
    python3 make_bpe_golden.py > bpe_golden.txt

The sentences below are the corpus; others follow that are only split. Words are cut as
src/text/bpe_words.h says, by one regular expression; U+2581 stands for the space before a word.

The file holds lines `corpus TEXT`, then `token TEXT` for the learnt vocabulary in the order of its
ids, then `merge LEFT RIGHT` in the order of learning, then pairs of `text TEXT` and `ids ID...`.
In a text, \\n is a line feed and \\\\ a backslash.
"""

import json

import tokenizers
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

VOCABULARY = 700
SPACE = "\u2581"

CORPUS = """\
The old miller walks to the mill every morning.
Le vieux meunier va au moulin tous les matins.
He doesn't know whether the wheel will turn today.
Il ne sait pas si la roue tournera aujourd'hui.
"Have you seen my hat?" he asked his wife.
« As-tu vu mon chapeau ? » demanda-t-il à sa femme.
She said that she hadn't seen it since Sunday.
Elle dit qu'elle ne l'avait pas vu depuis dimanche.
It's on the bench, next to the 25 sacks of flour!
Il est sur le banc, à côté des 25 sacs de farine !
The cat, which was asleep, didn't move at all...
Le chat, qui dormait, n'a pas bougé du tout...
What's the weather like? Is it going to rain?
Quel temps fait-il ? Va-t-il pleuvoir ?
There were 1,204 sheep on the hill; the shepherd counted them.
Il y avait 1 204 moutons sur la colline ; le berger les a comptés.
Where did the children go after school?
Où les enfants sont-ils allés après l'école ?
They went down to the river to look for frogs.
Ils sont descendus à la rivière pour chercher des grenouilles.
My brother's wife is a well-known painter.
La femme de mon frère est une peintre très connue.
I would rather stay at home than go out in this weather.
Je préfère rester à la maison plutôt que de sortir par ce temps.
The children were playing in the garden while their mother was reading.
Les enfants jouaient dans le jardin pendant que leur mère lisait.
Nobody knew where the key was, but everybody was looking for it.
Personne ne savait où était la clé, mais tout le monde la cherchait.
When the rain stopped, the whole village went outside.
Quand la pluie cessa, tout le village sortit.
The wheel turns, the water runs, the miller sleeps.
La roue tourne, l'eau coule, le meunier dort.
aaaa aaaaa aaa aa haha hahaha hahahaha
ooooh nonono nononono anananas bananas
""".splitlines()

OTHERS = [
    "The miller's wife counted 17 frogs, didn't she?",
    "La meunière n'a compté que 1 350 grenouilles, n'est-ce pas ?",
    "",
    " ",
    "   leading and trailing   ",
    "two  spaces   three",
    "tabs\tand\nline feeds\n\n\nand \r\n more",
    "Zürich, Łódź, Ελλάδα, Москва, 東京, قلب",
    "emoji \U0001f600\U0001f600 \u2764\ufe0f \U0001f468\u200d\U0001f469\u200d\U0001f467!!",
    "e\u0301te\u0301 decomposed",
    "'quoted' \"double\" (brackets) [more] {braces} <s> </s> <0x41> a-b- -c 'd- e'f'",
    "?? ?! !!! ... .. , ;; :: «mot» ½ × ÷ ª º µ €5 №7 ™",
    "aaaaaaa aaaaaaaaaaaa hahahahahaha nonononono",
    "MIXED Case miLLer",
    "back\\slash and \u00a0 no-break \u202f spaces \u2009",
    "a" * 40 + " " + "ab" * 20,
]

MARKS = (
    r"\x00-\x1f!-/:-@\[-`{-\x7f\u0080-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u00d7\u00f7"
    r"\u2000-\u2580\u2582-\u2bff\u3000-\u303f\ufe00-\ufe0f\uff01-\uff20\ufffd\U0001f000-\U0001faff"
)
LETTER = f"[^{MARKS}0-9{SPACE}]"
WORD = f"{SPACE}?(?:{LETTER}+(?:['-]{LETTER}+)*|[0-9]|([{MARKS}])\\1*)|{SPACE}"


def escaped(text):
    return text.replace("\\", "\\\\").replace("\n", "\\n")


def expanded(pattern):
    """With the escapes as the characters that they name: the engine knows none of them."""
    keep = {"-": "\\-", "[": "\\[", "]": "\\]", "\\": "\\\\"}
    out, at = "", 0
    while at < len(pattern):
        for prefix, digits in (("\\x", 2), ("\\u", 4), ("\\U", 8)):
            if pattern.startswith(prefix, at):
                character = chr(int(pattern[at + 2 : at + 2 + digits], 16))
                out += keep.get(character, character)
                at += 2 + digits
                break
        else:
            out += pattern[at]
            at += 1
    return out


special = ["<s>", "</s>"] + [f"<0x{byte:02X}>" for byte in range(256)]
tokenizer = Tokenizer(models.BPE(byte_fallback=True))
tokenizer.normalizer = normalizers.Sequence(
    [normalizers.Prepend(SPACE), normalizers.Replace(" ", SPACE)]
)
tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(expanded(WORD)), behavior="isolated")
trainer = trainers.BpeTrainer(
    vocab_size=VOCABULARY, min_frequency=2, special_tokens=special, show_progress=False
)
tokenizer.train_from_iterator(CORPUS, trainer)

model = json.loads(tokenizer.to_str())["model"]
tokens = sorted(model["vocab"], key=model["vocab"].get)
assert len(tokens) < VOCABULARY  # every pair that occurs twice is there
# Specials that stand in a text are text here, so the splitting is done by a model without them.
model["unk_token"] = None
splitter = Tokenizer(
    models.BPE(
        vocab=model["vocab"], merges=[tuple(m) for m in model["merges"]], byte_fallback=True
    )
)
splitter.normalizer, splitter.pre_tokenizer = tokenizer.normalizer, tokenizer.pre_tokenizer

print(f"# Written by make_bpe_golden.py with tokenizers {tokenizers.__version__}; do not edit.")
for text in CORPUS:
    print("corpus", escaped(text))
for token in tokens:
    print("token", token)
for left, right in model["merges"]:
    print("merge", left, right)
for text in CORPUS[:6] + OTHERS:
    print("text", escaped(text))
    ids = splitter.encode(text, add_special_tokens=False).ids if text else []
    print("ids", *ids)
