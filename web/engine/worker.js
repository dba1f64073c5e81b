import { createEngine } from '../../build/wasm/recur.js';

/** The engine in its own thread. A message `{ id, action, payload }` is answered by `{ id, result }` or
 * `{ id, error }`. */

/** @type {Promise<import('../../wasm/recur.js').Engine>} */
let engine;
/** @type {Map<string, import('../../wasm/recur.js').Classifier>} */
const classifiers = new Map();

const actions = {
  async start({ flavour, wasmBinary }) {
    engine = createEngine({ flavour, wasmBinary });
    const { flavour: chosen, version } = await engine;
    return { flavour: chosen, version };
  },

  async load({ cell, bytes }) {
    const classifier = (await engine).loadClassifier(bytes);
    classifiers.get(cell)?.free();
    classifiers.set(cell, classifier);
    const { labels, metadata, ...shape } = classifier.info;
    return { ...shape, labels: [...labels], metadata: { ...metadata } };
  },

  /** One text by the chosen cell, letter by letter, and by the others for comparison. */
  classify({ text, cell }) {
    const classifier = classifiers.get(cell);
    const begin = performance.now();
    const { letters, ranking, steps } = classifier.classify(text, {
      top: classifier.info.labels.length,
      steps: true,
    });
    const milliseconds = performance.now() - begin;
    const compare = {};
    for (const [name, other] of classifiers)
      compare[name] =
        name === cell ? ranking.slice(0, 3) : other.classify(text, { top: 3 }).ranking;
    return { text, cell, letters, ranking, steps, compare, milliseconds };
  },

  /** Bytes that this thread fetched: the module's glue. */
  transferred() {
    const entries = performance.getEntriesByType('resource');
    return entries.reduce((sum, entry) => sum + entry.encodedBodySize, 0);
  },
};

addEventListener('message', async ({ data: { id, action, payload } }) => {
  try {
    postMessage({ id, result: await actions[action](payload) });
  } catch (error) {
    postMessage({ id, error: error.message });
  }
});
