import { WEIGHTS } from '../engine/assets.js';
import { latestOnly } from '../engine/client.js';
import { fetchFile } from '../engine/fetch.js';
import { asLoadError } from '../engine/module.js';
import { createStopwatch } from '../engine/stopwatch.js';
import { leadOf, leadingWeights } from '../page/state.js';

/** Longest text that is sent to the engine, in letters; it refuses more. */
export const LETTERS_MAX = 10_000;

/**
 * The classifiers as the page sees them: brings in their weights, answers for the name that is typed
 * now, and writes all it learns into the store.
 * @param {ReturnType<typeof import('../page/state.js').createStore>} store
 * @param {ReturnType<typeof import('../engine/module.js').createModule>} module
 */
export function createSession(store, module) {
  const stopwatch = createStopwatch();
  const settled = defer(); // there is a first answer

  function setWeights(list, cell, patch) {
    const { weights } = store.state;
    const changed = { ...weights[list][cell], ...patch };
    store.set({ weights: { ...weights, [list]: { ...weights[list], [cell]: changed } } });
  }

  /** Brings in the weights of one cell, unless they are here or coming. */
  async function load(list, cell, fresh) {
    if (!['waiting', 'failed'].includes(store.state.weights[list][cell].phase)) return;
    setWeights(list, cell, { phase: 'loading', loaded: 0, error: undefined });
    try {
      const { client, sent, ready } = module.use('classifier', fresh);
      const { buffer } = await fetchFile(WEIGHTS[list][cell], {
        fresh,
        progress: (loaded) => setWeights(list, cell, { loaded }),
      });
      await sent;
      const loading = client.call('load', { list, bytes: buffer }, [buffer]).catch(asLoadError);
      const [info] = await Promise.all([loading, ready]);
      setWeights(list, cell, { phase: 'ready', info });
      ask();
    } catch (error) {
      setWeights(list, cell, { phase: 'failed', error });
    }
  }

  /**
   * Brings in the list of names: the chosen cell first, the others once it has answered.
   * @param {{ fresh?: boolean }} [options] fresh: past the browser's cache
   */
  async function loadAll({ fresh = false } = {}) {
    const { list, cell } = store.state;
    await load(list, leadOf(cell, Object.keys(WEIGHTS[list])), fresh);
    if (leadingWeights(store.state.weights, { list, cell }).phase === 'ready')
      await settled.promise;
    await Promise.all(Object.keys(WEIGHTS[list]).map((name) => load(list, name, fresh)));
    if (!module.client) return;
    await module.client.call('warm');
    ask(); // so that the time shown is that of code that has run before
  }

  const submit = latestOnly(
    (question) => module.client.call('classify', question),
    ({ text }, { reply, error }) => {
      if (error) {
        store.set({
          answer: null,
          moment: null,
          problem: { kind: 'engine', message: error.message },
        });
        settled.resolve();
        return;
      }
      const { milliseconds, ...answer } = reply;
      const sameText = store.state.answer?.text === text;
      store.set({
        answer,
        problem: null,
        moment: sameText ? store.state.moment : null,
        time: stopwatch.add(milliseconds),
      });
      settled.resolve();
    },
  );

  /** Asks about the text, list, cell and prior of the state. */
  function ask() {
    const { text, list, cell, prior, weights } = store.state;
    if (leadingWeights(weights, { list, cell }).phase !== 'ready') return;
    if (tooLong(text)) {
      submit(null);
      store.set({ answer: null, moment: null, problem: { kind: 'too-long', message: '' } });
      settled.resolve();
    } else submit({ text, list, cell, prior });
  }

  return {
    loadAll,
    /** There is a first answer. */
    answered: settled.promise,
    /** Asks for the chosen list and cell, which are fetched if they are not here. */
    async choose() {
      const { list, cell } = store.state;
      await load(list, leadOf(cell, Object.keys(store.state.weights[list])), true);
      ask();
      const waiting = Object.keys(WEIGHTS[list]).filter(
        (name) => store.state.weights[list][name].phase === 'waiting',
      );
      await Promise.all(waiting.map((name) => load(list, name)));
    },
    ask,
    /**
     * A weight file that is here already, in the place of the one before.
     * @param {Uint8Array} bytes
     * @returns {Promise<import('../page/state.js').Cell>} its cell
     */
    async open(bytes) {
      const { client, ready } = module.use('classifier');
      await ready;
      const info = await client.call('load', { list: 'own', bytes });
      const { weights } = store.state;
      const loaded = { phase: 'ready', loaded: bytes.length, total: bytes.length, info };
      store.set({ weights: { ...weights, own: { [info.cell]: loaded } } });
      return info.cell;
    },
  };
}

/** A cheap bound; what folds to more letters than it has characters the engine judges itself. */
function tooLong(text) {
  return text.length > LETTERS_MAX && Array.from(text.trim()).length > LETTERS_MAX;
}

function defer() {
  const deferred = {};
  deferred.promise = new Promise((resolve) => (deferred.resolve = resolve));
  return deferred;
}

/** @returns {State['weights']} @typedef {import('../page/state.js').State} State */
export function initialWeights() {
  const waiting = ([cell, { bytes }]) => [cell, { phase: 'waiting', loaded: 0, total: bytes }];
  return Object.fromEntries(
    Object.entries(WEIGHTS).map(([list, files]) => [
      list,
      Object.fromEntries(Object.entries(files).map(waiting)),
    ]),
  );
}
