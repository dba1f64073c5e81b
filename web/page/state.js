/**
 * What the page knows, in one place. Views read it and are told when it changes.
 *
 * @typedef {'rnn' | 'lstm' | 'gru'} Cell
 * @typedef {Cell | 'all'} Voice what answers: the network of one cell, or all that are here together
 * @typedef {'world' | 'tutorial' | 'own'} List the names that a classifier learnt; own: of a file that was
 *   opened here
 * @typedef {'equal' | 'balanced' | 'data'} Prior the shares of the countries that answers suppose
 * @typedef {import('../engine/fetch.js').LoadError} LoadError
 * @typedef {{ phase: 'waiting' | 'loading' | 'ready' | 'failed', loaded: number, total: number,
 *   error?: LoadError, info?: import('../../wasm/recur.js').ClassifierInfo }} Weights
 *
 * @typedef {object} Answer What the engine said of one text.
 * @property {string} text
 * @property {List} list
 * @property {Voice} cell
 * @property {Prior} prior
 * @property {string} letters
 * @property {'letters' | 'script' | 'nothing'} from what it rests on
 * @property {string | null} script of the text, by its code in ISO 15924
 * @property {{ start: number, end: number }} read where the name stands in the text
 * @property {import('../../wasm/recur.js').Ranked[]} ranking every label, most probable first
 * @property {import('../../wasm/recur.js').LetterStep[]} steps
 * @property {Partial<Record<Cell, import('../../wasm/recur.js').Ranked[]>>} compare
 *
 * @typedef {'names' | 'translate' | 'lab'} View
 *
 * @typedef {'main' | 'tutorial'} TranslatorName
 * @typedef {{ phase: 'absent' | 'waiting' | 'loading' | 'stopped' | 'ready' | 'failed', loaded: number,
 *   total: number, kept: boolean, error?: LoadError, info?: import('../../wasm/recur.js').TranslatorInfo
 *   }} TranslatorWeights absent: this build of the page has none; kept: the file is on this device
 *
 * @typedef {object} TranslationState
 * @property {string} text as typed
 * @property {boolean} composing an input method is at work
 * @property {number} caret where it is in the text
 * @property {TranslatorName} model that the answer comes from
 * @property {'french' | 'as-is'} numbers how numbers and clock times are to be set
 * @property {Record<TranslatorName, TranslatorWeights>} weights
 * @property {Record<TranslatorName, import('../translate/answer.js').Answer | null>} answers
 * @property {import('../translate/answer.js').Partial | null} partial what there is of the next answer
 * @property {{ kind: 'too-long' | 'engine', message: string } | null} problem with this text
 * @property {import('../translate/answer.js').Look | null} look the word that is looked at
 * @property {number} sentence index of the sentence that the pictures show
 * @property {Record<number, number>} picked by sentence, which alternative stands in its place
 * @property {boolean} alternatives are shown
 * @property {Record<TranslatorName, { milliseconds: number, count: number } | null>} times of a
 *   translated sentence
 *
 * @typedef {object} State
 * @property {View} view
 * @property {TranslationState} translation
 * @property {{ settings: import('../lab/settings.js').Settings,
 *   time: { milliseconds: number, count: number } | null }} lab time: of a training step
 * @property {string} text as typed
 * @property {boolean} composing an input method is at work
 * @property {List} list that the answer comes from
 * @property {Voice} cell
 * @property {Prior} prior
 * @property {string} locale of the interface: en, fr or zh
 * @property {Answer | null} answer
 * @property {{ kind: 'too-long' | 'engine', message: string } | null} problem with this text
 * @property {number | null} moment index of the letter that is looked at
 * @property {Record<List, Partial<Record<Cell, Weights>>>} weights of the cells that there are
 * @property {{ flavour: string, version: string } | null} engine
 * @property {{ milliseconds: number, count: number } | null} time of a classification
 * @property {import('../engine/sizes.js').Sizes | null} sizes of what was loaded
 * @property {boolean} flags are here
 * @property {'unsupported' | 'saving' | 'ready' | 'failed'} offline
 * @property {boolean} online
 */

/** @type {readonly Cell[]} */
export const CELLS = ['rnn', 'lstm', 'gru'];

export const ALL = 'all';

/** @type {readonly Voice[]} */
export const VOICES = [ALL, ...CELLS];

const LEAD = 'gru';

/**
 * The cell that answers first, for all or for itself.
 * @param {Voice} voice
 * @param {readonly Cell[]} cells that there are
 * @returns {Cell}
 */
export const leadOf = (voice, cells) =>
  voice !== ALL ? voice : cells.includes(LEAD) ? LEAD : cells[0];

/** Its weights. @param {State['weights']} weights @param {{ list: List, cell: Voice }} of */
export const leadingWeights = (weights, { list, cell }) =>
  weights[list][leadOf(cell, Object.keys(weights[list]))];

/** @type {readonly List[]} */
export const LISTS = ['world', 'tutorial', 'own'];

/** @type {readonly Prior[]} */
export const PRIORS = ['equal', 'balanced', 'data'];

/** What answers suppose unless something else is chosen, as the weights of each list say. @type {Record<List, Prior>} */
export const USUAL_PRIORS = { world: 'equal', tutorial: 'balanced', own: 'equal' };

/** @type {readonly TranslatorName[]} */
export const TRANSLATOR_NAMES = ['main', 'tutorial'];

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
