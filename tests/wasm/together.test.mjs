// Classifiers that answer together, and many texts at once: the same answers as one by one, and as natively.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { createEngine } from '../../build/wasm/recur.js';
import { together } from '../../build/wasm/recur-together.js';
import { everyFlavour, path } from './support.mjs';

const CELLS = ['rnn', 'lstm', 'gru'];
const fileOf = (cell) => path(`data/weights/names-world-${cell}.gguf`);
const NAMES = [
  ...['Müller', 'Anna Kowalska', 'Okafor', '', 'Παπαδόπουλος', '7', 'van der Berg', 'Ng\0uyen'],
  ...readFileSync(path('data/names/world.dev.tsv'), 'utf8')
    .split('\n')
    .slice(0, 300)
    .map((line) => line.split('\t')[0]),
  'a'.repeat(300),
];

const sharesOf = (labels, ranking) => {
  const shares = new Map(ranking.map(({ label, probability }) => [label, probability]));
  return labels.map((label) => shares.get(label) ?? 0);
};
const near = (found, expected, tolerance, what) =>
  found.forEach((p, i) =>
    assert.ok(Math.abs(p - expected[i]) <= tolerance, `${what}: ${p} is not ${expected[i]}`),
  );

/** What `classify` says with all three. */
function natively(names, ...args) {
  const models = CELLS.flatMap((cell) => ['--model', fileOf(cell)]);
  return execFileSync(
    path('build/native/bin/classify'),
    [...models, '--json', '--top', '91', ...args, '--', ...names],
    { encoding: 'utf8', env: { ...process.env, RECUR_CPU: 'scalar' } },
  )
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

everyFlavour('several classifiers', (flavour) => {
  let engine, classifiers, all;
  before(async () => {
    engine = await createEngine({ flavour, models: ['classifier'] });
    classifiers = CELLS.map((cell) =>
      engine.loadClassifier(new Uint8Array(readFileSync(fileOf(cell)))),
    );
    all = together(classifiers);
  });
  after(() => engine.free());

  test('answer together as they do natively', () => {
    const names = NAMES.slice(0, 7);
    for (const prior of ['equal', 'data']) {
      natively(names, '--prior', prior).forEach(({ from, letters, predictions }, i) => {
        const found = all.classify(names[i], { top: 91, prior });
        assert.deepEqual([found.from, Array.from(found.letters).length], [from, letters]);
        const expected = sharesOf(all.labels, predictions);
        near(sharesOf(all.labels, found.ranking), expected, 1e-4, names[i]);
      });
    }
  });

  test('answer with what each of them says, and after each letter', () => {
    const { each, steps, ranking, read } = all.classify('Anna Kowalska', { steps: true, top: 2 });
    assert.equal(ranking.length, 2);
    assert.deepEqual(read, { start: 5, end: 13 });
    classifiers.forEach((classifier, i) => {
      const alone = classifier.classify('Anna Kowalska', { steps: true, top: 91 });
      assert.deepEqual(each[i], alone);
    });
    assert.equal(steps.length, 8);
    assert.equal(steps[0].letter, each[0].steps[0].letter);
    for (const [t, { probabilities }] of steps.entries()) {
      const means = all.labels.map((_, c) =>
        Math.cbrt(each.reduce((p, answer) => p * answer.steps[t].probabilities[c], 1)),
      );
      const total = means.reduce((sum, p) => sum + p);
      near(
        probabilities,
        means.map((p) => p / total),
        1e-5,
        `letter ${t}`,
      );
    }
    assert.equal('steps' in all.classify('Kowalska'), false);
    assert.deepEqual(all.classify('7').ranking, []);
  });

  test('answer many names as one by one', async () => {
    for (const options of [{}, { prior: 'data', whole: true }]) {
      for (const one of [...classifiers, all]) {
        const labels = one.labels ?? one.info.labels;
        const { probabilities, from } = await one.classifyMany(NAMES, options);
        assert.equal(probabilities.length, NAMES.length * labels.length);
        NAMES.forEach((name, i) => {
          // A zero byte ends no name, but is no letter either.
          const alone = one.classify(name.replace('\0', '\uFFFD'), { top: 91, ...options });
          assert.equal(from[i], alone.from, name);
          const row = probabilities.subarray(i * labels.length, (i + 1) * labels.length);
          near(row, sharesOf(labels, alone.ranking), 2e-5, name);
        });
      }
    }
    const { probabilities, from } = await all.classifyMany([]);
    assert.deepEqual([probabilities.length, from], [0, []]);
    await assert.rejects(
      classifiers[0].classifyMany(Array(65_537).fill('')),
      /65537 texts are too many/,
    );
    const [unread] = (await classifiers[0].classifyMany(['a'.repeat(10_001)])).from;
    assert.equal(unread, 'nothing');
  });

  test('are refused unless their labels are the same', () => {
    const other = engine.loadClassifier(readFileSync(path('data/weights/names-gru.gguf')));
    assert.throws(() => together([classifiers[0], other]), TypeError);
    assert.throws(() => together([]), TypeError);
    assert.deepEqual(together([other]).labels, other.info.labels);
    other.free();
  });
});
