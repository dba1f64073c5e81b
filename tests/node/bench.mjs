// Microseconds for one name in every flavour: node tests/node/bench.mjs [FILE.gguf...]
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { createEngine, flavours } from '../../build/wasm/recur.js';
import { path } from './support.mjs';

const TEXT = 'Schneide'; // 8 letters

/** The shortest of five rounds, in microseconds a call. */
function measure(call) {
  let best = Infinity;
  for (let round = 0; round < 5; round++) {
    let calls = 0;
    const start = performance.now();
    let spent = 0;
    for (; spent < 100; spent = performance.now() - start) {
      call();
      calls++;
    }
    best = Math.min(best, (spent * 1000) / calls);
  }
  return best;
}

const bundled = ['rnn', 'lstm', 'gru'].map((cell) => path(`data/weights/names-${cell}.gguf`));
const files = process.argv.length > 2 ? process.argv.slice(2) : bundled.filter(existsSync);
if (files.length === 0) console.error('bench: there are no weights in data/weights; name a file');

console.log('microseconds for a name of 8 letters      classify   with steps');
for (const file of files) {
  for (const flavour of flavours) {
    const engine = await createEngine({ flavour });
    const classifier = engine.loadClassifier(readFileSync(file));
    const plain = measure(() => classifier.classify(TEXT));
    const steps = measure(() => classifier.classify(TEXT, { steps: true }));
    const what = `${basename(file)} ${flavour}`.padEnd(40);
    console.log(`${what}${plain.toFixed(0).padStart(10)}${steps.toFixed(0).padStart(13)}`);
    engine.free();
  }
}
