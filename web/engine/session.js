import { detectFlavour } from '../../build/wasm/recur.js';
import { CELLS } from '../state.js';
import { MODULES, WEIGHTS } from './assets.js';
import { latestOnly } from './client.js';
import { LoadError, fetchFile } from './fetch.js';
import { measureSizes } from './sizes.js';
import { createStopwatch } from './stopwatch.js';
import { startWorker } from './thread.js';

/** Longest text that is sent to the engine, in letters; it refuses more. */
export const LETTERS_MAX = 10_000;

/**
 * The engine as the page sees it: brings in the module and the weights, answers for the text that is
 * typed now, and writes all it learns into the store.
 * @param {ReturnType<typeof import('../state.js').createStore>} store
 */
export function createSession(store) {
  const stopwatch = createStopwatch();
  let client = null;
  let ready; // the module runs in the worker
  const underway = defer();
  const settled = defer(); // there is a first answer

  const setWeights = (cell, patch) =>
    store.set({
      weights: { ...store.state.weights, [cell]: { ...store.state.weights[cell], ...patch } },
    });

  /** Starts the worker and fetches the module at the same time. */
  function start(fresh) {
    client?.close();
    client = startWorker();
    client.call('hello').then(underway.resolve, underway.resolve);
    ready = (async ({ call }) => {
      const flavour = await detectFlavour();
      const { buffer } = await fetchFile(MODULES[flavour], { fresh });
      const payload = { flavour, wasmBinary: buffer };
      store.set({ engine: await call('start', payload, [buffer]).catch(asLoadError) });
    })(client);
    ready.catch(() => {
      client.close();
      client = null;
    });
  }

  /** Brings in the weights of one cell, unless they are here or coming. */
  async function load(cell, fresh) {
    if (!['waiting', 'failed'].includes(store.state.weights[cell].phase)) return;
    setWeights(cell, { phase: 'loading', loaded: 0, error: undefined });
    try {
      if (!client) start(fresh);
      const { call } = client;
      const started = ready;
      const { buffer } = await fetchFile(WEIGHTS[cell], {
        fresh,
        progress: (loaded) => setWeights(cell, { loaded }),
      });
      const loading = call('load', { cell, bytes: buffer }, [buffer]).catch(asLoadError);
      const [info] = await Promise.all([loading, started]);
      setWeights(cell, { phase: 'ready', info });
      ask();
    } catch (error) {
      setWeights(cell, { phase: 'failed', error });
    }
  }

  /**
   * Brings in everything: the chosen cell first, the others once it has answered.
   * @param {{ fresh?: boolean }} [options] fresh: past the browser's cache
   */
  async function loadAll({ fresh = false } = {}) {
    const { cell } = store.state;
    await load(cell, fresh);
    if (store.state.weights[cell].phase === 'ready') await settled.promise;
    await Promise.all(CELLS.map((name) => load(name, fresh)));
    if (!client) return;
    await client.call('warm');
    ask(); // so that the time shown is that of code that has run before
    store.set({ sizes: await measureSizes(client) });
  }

  const submit = latestOnly(
    (question) => client.call('classify', question),
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

  /** Asks about the text and cell of the state. */
  function ask() {
    const { text, cell, weights } = store.state;
    if (weights[cell].phase !== 'ready') return;
    if (tooLong(text)) {
      submit(null);
      store.set({ answer: null, moment: null, problem: { kind: 'too-long', message: '' } });
      settled.resolve();
    } else submit({ text, cell });
  }

  return {
    loadAll,
    /** Asks for the chosen cell, which is fetched if it is not here. */
    choose: () => load(store.state.cell, true).then(ask),
    ask,
    /** The worker runs, or never will. */
    underway: underway.promise,
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

function asLoadError(error) {
  throw new LoadError('engine', error.message);
}

/** @returns {State['weights']} @typedef {import('../state.js').State} State */
export function initialWeights() {
  return Object.fromEntries(
    CELLS.map((cell) => [cell, { phase: 'waiting', loaded: 0, total: WEIGHTS[cell].bytes }]),
  );
}
