import { createEngine } from '../../build/wasm/recur.js';
import { together } from '../../build/wasm/recur-together.js';
import { serve } from './serve.js';

/** The engine in its own thread. */

/** One for each kind of models. @type {Record<string, Promise<import('../../wasm/recur.js').Engine>>} */
const engines = {};
/** By list and cell. @type {Map<string, import('../../wasm/recur.js').Classifier>} */
const classifiers = new Map();
/** Weights that are not loaded yet. @type {Map<string, Uint8Array>} */
const fetched = new Map();
/** @type {Map<string, import('../../wasm/recur.js').Translator>} */
const translators = new Map();
/** The table of names that was opened last. */
let table = null;
/** The module that answers many names at once, which comes with the first table. */
let giveTrainers;
const trainers = new Promise((resolve) => (giveTrainers = resolve));

const CELLS = ['rnn', 'lstm', 'gru'];
const keyOf = (list, cell) => `${list} ${cell}`;
const cellsHere = (list) => CELLS.filter((cell) => classifiers.has(keyOf(list, cell)));
/** The classifiers that answer for a cell, or for all. */
const answering = (list, cell) =>
  (cell === 'all' ? cellsHere(list) : [cell]).map((name) => classifiers.get(keyOf(list, name)));

/** A file that does not tell its shares has one prior; the tutorial's knows nothing but whole texts. */
const optionsOf = ({ info }, { list, prior }) => ({
  whole: list === 'tutorial',
  ...(info.shares && { prior }),
});

/** The likeliest labels, best first. @returns {import('../../wasm/recur.js').Ranked[]} */
function firstOf(labels, probabilities, top) {
  const best = [];
  for (let i = 0; i < labels.length; i++) {
    const probability = probabilities[i];
    if (best.length === top && probability <= best[top - 1].probability) continue;
    const after = best.findIndex((other) => other.probability < probability);
    best.splice(after < 0 ? best.length : after, 0, { label: labels[i], probability });
    best.length = Math.min(best.length, top);
  }
  return best;
}

const LONGEST = 500; // characters of a name in a table
const WARM_UP = 10;
const PART_EVERY = 16; // milliseconds: more often than a screen changes, nobody sees

const actions = {
  async start({ kind, flavour, wasmBinary }) {
    const wasmBinaries = { trainer: trainers, [kind]: wasmBinary };
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
   * One text by the chosen cell, or all together, and by each for comparison. What is timed is one
   * classification alone; the pictures want the steps, which classify it again after each letter.
   */
  classify({ text, list, cell, prior }) {
    const chosen = answering(list, cell);
    const top = chosen[0].info.labels.length;
    const options = { top, ...optionsOf(chosen[0], { list, prior }) };
    const begin = performance.now();
    chosen.at(-1).classify(text, options);
    const milliseconds = performance.now() - begin;
    const said = together(chosen).classify(text, { ...options, steps: true });
    const { steps = [], each, ...answer } = said;
    const compare = {};
    for (const name of cellsHere(list)) {
      const one = classifiers.get(keyOf(list, name));
      const { ranking } = each[chosen.indexOf(one)] ?? one.classify(text, options);
      compare[name] = ranking.slice(0, 3);
    }
    return { ...answer, text, list, cell, prior, steps, compare, milliseconds };
  },

  /** The browser compiles well only what has run a few times: here it does, in a few milliseconds. */
  warm() {
    for (const classifier of classifiers.values())
      for (let i = 0; i < WARM_UP; i++) classifier.classify('Papadopoulos');
  },

  /** Fetches weights here: so many bytes to read and check would keep the page from its work. Parts are
   * how much of them has come. */
  async fetchTranslator({ model, file, fresh }, { signal, post }) {
    const { fetchKept } = await import('./kept.js');
    const { bytes, kept } = await fetchKept(file, { fresh, signal, progress: post });
    fetched.set(model, bytes);
    return { kept };
  },

  async loadTranslator({ model }) {
    const translator = (await engines.translator).loadTranslator(fetched.get(model));
    fetched.delete(model);
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
  async openTable({ wasmBinary, trainer, file }) {
    const { openTable } = await import('./table.js');
    giveTrainers(trainer);
    table = await openTable(wasmBinary, new Uint8Array(await file.arrayBuffer()));
    const { columns, guess, preview } = table;
    return { columns, guess, preview };
  },

  /** Parts are how far it is. */
  async classifyTable({ list, cell, prior, column, top }, { signal, post }) {
    const chosen = answering(list, cell);
    const options = optionsOf(chosen[0], { list, prior });
    const all = together(chosen);
    // What is far too long for a name is refused; its row has no answer.
    const read = (name) => (name.length > LONGEST ? '' : name);
    const answer = async (names) => {
      const { probabilities, from } = await all.classifyMany(names.map(read), options);
      const { length } = all.labels;
      return from.map((basis, i) =>
        basis === 'nothing'
          ? []
          : firstOf(all.labels, probabilities.subarray(i * length, (i + 1) * length), top),
      );
    };
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
};

serve(actions);
