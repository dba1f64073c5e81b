import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { gguf } from '@huggingface/gguf';
import { createEngine } from '../../build/wasm/recur.js';
import { measureBy, outputOf, path } from './programs.mjs';
import { measureInPage, peer } from './wasm.mjs';

export const title =
  'A training step: 64 names of 7 letters, one-hot, a GRU of 128, SGD, one thread';

const NAMES = 64;
const LETTERS = 7;
const CHECKED = 3; // steps whose losses a contestant must share

/** Names of one length, in as many labels as there are months, so that all compute the same. */
function makeNames() {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz';
  let state = 1;
  const below = (bound) => (state = (state * 48271) % 2147483647) % bound; // Park and Miller 1988
  return Array.from({ length: NAMES }, (_, index) => ({
    name: Array.from({ length: LETTERS }, () => alphabet[below(alphabet.length)]).join(''),
    label: `label ${String(index % 12).padStart(2, '0')}`,
  }));
}

/** The names, the weights at the start and the losses of the first steps, where contestants find them. */
async function prepare() {
  await mkdir(path('build/bench'), { recursive: true });
  const names = makeNames();
  const lines = names.map(({ name, label }) => `${name}\t${label}\n`).join('');
  const options = { recipe: 'tutorial', cell: 'gru', batch: NAMES, lr: 0.1 };
  const engine = await createEngine({ flavour: 'scalar', models: ['trainer'] });
  const trainer = await engine.createTrainer(options, { train: lines, dev: '' });
  await writeFile(path('build/bench/lab.gguf'), trainer.save());
  const losses = Array.from({ length: CHECKED }, () => trainer.step().loss);
  engine.free();
  const file = path('build/bench/lab.gguf');
  const { tensorInfos, tensorDataOffset, metadata } = await gguf(file, { allowLocalFile: true });
  const bytes = await readFile(file);
  const tensor = (wanted) => {
    const { shape, offset } = tensorInfos.find(({ name }) => name === wanted);
    const start = Number(tensorDataOffset + offset);
    const count = shape.map(Number).reduce((a, b) => a * b);
    return Array.from({ length: count }, (_, i) => bytes.readFloatLE(start + 4 * i));
  };
  const alphabet = metadata['recur.alphabet'];
  const labels = metadata['recur.labels'];
  const network = {
    options,
    lines,
    losses,
    letters: alphabet.length + 1,
    labels: labels.length,
    hidden: metadata['recur.hidden'],
    ids: names.map(({ name }) => Array.from(name, (letter) => alphabet.indexOf(letter))),
    targets: names.map(({ label }) => labels.indexOf(label)),
    weightIh: tensor('rnn.weight_ih_l0'),
    weightHh: tensor('rnn.weight_hh_l0'),
    biasIh: tensor('rnn.bias_ih_l0'),
    biasHh: tensor('rnn.bias_hh_l0'),
    outWeight: tensor('output.weight'),
    outBias: tensor('output.bias'),
  };
  await writeFile(path('build/bench/lab.json'), JSON.stringify(network));
  await writeFile(path('build/bench/lab.tsv'), lines);
}

let prepared;

/** TensorFlow.js's gradients in one file, as neither node nor a page takes them from its package. */
async function bundleGradients() {
  const entry = 'tests/bench/node_modules/@tensorflow/tfjs-core/dist/register_all_gradients.js';
  const out = path('build/bench/tfjs-gradients.js');
  const options = ['--file', out, '--format', 'esm', '--logLevel', 'silent'];
  await outputOf(path('node_modules/.bin/rolldown'), [path(entry), ...options]);
}

/** A contestant of wasm/training.mjs, in node and in Chromium: a process of its own each. */
async function compete(name) {
  prepared ??= prepare();
  await prepared;
  const inNode = await measureBy(process.execPath, [path('tests/bench/wasm/in_node.mjs'), name]);
  const inPage = await measureInPage(name);
  return { ...inNode, rows: [...inNode.rows, ...inPage.rows] };
}

/** The native program's names a second as steps. */
async function natively(variant, environment) {
  prepared ??= prepare();
  await prepared;
  const options = ['--json', '--cell', 'gru', '--batch', '64', '--data', 'build/bench/lab.tsv'];
  const bench = path('build/native/tests/bench/bench_names');
  const { rows, ...about } = await measureBy(bench, options, environment);
  return {
    ...about,
    rows: rows.flatMap(({ value, low, high }) =>
      ['node', 'Chromium'].map((where) => ({
        name: `a training step, ${where}`,
        variant,
        unit: 'steps/s',
        value: value / NAMES,
        low: low / NAMES,
        high: high / NAMES,
      })),
    ),
  };
}

export const contestants = [
  { name: 'recur', measure: () => compete('train-recur') },
  {
    name: 'TensorFlow.js',
    measure: peer('train-tfjs', '@tensorflow/tfjs-backend-wasm', async (name) => {
      await prepared;
      await bundleGradients();
      return compete(name);
    }),
  },
  { name: 'recur, native', measure: () => natively('scalar', { RECUR_CPU: 'scalar' }) },
  { name: 'recur, native', measure: () => natively('best', {}) },
];
