// What is not language arrives exactly once, byte for byte, whatever the network would rather do: the
// property of tests/unit/model/placeholders_test.c through the engine, over generated text.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createEngine } from '../../build/wasm/recur.js';
import { everyFlavour, makeTranslators, randomNumbers } from './support.mjs';

const { models, samples } = makeTranslators();
const ROUNDS = 12;

/** Words and spans in any order, and what of them is not language. */
function generate(random, most) {
  const pick = (list) => list[Math.floor(random() * list.length)];
  const parts = Array.from({ length: 1 + Math.floor(random() * most) }, () => {
    const kind = pick(Object.keys(samples));
    return { kind, text: pick(samples[kind]) };
  });
  return {
    text: parts.map(({ text }) => text).join(' '),
    // Of characters of private use, only those: not the letter between them.
    spans: parts
      .filter(({ kind }) => kind !== 'word')
      .flatMap(({ text }) => text.match(/[\uE000-\uF8FF]/g) ?? [text]),
  };
}

const countOf = (text, part) => {
  let count = 0;
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) count++;
  return count;
};

/** Each span of a sentence has a place of its own in its translation; there it stands as `same` says. */
function checkPlaces({ text, source, spans }, same) {
  for (const span of spans) {
    assert.equal(source.slice(span.source.start, span.source.end), span.source.text);
    assert.equal(text.slice(span.target.start, span.target.end), span.target.text);
    assert.ok(span.target.end > span.target.start, `${span.source.text} is nowhere in ${text}`);
    if (same(span.source.text)) assert.equal(span.target.text, span.source.text);
  }
  const places = spans.map(({ target }) => target).sort((a, b) => a.start - b.start);
  places.forEach(({ start }, i) => assert.ok(i === 0 || start >= places[i - 1].end, text));
}

/** All that is to be protected is, in its order: nothing of it was left to the network. */
function checkProtected(sentences, wanted) {
  const found = sentences
    .map(({ source, spans, copied }) =>
      copied ? source : spans.map((span) => span.source.text).join(' '),
    )
    .join(' ');
  let at = 0;
  for (const text of wanted) {
    at = found.indexOf(text, at);
    assert.ok(at >= 0, `${text} is not protected in: ${found}`);
    at += text.length;
  }
}

everyFlavour('spans', (flavour) => {
  let engine;
  before(async () => {
    engine = await createEngine({ flavour, models: ['translator'] });
  });
  after(() => engine.free());

  for (const [name, bytes] of models) {
    describe(name, () => {
      let translator;
      before(() => {
        translator = engine.loadTranslator(bytes);
      });
      after(() => translator.free());

      test('arrive once each, byte for byte', async () => {
        const random = randomNumbers(1 + name.length);
        for (let round = 0; round < ROUNDS; round++) {
          const { text, spans } = generate(random, round % 4 === 0 ? 120 : 30);
          const beam = [1, 4, 7][round % 3];
          const nbest = 1 + Math.floor(random() * beam);
          const attention = random() < 0.5;
          const options = { beam, nbest, attention, numbers: 'as-is' };
          const result = await translator.translate(text, options);
          checkProtected(result.sentences, spans);
          for (const sentence of result.sentences) {
            checkPlaces(sentence, () => true);
            for (const { text } of sentence.alternatives) {
              for (const { source } of sentence.spans) {
                const wanted = countOf(sentence.source, source.text);
                assert.ok(countOf(text, source.text) >= wanted, `${source.text} in ${text}`);
              }
            }
          }
          for (const span of spans) {
            assert.ok(countOf(result.text, span) >= countOf(text, span), span);
          }
        }
      });

      test('but numbers may be set as French sets them', async () => {
        const random = randomNumbers(77);
        for (let round = 0; round < ROUNDS / 4; round++) {
          const { text, spans } = generate(random, 30);
          const { sentences } = await translator.translate(text, { beam: 1 });
          checkProtected(sentences, spans);
          for (const sentence of sentences) {
            checkPlaces(sentence, (source) => samples.other.includes(source));
          }
        }
      });
    });
  }
});
