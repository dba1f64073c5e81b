// ./run soak page: one visitor types, translates and trains for a day. What the page and its workers
// hold after that, they held after the first hundred already.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { launchByProtocol } from '../browser/browsers.mjs';
import { made, press, resting } from '../browser/lab-page.mjs';
import { answered, until } from '../browser/page.mjs';
import { servePage } from '../browser/server.mjs';
import { translated } from '../browser/translate-page.mjs';
import { random, root } from './workshop.mjs';

const FIRST = 100; // after so many, or half of all, everything has been done once
const HEAP_MORE = 0.15; // that compiled code, caches and samples of times may add
const LONG = 60_000; // milliseconds to wait on a busy machine
const HEAP_LEAST = 1e6; // bytes that are no matter

const columnOf = (file) =>
  readFileSync(path.join(root, file), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split('\t')[0]);

/** A few words each, shuffled by a seed: all of them come in the first hundred. */
function some(texts, count, seed) {
  const next = random(seed);
  return Array.from({ length: count }, () => texts[Math.floor(next() * texts.length)]);
}

/** Types names letter by letter, as fast as answers come. */
async function type(page, count, from, seed) {
  const names = some(columnOf('data/sample/names.tsv'), 12, seed);
  const texts = names.flatMap((name) =>
    Array.from(name).map((_, i, letters) => letters.slice(0, i + 1).join('')),
  );
  await page.evaluate(
    async ([all, begin, end]) => {
      const input = document.querySelector('#name');
      for (let i = begin; i < end; i++) {
        const answer = window.answer();
        input.value = all[i % all.length];
        input.dispatchEvent(new InputEvent('input', { bubbles: true }));
        await answer;
      }
    },
    [texts, from, from + count],
  );
}

/** Sentences, one after the other, each to its end. */
async function translate(page, count, from, seed) {
  const texts = some(columnOf('data/sample/eng-fra.dev.tsv'), 20, seed);
  for (let i = from; i < from + count; i++) {
    const text = texts[i % texts.length];
    await page.evaluate((english) => {
      const field = document.querySelector('#english');
      field.value = english;
      field.dispatchEvent(new InputEvent('input', { bubbles: true }));
    }, text);
    await translated(page, text);
  }
}

/** Trainings of three networks from the start, each for so many seconds. */
async function train(page, count, seconds) {
  for (let i = 0; i < count; i++) {
    await press(page, '.lab-buttons button:nth-child(3)'); // from the beginning
    await until(
      page,
      () => document.querySelector('.lab-facts dd').textContent === '–',
      null,
      LONG,
    );
    await made(page);
    await press(page, '.lab-go');
    await until(page, () => document.querySelector('.lab-go').textContent === 'Pause', null, LONG);
    await page.evaluate((ms) => new Promise((resolve) => setTimeout(resolve, ms)), seconds * 1000);
    await press(page, '.lab-go');
    await resting(page);
  }
}

/** By thread, bytes of objects that are alive, and of WASM memory. */
async function memoryOf(page) {
  const threads = [await page.createCDPSession(), ...page.workers().map(({ client }) => client)];
  const found = {};
  for (const client of threads) {
    const value = async (expression) =>
      (await client.send('Runtime.evaluate', { expression })).result;
    const objectGroup = 'memory';
    const { objectId } = (
      await client.send('Runtime.evaluate', {
        expression: 'WebAssembly.Memory.prototype',
        objectGroup,
      })
    ).result;
    await client.send('HeapProfiler.collectGarbage');
    const { objects } = await client.send('Runtime.queryObjects', {
      prototypeObjectId: objectId,
      objectGroup,
    });
    const { result } = await client.send('Runtime.callFunctionOn', {
      objectId: objects.objectId,
      functionDeclaration: `function () {
        return this.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
      }`,
      returnByValue: true,
    });
    await client.send('Runtime.releaseObjectGroup', { objectGroup });
    const { usedSize, embedderHeapUsedSize = 0 } = await client.send('Runtime.getHeapUsage');
    const name = (await value('typeof document === "object" ? "page" : name')).value;
    found[name] = { heap: usedSize + embedderHeapUsedSize, wasm: result.value };
  }
  return found;
}

const grew = (before, after) =>
  after.wasm > before.wasm ||
  after.heap > before.heap + Math.max(HEAP_LEAST, HEAP_MORE * before.heap);

const megabytes = (bytes) => (bytes / 1e6).toFixed(1);

function describe(name, before, after) {
  const heap = `${name} ${megabytes(before.heap)} to ${megabytes(after.heap)} MB`;
  if (after.wasm === 0) return heap;
  return `${heap}, WASM ${megabytes(before.wasm)} to ${megabytes(after.wasm)} MB`;
}

/** In the page before its own scripts: `answer` waits for what a worker answers next. */
function watch() {
  let answered = () => {};
  window.answer = () => new Promise((resolve) => (answered = resolve));
  const { addEventListener: listen } = Worker.prototype;
  Worker.prototype.addEventListener = function (type, listener) {
    listen.call(this, type, (event) => {
      listener(event);
      if (event.data?.result !== undefined) setTimeout(answered); // after it is shown
    });
  };
}

const BATCH = { keystrokes: 500, translations: 10, trainings: 1 };

const PARTS = {
  keystrokes: {
    link: '#names/Nakamura',
    ready: (page) => answered(page, 'Nakamura'),
    work: type,
  },
  translations: {
    link: '#translate/The%20house%20is%20old.',
    ready: (page) => translated(page, 'The house is old.'),
    work: translate,
  },
  trainings: { link: '#lab/Nakamura', ready: made, work: train },
};

/**
 * One kind of work in a page of its own. A row of [kind, how many, faults, what was held].
 * @param {keyof typeof PARTS} kind
 * @param {{ count: number, seed: number, seconds: number, told?: (done: number) => void }} options
 *   seconds: of a training
 */
export async function soakPart(kind, { count, seed, seconds, told = () => {} }) {
  const { link, ready, work } = PARTS[kind];
  const host = await servePage();
  let browser;
  try {
    browser = await launchByProtocol();
    const page = await browser.newPage();
    page.setDefaultTimeout(0);
    await page.evaluateOnNewDocument(watch);
    await page.goto(host.url + link);
    await ready(page);
    await until(page, () => /Ready/.test(document.querySelector('#footer').innerText), null, LONG);
    const first = Math.min(FIRST, Math.ceil(count / 2));
    const perform = async (from, to) => {
      for (let done = from; done < to;) {
        const batch = Math.min(BATCH[kind], to - done);
        await (kind === 'trainings' ? work(page, batch, seconds) : work(page, batch, done, seed));
        told((done += batch));
      }
    };
    await perform(0, first);
    const before = await memoryOf(page);
    await perform(first, count);
    const after = await memoryOf(page);
    const names = Object.keys(after);
    const faults = names.filter((name) => !before[name] || grew(before[name], after[name]));
    return [
      kind,
      `${count} ${kind}${kind === 'trainings' ? ` of ${seconds} s` : ''}`,
      `${faults.length} faults`,
      names.map((name) => describe(name, before[name] ?? after[name], after[name])).join('; '),
    ];
  } finally {
    await browser?.close();
    await host.close();
  }
}

/** All three, in the proportion of a day: for each training 10 translations and 1,000 keystrokes. */
export async function soakPage({ times, seed, seconds, told = () => {} }) {
  const counts = { keystrokes: 1000 * times, translations: 10 * times, trainings: times };
  const rows = [];
  for (const [kind, count] of Object.entries(counts)) {
    const tell = (done) => told(kind, done, count);
    rows.push(await soakPart(kind, { count, seed, seconds, told: tell }));
  }
  return rows;
}
