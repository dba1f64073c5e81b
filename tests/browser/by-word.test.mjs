import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  apartOf,
  dotAttention,
  spreadOf,
  stepsByWord,
  sumWords,
} from '../../web/lab/translator/by-word.js';

/** Two words of two pieces and one, and the end; two units in each of two directions. */
const encoder = {
  shape: [1, 2, 4, 2],
  gates: { update: Float32Array.from({ length: 16 }, (_, i) => i) },
  hidden: Float32Array.from({ length: 16 }, (_, i) => Math.sin(i)),
};
const decoder = {
  shape: [2, 4],
  gates: {},
  hidden: Float32Array.from({ length: 8 }, (_, i) => Math.cos(i)),
};
const words = (...members) => members.map((tokens) => ({ text: `w${tokens}`, tokens }));
const inside = {
  encoder,
  decoder,
  sourceTokens: Array(4).fill({}),
  sourceWords: words([0, 1], [2], [3]),
  targetWords: words([0], [1]),
};

test('forward a word is read at its last piece, backward at its first', () => {
  const { shape, gates, letters } = stepsByWord(inside, 'encoder', (text) => text);
  assert.deepEqual(shape, [1, 2, 3, 2]);
  assert.deepEqual(letters, ['w0,1', 'w2', 'w3']);
  assert.deepEqual(Array.from(gates.update), [2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 14, 15]);
  const target = stepsByWord(inside, 'decoder', (text) => text);
  assert.deepEqual(target.shape, [1, 1, 2, 4]);
  assert.deepEqual(target.hidden, decoder.hidden);
});

test('the dot product is of the state with both directions of the last layer', () => {
  const attention = dotAttention(inside);
  for (let t = 0; t < 2; t++) {
    const scores = Array.from({ length: 4 }, (_, j) => {
      const state = [0, 1, 8, 9].map((at) => encoder.hidden[2 * j + at]);
      return state.reduce((sum, s, k) => sum + s * decoder.hidden[4 * t + k], 0);
    });
    const all = scores.reduce((sum, score) => sum + Math.exp(score), 0);
    scores.forEach((score, j) =>
      assert.ok(Math.abs(attention[4 * t + j] - Math.exp(score) / all) < 1e-6),
    );
  }
  const narrow = { ...inside, decoder: { ...decoder, shape: [4, 2] } };
  assert.equal(dotAttention(narrow), null, 'of states of another width there is none');
});

test('words sum the pieces that are looked at, and take the mean of those that look', () => {
  const attention = Float32Array.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.25, 0.25, 0);
  const sums = sumWords(attention, inside);
  const expected = [0.3, 0.3, 0.4, 0.75, 0.25, 0];
  sums.forEach((sum, i) => assert.ok(Math.abs(sum - expected[i]) < 1e-6));
  const mean = sumWords(attention, { ...inside, targetWords: words([0, 1]) });
  assert.ok(Math.abs(mean[0] - 0.525) < 1e-6);
});

test('spread is the perplexity, and what lies elsewhere half of all differences', () => {
  const even = Float32Array.of(0.25, 0.25, 0.25, 0.25);
  const one = Float32Array.of(0, 1, 0, 0);
  assert.ok(Math.abs(spreadOf(even, 4) - 4) < 1e-6);
  assert.ok(Math.abs(spreadOf(one, 4) - 1) < 1e-6);
  assert.ok(Math.abs(apartOf(even, one, 4) - 0.75) < 1e-6);
  assert.equal(apartOf(one, one, 4), 0);
});
