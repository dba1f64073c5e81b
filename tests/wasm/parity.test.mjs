// Every flavour of the WASM build against the native program, text by text.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createEngine } from '../../build/wasm/recur.js';
import { everyFlavour, makeModels, path, randomNumbers } from './support.mjs';

const TOLERANCE = 1e-5;
const cells = ['rnn', 'lstm', 'gru'];

const names = ['names.tsv', 'names.dev.tsv'].flatMap((file) =>
  readFileSync(path(`data/sample/${file}`), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t')[0]),
);

/** A thousand texts: names as they are, and names in the ways that people write them or do not. */
function makeTexts(count) {
  const random = randomNumbers(1);
  const below = (bound) => Math.floor(random() * bound);
  const pick = (list) => list[below(list.length)];
  const insert = (text, addition) => {
    const at = below(text.length + 1);
    return text.slice(0, at) + addition + text.slice(at);
  };
  const marks = ['\u0301', '\u0308', '\u0327', '\u030c'];
  const oddities = ['😀', '李', '7', '-', 'ß', 'Æ', 'ł', '\u200d', '\u00a0', '\uffff', '🇫🇷'];
  const randomText = () =>
    Array.from({ length: 1 + below(20) }, () => {
      const point = 1 + below(0x10ffff);
      const surrogate = point >= 0xd800 && point < 0xe000;
      return surrogate || point === 10 || point === 13 ? 'x' : String.fromCodePoint(point);
    }).join('');
  const ways = [
    (name) => name.toLowerCase(),
    (name) => name.toUpperCase(),
    (name) => insert(name, pick(marks)),
    (name) => insert(name, pick(oddities)),
    (name) => `  ${name} \t ${pick(names)}  `,
    (name) => `${name}-${pick(names)}, ${pick(names)}`,
    (name) => name[0],
    (name) => name.repeat(1 + below(150)),
    () => randomText(),
    () => pick(['', ' ', '\u0301', "'", '...']),
  ];
  const plain = count / 2;
  return Array.from({ length: count }, (_, index) =>
    index < plain ? names[index % names.length] : ways[index % ways.length](pick(names)),
  );
}

const texts = makeTexts(1000);

/** What build/native/bin/classify says: for each text its number of letters and probabilities. */
function classifyNatively(weights, some) {
  const folder = mkdtempSync(join(tmpdir(), 'recur-parity-'));
  try {
    const model = join(folder, 'model.gguf');
    writeFileSync(model, weights);
    const output = execFileSync(
      path('build/native/bin/classify'),
      ['--model', model, '--json', '--top', '4096'],
      { input: some.join('\n') + '\n', encoding: 'utf8', maxBuffer: 1 << 28, stdio: 'pipe' },
    );
    return output
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function compare(classifier, native, some) {
  assert.equal(native.length, some.length);
  const { labels } = classifier.info;
  for (const [index, text] of some.entries()) {
    const shown = JSON.stringify(text.slice(0, 40));
    const { letters, from, predictions } = native[index];
    const ours = classifier.classify(text, { top: labels.length });
    assert.equal(ours.letters.length, letters, shown);
    assert.equal(ours.from, from, shown);
    assert.equal(ours.ranking.length, from === 'nothing' ? 0 : labels.length);
    const expected = new Map(predictions.map(({ label, probability }) => [label, probability]));
    for (const { label, probability } of ours.ranking) {
      const difference = Math.abs(probability - expected.get(label));
      assert.ok(difference <= TOLERANCE, `${shown} ${label} is ${difference} off`);
    }
  }
}

const models = makeModels();
const natively = { names: new Map(), shapes: new Map() };

/** The weights that ship, or as long as there are none a random network of that cell. */
function weightsOf(cell) {
  const bundled = path(`data/weights/names-${cell}.gguf`);
  return existsSync(bundled) ? readFileSync(bundled) : models.get(`${cell}-e8-all-2x2-keep`);
}

before(() => {
  for (const cell of cells) natively.names.set(cell, classifyNatively(weightsOf(cell), texts));
  // a tenth of the texts each, a different one for the next shape
  for (const [index, [shape, weights]] of [...models].entries()) {
    const some = texts.filter((_, number) => number % 10 === index % 10);
    natively.shapes.set(shape, { some, native: classifyNatively(weights, some) });
  }
});

everyFlavour('the native program and the module agree', (flavour) => {
  let engine;
  before(async () => (engine = await createEngine({ flavour, models: ['classifier'] })));
  after(() => engine.free());

  for (const cell of cells) {
    test(`on 1,000 names, ${cell}`, () => {
      const classifier = engine.loadClassifier(weightsOf(cell));
      assert.equal(classifier.info.cell, cell);
      compare(classifier, natively.names.get(cell), texts);
      classifier.free();
    });
  }

  test(`on networks of all ${models.size} shapes`, () => {
    assert.equal(models.size, 97);
    for (const [shape, { some, native }] of natively.shapes) {
      const classifier = engine.loadClassifier(models.get(shape));
      compare(classifier, native, some);
      classifier.free();
    }
  });
});
