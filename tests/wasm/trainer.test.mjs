// Training by the module: the same bits as natively, and what the engine tells of it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gguf } from '@huggingface/gguf';
import { createEngine } from '../../build/wasm/recur.js';
import { everyFlavour, makeModels, path } from './support.mjs';

const read = (name) => readFileSync(path(`data/sample/${name}`), 'utf8');
const some = (text, every) =>
  `${text
    .trimEnd()
    .split('\n')
    .filter((_, index) => index % every === 0)
    .join('\n')}\n`;
const train = some(read('names.tsv'), 3);
const dev = some(read('names.dev.tsv'), 3);

const folder = mkdtempSync(join(tmpdir(), 'recur-trainer-'));
const file = (name) => join(folder, name);
after(() => rmSync(folder, { recursive: true }));

/** The weights of a GGUF file of F32 tensors, from the first to the last. */
async function weightsOf(name) {
  const { tensorInfos, tensorDataOffset } = await gguf(file(name), { allowLocalFile: true });
  const bytes = readFileSync(file(name));
  return tensorInfos.map(({ name: tensor, shape, offset }) => {
    const start = Number(tensorDataOffset + offset);
    const count = shape.map(Number).reduce((a, b) => a * b);
    return { tensor, bytes: bytes.subarray(start, start + 4 * count).toString('hex') };
  });
}

/** Trains natively, by the scalar kernels. */
function trainNatively(options, out) {
  execFileSync(
    path('build/native/bin/train'),
    [
      ['names', '--data', file('train.tsv'), '--dev', file('dev.tsv'), '--type', 'f32'],
      ['--ngrams', '0', '--threads', '1', '--out', file(out), ...options],
    ].flat(),
    { env: { ...process.env, RECUR_CPU: 'scalar' }, stdio: 'pipe' },
  );
}

const SMALL = { hidden: 12, embedding: 8 };
/** Options as JavaScript has them; epochs are trained to their end. */
const SETTINGS = {
  RNN: { cell: 'rnn', ...SMALL, epochs: 3 },
  LSTM: { cell: 'lstm', ...SMALL, epochs: 3, seed: 7 },
  GRU: { cell: 'gru', ...SMALL, epochs: 3, batch: 100 },
  'two layers, one direction': { ...SMALL, layers: 2, directions: 1, epochs: 2, dropout: 0.3 },
  'SGD with momentum': {
    ...SMALL,
    optimizer: 'sgd',
    momentum: 0.9,
    lr: 0.05,
    epochs: 2,
    batch: 16,
  },
  'Adam, its average': {
    ...SMALL,
    optimizer: 'adam',
    average: 0.99,
    schedule: 'inverse-sqrt',
    epochs: 2,
  },
  'line by line, smoothed': {
    ...SMALL,
    several: 'each',
    unmarked: 0,
    duplicates: 'keep',
    letterCase: 'keep',
    smoothing: 0.1,
    clip: 0,
    epochs: 2,
  },
  'the tutorial’s recipe': { recipe: 'tutorial', cell: 'rnn' },
  'the tutorial’s letters': { ...SMALL, letters: 'tutorial', epochs: 2 },
};

const native = (name) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
const nativeValue = (name, value) => ({ default: 'best', data: 'learnt' })[value] ?? String(value);

before(() => {
  writeFileSync(file('train.tsv'), train);
  writeFileSync(file('dev.tsv'), dev);
});

/** A trainer that has learnt all epochs of its options. */
async function trained(engine, options, data = { train, dev }) {
  const trainer = await engine.createTrainer(options, data);
  const { epochs = 1 } = options;
  while (trainer.step().epoch < epochs) continue;
  return trainer;
}

test('a seed and options give the bits that `train names` gives, without SIMD', async (t) => {
  const engine = await createEngine({ flavour: 'scalar', models: ['trainer'] });
  for (const [name, options] of Object.entries(SETTINGS))
    await t.test(name, async () => {
      trainNatively(
        Object.entries(options).flatMap(([key, value]) => [native(key), nativeValue(key, value)]),
        'native.gguf',
      );
      const trainer = await trained(engine, options);
      writeFileSync(file('ours.gguf'), trainer.save());
      trainer.free();
      const [ours, theirs] = [await weightsOf('ours.gguf'), await weightsOf('native.gguf')];
      assert.deepEqual(
        ours.map(({ tensor }) => tensor),
        theirs.map(({ tensor }) => tensor),
      );
      for (const [index, { tensor, bytes }] of ours.entries()) {
        assert.ok(bytes === theirs[index].bytes, `${tensor} differs`);
      }
    });
  engine.free();
});

everyFlavour('a trainer', (flavour) => {
  const options = { hidden: 24, embedding: 8, directions: 1, seed: 3, lr: 0.01 };
  const data = { train: read('names.tsv'), dev: read('names.dev.tsv') };
  let engine;
  before(async () => (engine = await createEngine({ flavour, models: ['classifier'] })));
  after(() => engine.free());

  test('learns, and says how well', async () => {
    const trainer = await engine.createTrainer({ ...options, epochs: 8 }, data);
    assert.deepEqual(trainer.examples, { train: 720, dev: 180 });
    assert.equal(trainer.labels.length, 18);
    assert.ok(trainer.letters.includes('ž') && !trainer.letters.includes('Ž'));
    const first = trainer.step();
    assert.deepEqual([first.steps, first.step], [1, 1]);
    assert.ok(Math.abs(first.loss - Math.log(18)) < 0.3, `${first.loss}`);
    let last = first;
    let examples = first.examples;
    while (last.epoch < 8) examples += (last = trainer.step()).examples;
    assert.deepEqual([last.step, examples], [96, 8 * 720]);
    assert.ok(last.loss < 2.1, `${last.loss}`);
    const scores = trainer.evaluate();
    const { loss, accuracy, top3, macroRecall, confusion, predicted } = scores;
    assert.equal(scores.examples, 180);
    assert.ok(accuracy > 0.3 && top3 > accuracy && macroRecall > 0.3, `${accuracy} ${top3}`);
    assert.ok(loss < 2.2);
    assert.equal(confusion.length, 18 * 18);
    const counts = new Uint32Array(18 * 18);
    for (const [index, column] of predicted.entries()) {
      counts[trainer.labels.indexOf(trainer.dev(index).label) * 18 + column]++;
    }
    assert.deepEqual(confusion, counts);
    const { text } = trainer.dev(17);
    assert.equal(trainer.classify(text)[0].label, trainer.labels[predicted[17]]);
    assert.throws(() => trainer.dev(180), /there is no name 180, but 180 of them/);
    trainer.free();
    assert.throws(() => trainer.step(), /the trainer was freed/);
  });

  test('is saved as a classifier, which answers as it does', async () => {
    const trainer = await trained(engine, { ...options, cell: 'lstm', epochs: 2 }, data);
    const classifier = engine.loadClassifier(trainer.save());
    assert.equal(classifier.info.parameters, trainer.parameters);
    assert.equal(classifier.info.metadata['recur.training.steps'], 24);
    const calibrated = classifier.classify('Kowalczyk', { prior: 'data', top: 18 }).ranking;
    const ours = trainer.classify('Kowalczyk');
    assert.deepEqual(
      calibrated.map(({ label }) => label),
      ours.map(({ label }) => label),
    );
    const [inside, alike] = [
      trainer.inspect('Nowak', 'Polish'),
      await classifier.inspect('Nowak', { label: 'Polish' }),
    ];
    for (const key of ['shape', 'gates', 'hidden', 'cellState', 'loss', 'gradient', 'letters']) {
      assert.deepEqual(inside[key], alike[key], key);
    }
    assert.deepEqual(inside.shape, [1, 1, 5, 24]);
    assert.deepEqual(Object.keys(inside.gates), ['input', 'forget', 'candidate', 'output']);
    assert.equal(inside.gradient.length, 5);
    classifier.free();
    trainer.free();
  });

  test('goes on with another batch and rate, from the weights that it has', async () => {
    const trainer = await engine.createTrainer(options, data);
    for (let i = 0; i < 5; i++) trainer.step();
    const before = trainer.classify('Rossi');
    trainer.setBatch(16);
    assert.deepEqual(trainer.classify('Rossi'), before);
    trainer.setLearningRate(0.002);
    const { examples, step, epoch, learningRate } = trainer.step();
    assert.deepEqual([examples, step], [16, 6]);
    assert.equal(epoch, 1 / 45);
    assert.equal(learningRate, Math.fround(0.002));
    assert.notDeepEqual(trainer.classify('Rossi'), before);
    trainer.free();
  });

  test('keeps a tenth of the names apart, and none on both sides', async () => {
    const trainer = await engine.createTrainer(options, { train: data.train });
    const { train: learnt, dev: kept } = trainer.examples;
    assert.equal(learnt + kept, 720);
    assert.ok(kept > 45 && kept < 100, `${kept}`);
    const twice = await engine.createTrainer(
      { ...options, duplicates: 'keep' },
      { train: data.train + data.train },
    );
    assert.deepEqual(twice.examples, { train: 2 * learnt, dev: kept });
    const none = await engine.createTrainer(options, { train: data.train, dev: '' });
    assert.deepEqual(none.examples, { train: 720, dev: 0 });
    assert.equal(none.evaluate().accuracy, 0);
    for (const each of [trainer, twice, none]) each.free();
  });

  test('says which option or line is wrong', async () => {
    const refused = (given, name, message) =>
      assert.rejects(engine.createTrainer(given, data), { name, message });
    await refused({ hidden: 5000 }, 'RangeError', 'hidden: 5000 is not from 1 to 4096');
    await refused({ layers: 1.5 }, 'RangeError', 'layers: 1.5 is not a whole number');
    await refused({ lr: '1' }, 'RangeError', 'lr: 1 is not a number');
    await refused({ cell: 'cnn' }, 'RangeError', 'cell: cnn is none of rnn, lstm, gru');
    await refused({ size: 3 }, 'RangeError', /^the options: size is none of duplicates, /);
    const faulty = (given, message) =>
      assert.rejects(engine.createTrainer(options, given), { name: 'Error', message });
    await faulty({ train: 'Rossi\tItalian\nNowak\n' }, 'train:2: no tab between text and label');
    await faulty({ train: '' }, 'train: no examples');
    await faulty(
      { train: data.train, dev: 'Nowak\tKlingon\n' },
      'dev:1: label Klingon is none of the 18 known',
    );
    const trainer = await engine.createTrainer(
      { ...options, optimizer: 'sgd', weightDecay: 10 },
      data,
    );
    assert.throws(() => trainer.setBatch(0), { name: 'RangeError' });
    trainer.setLearningRate(100);
    assert.throws(() => {
      for (;;) trainer.step();
    }, /the loss is no longer finite at step \d+/);
    trainer.free();
  });
});

test('what is inside is what the native program tells', async () => {
  const engine = await createEngine({ flavour: 'scalar', models: ['classifier'] });
  const models = makeModels();
  for (const cell of ['rnn', 'lstm', 'gru']) {
    const weights = models.get(`${cell}-e8-all-2x2-keep`);
    writeFileSync(file('model.gguf'), weights);
    const classifier = engine.loadClassifier(weights);
    const [label] = classifier.info.labels;
    const words = ['--model', file('model.gguf'), '--json', '--inspect', '--label', label, 'Nowak'];
    const output = execFileSync(path('build/native/bin/classify'), words, {
      env: { ...process.env, RECUR_CPU: 'scalar' },
      encoding: 'utf8',
    });
    const { inside } = JSON.parse(output);
    const ours = await classifier.inspect('Nowak', { label });
    assert.deepEqual(ours.shape, inside.shape);
    assert.equal(ours.letters, inside.letters.join(''));
    assert.deepEqual(Object.keys(ours.gates), Object.keys(inside.gates));
    const equal = (tensor, other) =>
      assert.deepEqual(Array.from(tensor), other.flat(Infinity).map(Math.fround));
    for (const [gate, tensor] of Object.entries(ours.gates)) equal(tensor, inside.gates[gate]);
    equal(ours.hidden, inside.hidden);
    equal(ours.gradient, inside.gradient);
    if (cell === 'lstm') equal(ours.cellState, inside.cellState);
    else assert.equal(ours.cellState, null);
    assert.equal(Math.fround(ours.loss), Math.fround(inside.loss));
    await assert.rejects(classifier.inspect('Nowak', { label: 'none' }), /label: none is none of/);
    classifier.free();
  }
  engine.free();
});
