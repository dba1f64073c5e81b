import { readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { gguf } from '@huggingface/gguf';
import { visitIn } from '../browser/visit.mjs';
import { collect, measureBy, outputOf, path } from './programs.mjs';

export const title = 'The WASM module, one thread';

const TEXT = 'Schneide'; // 8 letters
const MODEL = 'build/bench/classifier.gguf';

/**
 * Trains a classifier of the tutorial's shape far enough to give definite answers, and writes its
 * weights where the contestants find them: for ours as they are, for the others as JSON.
 */
async function prepare() {
  await mkdir(path('build/bench'), { recursive: true });
  const words = '--recipe tutorial --cell gru --optimizer adam --lr 0.005 --batch 32 --epochs 10';
  const trained = [...words.split(' '), '--type', 'f32', '--out', MODEL];
  await outputOf(path('build/native/bin/train'), ['names', ...trained]);

  const { metadata, tensorInfos, tensorDataOffset } = await gguf(path(MODEL), {
    allowLocalFile: true,
  });
  const bytes = readFileSync(path(MODEL));
  const tensor = (wanted, scale = 1) => {
    const { shape, offset } = tensorInfos.find(({ name }) => name === wanted);
    const start = Number(tensorDataOffset + offset);
    const count = shape.map(Number).reduce((a, b) => a * b);
    return Array.from({ length: count }, (_, i) => bytes.readFloatLE(start + 4 * i) * scale);
  };
  const alphabet = metadata['recur.alphabet'];
  const cooler = 1 / metadata['recur.temperature'];
  const letters = alphabet.length + 1; // the last is the unknown letter
  const network = {
    text: TEXT,
    ids: Array.from(TEXT, (letter) => alphabet.indexOf(letter)),
    letters,
    gru: {
      input: letters,
      hidden: metadata['recur.hidden'],
      weightIh: tensor('rnn.weight_ih_l0'),
      weightHh: tensor('rnn.weight_hh_l0'),
      biasIh: tensor('rnn.bias_ih_l0'),
      biasHh: tensor('rnn.bias_hh_l0'),
    },
    outWeight: tensor('output.weight', cooler),
    outBias: tensor('output.bias', cooler),
  };
  await writeFile(path('build/bench/classifier.json'), JSON.stringify(network));
}

let prepared;

/** A contestant of wasm/contestants.mjs, in node and in Chromium: a process of its own each. */
async function compete(name) {
  prepared ??= prepare();
  await prepared;
  const inNode = await measureBy(process.execPath, [path('tests/bench/wasm/in_node.mjs'), name]);
  const inPage = await measureInPage(name);
  return { ...inNode, rows: [...inNode.rows, ...inPage.rows] };
}

export async function measureInPage(name) {
  const compete = async (browser, host) => {
    const page = await (await browser.newContext()).newPage();
    await page.goto(`${host.url}tests/bench/wasm/page.html`);
    return collect(await page.evaluate((wanted) => window.competeHere(wanted), name));
  };
  return visitIn(compete, path('.'), '/');
}

/** A peer: skipped where its package is not installed. */
export const peer = (name, packageName, measure) => async () => {
  const folder = path(`tests/bench/node_modules/${packageName}`);
  const installed = await readFile(`${folder}/package.json`).catch(() => null);
  if (installed === null)
    return { rows: [], skipped: `npm package ${packageName} is not installed` };
  return measure(name);
};

export const contestants = [
  { name: 'recur', measure: () => compete('recur') },
  { name: 'ONNX Runtime Web', measure: peer('ort', 'onnxruntime-web', compete) },
  { name: 'TensorFlow.js', measure: peer('tfjs', '@tensorflow/tfjs-backend-wasm', compete) },
];
