import { createEngine } from '../../build/wasm/recur.js';
import { serve } from './serve.js';

/** The engine in its own thread. */

/** One for each kind of models. @type {Record<string, Promise<import('../../wasm/recur.js').Engine>>} */
const engines = {};
/** By list and cell. @type {Map<string, import('../../wasm/recur.js').Classifier>} */
const classifiers = new Map();
/** @type {Map<string, import('../../wasm/recur.js').Translator>} */
const translators = new Map();
/** The table of names that was opened last. */
let table = null;

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
  async start({ kind, flavour, wasmBinary }) {
    const wasmBinaries = { [kind]: wasmBinary };
    engines[kind] = createEngine({ flavour, models: [kind], wasmBinaries });
    const { flavour: chosen, version } = await engines[kind];
    return { flavour: chosen, version };
  },

  async load({ list, bytes }) {
    const classifier = (await engines.classifier).loadClassifier(bytes);
    const { labels, metadata, ...shape } = classifier.info;
    // One's own file is one alone.
    for (const cell of list === 'own' ? CELLS : [shape.cell]) {
      classifiers.get(keyOf(list, cell))?.free();
      classifiers.delete(keyOf(list, cell));
    }
    classifiers.set(keyOf(list, shape.cell), classifier);
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

  /** Names to learn out of a table: see engine/examples.js. */
  async readExamples({ wasmBinary, bytes, columns }) {
    const [{ openTable }, { readExamples }] = await Promise.all([
      import('./table.js'),
      import('./examples.js'),
    ]);
    return readExamples(await openTable(wasmBinary, bytes), columns);
  },

  /** Bytes that this thread fetched: the module's glue. */
  transferred() {
    const entries = performance.getEntriesByType('resource');
    return entries.reduce((sum, entry) => sum + entry.encodedBodySize, 0);
  },
};

serve(actions);
