/**
 * What the page knows, in one place. Views read it and are told when it changes.
 *
 * @typedef {'rnn' | 'lstm' | 'gru'} Cell
 * @typedef {import('./engine/fetch.js').LoadError} LoadError
 * @typedef {{ phase: 'waiting' | 'loading' | 'ready' | 'failed', loaded: number, total: number,
 *   error?: LoadError, info?: import('../wasm/recur.js').ClassifierInfo }} Weights
 *
 * @typedef {object} Answer What the engine said of one text.
 * @property {string} text
 * @property {Cell} cell
 * @property {string} letters
 * @property {import('../wasm/recur.js').Ranked[]} ranking every label, most probable first
 * @property {import('../wasm/recur.js').LetterStep[]} steps
 * @property {Partial<Record<Cell, import('../wasm/recur.js').Ranked[]>>} compare
 *
 * @typedef {object} State
 * @property {string} text as typed
 * @property {boolean} composing an input method is at work
 * @property {Cell} cell
 * @property {string} locale of the interface: en, fr or zh
 * @property {Answer | null} answer
 * @property {{ kind: 'too-long' | 'engine', message: string } | null} problem with this text
 * @property {number | null} moment index of the letter that is looked at
 * @property {Record<Cell, Weights>} weights
 * @property {{ flavour: string, version: string } | null} engine
 * @property {{ milliseconds: number, count: number } | null} time of a classification
 * @property {import('./engine/sizes.js').Sizes | null} sizes of what was loaded
 * @property {'unsupported' | 'saving' | 'ready' | 'failed'} offline
 * @property {boolean} online
 */

/** @type {readonly Cell[]} */
export const CELLS = ['rnn', 'lstm', 'gru'];

/**
 * @param {State} state
 * @returns a store: `state` is read-only for everyone, `set` merges a patch, and subscribers run once
 *   after all patches of a turn.
 */
export function createStore(state) {
  const views = [];
  let due = false;

  function render() {
    due = false;
    for (const view of views) view(store.state);
  }

  const store = {
    state,
    /** @param {Partial<State>} patch */
    set(patch) {
      store.state = { ...store.state, ...patch };
      if (!due) {
        due = true;
        queueMicrotask(render);
      }
    },
    /** @param {(state: State) => void} view */
    subscribe(view) {
      views.push(view);
      view(store.state);
    },
  };
  return store;
}
