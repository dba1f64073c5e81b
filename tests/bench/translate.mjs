import { existsSync, readFileSync } from 'node:fs';
import { visitIn } from '../browser/visit.mjs';
import { createEngine, flavours } from '../../build/wasm/recur.js';
import { outputOf, path } from './programs.mjs';
import { speedOf } from './translate_speed.mjs';

export const title = 'Translations with int8 weights, one thread';

const fast = flavours.filter((flavour) => flavour !== 'scalar');

async function measure({ weights, pairs }) {
  if (!existsSync(weights)) return { rows: [], skipped: `there is no ${weights}` };
  const texts = readFileSync(pairs, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t')[0]);
  const rows = [];
  for (const flavour of fast) {
    const engine = await createEngine({ flavour, models: ['translator'] });
    const translator = engine.loadTranslator(readFileSync(weights));
    rows.push(...(await speedOf(translator, texts)).map(named(`node, ${flavour}`)));
    rows.push({ name: `memory, node, ${flavour}`, ...constant(engine.memoryBytes / 1e6, 'MB') });
    engine.free();
  }
  rows.push(...(await measureInPage(weights, texts)));
  rows.push(await measureNative(weights, pairs, 1, 1), await measureNative(weights, pairs, 4, 32));
  return { rows };
}

const constant = (value, unit) => ({ unit, value, low: value, high: value });
const named = (where) => (row) => ({ ...row, name: `${row.name}, ${where}` });

async function measureInPage(weights, texts) {
  const translate = async (browser, host) => {
    const page = await (await browser.newContext()).newPage();
    await page.route('**/measured.gguf', (route) => route.fulfill({ path: weights }));
    await page.goto(`${host.url}tests/bench/wasm/page.html`);
    return page.evaluate(async (lines) => {
      const { createEngine } = await import('/build/wasm/recur.js');
      const { speedOf } = await import('/tests/bench/translate_speed.mjs');
      const engine = await createEngine({ models: ['translator'] });
      const file = await (await fetch('/measured.gguf')).arrayBuffer();
      const rows = await speedOf(engine.loadTranslator(file), lines);
      return rows.map((row) => ({ ...row, name: `${row.name}, Chromium, ${engine.flavour}` }));
    }, texts);
  };
  return visitIn(translate, path('.'), '/');
}

async function measureNative(weights, pairs, beam, batch) {
  const args = `--beam ${beam} --batch ${batch} --threads 1 --json`.split(' ');
  const files = ['translate', '--model', weights, '--data', pairs];
  const rates = [];
  for (let run = 0; run < 3; run++) {
    const output = await outputOf(path('build/native/bin/evaluate'), [...files, ...args]);
    const { translated, seconds } = JSON.parse(output);
    rates.push(translated / seconds);
  }
  rates.sort((a, b) => a - b);
  return {
    name:
      beam === 1 ? 'greedy, one at a time, native' : `beam ${beam}, batches of ${batch}, native`,
    unit: 'sentences/s',
    value: rates[1],
    low: rates[0],
    high: rates[2],
  };
}

export const contestants = [{ name: 'recur', measure }];
