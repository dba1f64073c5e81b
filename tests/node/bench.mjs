// Microseconds for one name in every flavour: node tests/node/bench.mjs [FILE.gguf...]
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { createEngine, flavours } from '../../build/wasm/recur.js';
import { path } from './support.mjs';

const TEXT = 'Schneide'; // 8 letters

/** Microseconds a call: the best of many short windows, as a busy machine disturbs the others. */
function measure(call) {
  const WINDOWS = 60;
  const MILLISECONDS = 8;
  let best = Infinity;
  for (let window = 0; window < WINDOWS; window++) {
    const start = performance.now();
    let calls = 0;
    let spent = 0;
    while (spent < MILLISECONDS) {
      call();
      calls++;
      spent = performance.now() - start;
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
