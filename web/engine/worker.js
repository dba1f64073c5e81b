import { createEngine } from '../../build/wasm/recur.js';

/** The engine in its own thread. A message `{ id, action, payload }` is answered by `{ id, result }` or
 * `{ id, error }`, and by any number of `{ id, part }` before; `{ abort: id }` ends it. */

/** One for each kind of models. @type {Record<string, Promise<import('../../wasm/recur.js').Engine>>} */
const engines = {};
/** By list and cell. @type {Map<string, import('../../wasm/recur.js').Classifier>} */
const classifiers = new Map();
/** @type {Map<string, import('../../wasm/recur.js').Translator>} */
const translators = new Map();
/** The table of names that was opened last. */
let table = null;
/** By id, what ends a request. @type {Map<number, AbortController>} */
const controllers = new Map();

const CELLS = ['rnn', 'lstm', 'gru'];
const keyOf = (list, cell) => `${list} ${cell}`;

/** A file that does not tell its shares has one prior; the tutorial's knows nothing but whole texts. */
const optionsOf = ({ info }, { list, prior }) => ({
  whole: list === 'tutorial',
  ...(info.shares && { prior }),
});

const LONGEST = 500; // characters of a name in a table
const WARM_UP = 10;
const PART_EVERY = 16; // milliseconds: more often than a screen changes, nobody sees

const actions = {
  /** Answered as soon as this thread runs. */
  hello() {},

  async start({ kind, flavour, wasmBinary }) {
    const wasmBinaries = { [kind]: wasmBinary };
    engines[kind] = createEngine({ flavour, models: [kind], wasmBinaries });
    const { flavour: chosen, version } = await engines[kind];
    return { flavour: chosen, version };
  },

  async load({ list, cell, bytes }) {
    const classifier = (await engines.classifier).loadClassifier(bytes);
    const key = keyOf(list, cell);
    classifiers.get(key)?.free();
    classifiers.set(key, classifier);
    const { labels, metadata, ...shape } = classifier.info;
    return { ...shape, labels: [...labels], metadata: { ...metadata } };
  },

  /**
   * One text by the chosen cell, and by the others for comparison. What is timed is the classification
   * alone; the pictures want the steps, which classify it again after each letter.
   */
  classify({ text, list, cell, prior }) {
    const classifier = classifiers.get(keyOf(list, cell));
    const top = classifier.info.labels.length;
    const options = { top, ...optionsOf(classifier, { list, prior }) };
    const begin = performance.now();
    classifier.classify(text, options);
    const milliseconds = performance.now() - begin;
    const { steps = [], ...answer } = classifier.classify(text, { ...options, steps: true });
    const compare = {};
    for (const name of CELLS) {
      const other = classifiers.get(keyOf(list, name));
      if (name === cell) compare[name] = answer.ranking.slice(0, 3);
      else if (other)
        compare[name] = other.classify(text, {
          top: 3,
          ...optionsOf(other, { list, prior }),
        }).ranking;
    }
    return { ...answer, text, list, cell, prior, steps, compare, milliseconds };
  },

  /** The browser compiles well only what has run a few times: here it does, in a few milliseconds. */
  warm() {
    for (const classifier of classifiers.values())
      for (let i = 0; i < WARM_UP; i++) classifier.classify('Papadopoulos');
  },

  async loadTranslator({ model, bytes }) {
    const translator = (await engines.translator).loadTranslator(bytes);
    translators.get(model)?.free();
    translators.set(model, translator);
    return { ...translator.info };
  },

  /** Parts are the best unfinished translation of each sentence, by its index, as the search goes on. */
  async translate({ model, text, options }, { signal, post }) {
    let parts = {};
    let posted = 0;
    const onToken = ({ sentence, text: found }) => {
      parts[sentence] = found;
      const now = performance.now();
      if (now - posted < PART_EVERY) return;
      post(parts);
      posted = now;
      parts = {};
    };
    return translators.get(model).translate(text, { ...options, signal, onToken });
  },

  /** A file of names: its columns, which of them likely has the names, and its first rows. */
  async openTable({ wasmBinary, file }) {
    const { openTable } = await import('./table.js');
    table = await openTable(wasmBinary, new Uint8Array(await file.arrayBuffer()));
    const { columns, guess, preview } = table;
    return { columns, guess, preview };
  },

  /** Parts are how far it is. */
  async classifyTable({ list, cell, prior, column, top }, { signal, post }) {
    const classifier = classifiers.get(keyOf(list, cell));
    const options = { top, ...optionsOf(classifier, { list, prior }) };
    // What is far too long for a name is refused; its row has no answer.
    const answer = (name) =>
      name.length > LONGEST ? [] : classifier.classify(name, options).ranking;
    return table.classify(answer, { column, top, signal, progress: post });
  },

  /** Bytes that this thread fetched: the module's glue. */
  transferred() {
    const entries = performance.getEntriesByType('resource');
    return entries.reduce((sum, entry) => sum + entry.encodedBodySize, 0);
  },
};

addEventListener('message', async ({ data: { id, action, payload, abort } }) => {
  if (abort !== undefined) {
    controllers.get(abort)?.abort();
    return;
  }
  const controller = new AbortController();
  controllers.set(id, controller);
  const post = (part) => postMessage({ id, part });
  try {
    const result = await actions[action](payload, { signal: controller.signal, post });
    postMessage({ id, result });
  } catch (error) {
    postMessage({ id, error: error.message });
  }
  controllers.delete(id);
});
