import { readFileSync } from 'node:fs';
import { createEngine, flavours } from '../../build/wasm/recur.js';
import { path } from './programs.mjs';
import { timeOf } from './time_of.mjs';

export const title = 'One classification of 8 letters by the bundled networks in node';

const TEXT = 'Schneide';

async function measure() {
  const rows = [];
  for (const cell of ['rnn', 'lstm', 'gru']) {
    const file = readFileSync(path(`data/weights/names-${cell}.gguf`));
    for (const flavour of flavours) {
      const engine = await createEngine({ flavour, models: ['classifier'] });
      const classifier = engine.loadClassifier(file);
      for (const steps of [false, true]) {
        rows.push({
          name: `${cell}, ${flavour}${steps ? ', with the steps' : ''}`,
          unit: 'ms',
          ...(await timeOf(() => classifier.classify(TEXT, { steps }))),
        });
      }
      engine.free();
    }
  }
  return { rows };
}

export const contestants = [{ name: 'recur', measure }];
