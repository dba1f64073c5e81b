// Looks inside a translator, in every flavour of the module, and that they show what the native program
// does.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { createEngine } from '../../build/wasm/recur.js';
import { everyFlavour, path } from './support.mjs';

const TEXT = "Hugo's brother takes the red chair.";
const SCORES = ['dot', 'general', 'additive'];
const fileOf = (score) => path(`data/weights/en-fr-small-${score}.gguf`);
const weights = Object.fromEntries(SCORES.map((score) => [score, readFileSync(fileOf(score))]));

function inspectNatively(score) {
  const args = ['--json', '--inspect', '--model', fileOf(score)];
  const input = `${TEXT}\n`;
  const options = { input, encoding: 'utf8', maxBuffer: 1 << 26 };
  const line = JSON.parse(execFileSync(path('build/native/bin/translate'), args, options));
  const { inside, ...sentence } = line.sentences[0];
  return { ...inside, ...sentence, exact: inside.attention, translation: line.translation };
}

const expected = Object.fromEntries(SCORES.map((score) => [score, inspectNatively(score)]));

/** The largest difference of an array from numbers in lists in lists. */
function farthest(array, lists) {
  const numbers = lists.flat(Infinity);
  assert.equal(array.length, numbers.length);
  return numbers.reduce((most, number, i) => Math.max(most, Math.abs(number - array[i])), 0);
}

everyFlavour('a look inside a translator', (flavour) => {
  let engine;
  before(async () => (engine = await createEngine({ flavour, models: ['inspector'] })));
  after(() => engine.free());

  for (const score of SCORES)
    test(`is what the native program has, ${score}`, async () => {
      const translator = engine.loadTranslator(weights[score]);
      const native = expected[score];
      const inside = await translator.inspect(TEXT);
      assert.equal(translator.info.metadata['recur.attention'], score);
      assert.equal(native.score, score);
      assert.equal(inside.text, native.translation);
      assert.equal(inside.source, TEXT);
      const texts = (words) => words.map(({ text }) => text);
      assert.deepEqual(texts(inside.sourceWords), native.source_words);
      assert.deepEqual(texts(inside.targetWords), native.target_words);
      assert.deepEqual(native.source_words.slice(0, 3), ["Hugo's", 'brother', 'takes']);
      const { encoder, decoder } = inside;
      const [S, T] = [inside.sourceTokens.length, inside.targetTokens.length];
      assert.deepEqual(encoder.shape, [1, 2, S, 32]);
      assert.deepEqual(decoder.shape, [T, 64]);
      assert.equal(native.source_tokens.length, S);
      assert.equal(native.target_tokens.length, T);
      // Kernels of other variants sum in another order, and int8 rounds what lies at an edge.
      assert.ok(farthest(inside.attention, native.exact) < 0.05);
      assert.ok(farthest(inside.wordAttention, native.word_attention) < 0.05);
      assert.ok(farthest(decoder.initial, native.decoder.initial) < 0.05);
      for (const [steps, other] of [
        [encoder, native.encoder],
        [decoder, native.decoder],
      ]) {
        assert.ok(farthest(steps.hidden, other.hidden) < 0.1);
        for (const gate of ['reset', 'update', 'candidate'])
          assert.ok(farthest(steps.gates[gate], other[gate]) < 0.1, gate);
      }
      translator.free();
    });

  test('is of the translation, with tokens in words and words that sum them', async () => {
    const translator = engine.loadTranslator(weights.general);
    const inside = await translator.inspect(TEXT);
    const { sentences } = await translator.translate(TEXT, { attention: true });
    const [{ attention, text, sourceTokens, targetTokens }] = sentences;
    assert.equal(inside.text, text);
    assert.deepEqual(inside.sourceTokens, sourceTokens);
    assert.deepEqual(inside.targetTokens.slice(0, targetTokens.length), targetTokens);
    assert.deepEqual(inside.attention.slice(0, attention.length), attention);
    const { sourceWords, targetWords, wordAttention } = inside;
    for (const [words, tokens, whole] of [
      [sourceWords, inside.sourceTokens, inside.source],
      [targetWords, inside.targetTokens, inside.text],
    ]) {
      assert.deepEqual(
        words.flatMap((word) => word.tokens),
        tokens.map((_, index) => index),
      );
      for (const word of words) assert.equal(word.text, whole.slice(word.start, word.end));
      assert.equal(words.at(-1).text, '');
    }
    targetWords.forEach(({ tokens }, row) =>
      sourceWords.forEach((word, column) => {
        const S = inside.sourceTokens.length;
        const sum = tokens.flatMap((t) => word.tokens.map((s) => inside.attention[t * S + s]));
        const mean = sum.reduce((a, b) => a + b, 0) / tokens.length;
        assert.ok(Math.abs(wordAttention[row * sourceWords.length + column] - mean) < 1e-6);
      }),
    );
    translator.free();
  });

  test('nothing to translate has nothing inside, and several sentences are too many', async () => {
    const translator = engine.loadTranslator(weights.dot);
    const inside = await translator.inspect('https://example.org/a');
    assert.equal(inside.text, 'https://example.org/a');
    assert.deepEqual(inside.sourceTokens, []);
    assert.equal(inside.encoder.hidden.length, 0);
    await assert.rejects(translator.inspect('One.\nTwo.'), /2 sentences/);
    await assert.rejects(translator.inspect(7), TypeError);
    await assert.rejects(translator.inspect('a', { beam: 0 }), /beam is 0/);
    translator.free();
    await assert.rejects(translator.inspect('a'), /freed/);
  });

  test('does not disturb a translation, and comes by itself where it is not there yet', async () => {
    const other = await createEngine({ flavour, models: ['translator'] });
    const translator = other.loadTranslator(weights.general);
    const long = `${TEXT}\n`.repeat(40);
    const alone = await translator.translate(long);
    const [together, inside] = await Promise.all([
      translator.translate(long),
      translator.inspect(TEXT),
    ]);
    assert.equal(together.text, alone.text);
    assert.equal(inside.text, alone.sentences[0].text);
    other.free();
  });
});
