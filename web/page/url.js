import { PARSERS, unusualSettings } from '../lab/settings.js';
import { ALL, LISTS, PRIORS, TRANSLATOR_NAMES, USUAL_PRIORS, VOICES } from './state.js';

/** The part of the state that a link carries: `#names/Müller?cell=gru&prior=data`,
 * `#translate/I%20am?model=main`, `#lab/Nakamura?data=world&hidden=128`. */

const oneOf = (values) => (text) => values.find((value) => value === text.toLowerCase());

/** By view, what a link may say besides the text, and how it is read; undefined: not a value. */
const OPTIONS = {
  names: { cell: oneOf(VOICES), list: oneOf(LISTS), prior: oneOf(PRIORS) },
  translate: { model: oneOf(TRANSLATOR_NAMES) },
  lab: PARSERS,
};

/**
 * @typedef {object} Linked
 * @property {import('./state.js').View} view
 * @property {string} [text] absent if the link names only the view
 * @property {import('./state.js').Voice} [cell] of the names view
 * @property {import('./state.js').List} [list] of the names view
 * @property {import('./state.js').Prior} [prior] of the names view
 * @property {import('./state.js').TranslatorName} [model] of the translate view
 *   And of the lab's view any of its settings (lab/settings.js).
 *
 * @param {string} hash of a location, with or without "#"
 * @returns {Linked | null} null if it names no view
 */
export function parseHash(hash) {
  const [, view, text, query] =
    /^#?(names|translate|lab)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(hash) ?? [];
  if (view === undefined) return null;
  const asked = new URLSearchParams(query);
  const options = Object.entries(OPTIONS[view])
    .map(([name, read]) => [name, read(asked.get(name) ?? '')])
    .filter(([, value]) => value !== undefined);
  return {
    view,
    ...(text !== undefined && { text: decode(text) }),
    ...Object.fromEntries(options),
  };
}

/** @param {Linked} linked */
export function formatHash({ view, text, ...options }) {
  // Half a surrogate pair cannot be encoded; it reads as U+FFFD, as in the engine.
  const encoded = encodeURIComponent(new TextDecoder().decode(new TextEncoder().encode(text)));
  const query = Object.keys(OPTIONS[view])
    .filter((name) => options[name] !== undefined)
    .map((name) => `${name}=${options[name]}`)
    .join('&');
  return `#${view}/${encoded}${query && `?${query}`}`;
}

/** What a link to the present state of a view says. @param {import('./state.js').State} state */
export function linkTo(view, state) {
  return formatHash({ view, ...CARRIED[view](state) });
}

const CARRIED = {
  names: (state) => ({ text: state.text, ...chosenIn(state) }),
  translate: ({ translation: { text, model } }) => ({ text, model }),
  lab: ({ text, lab }) => ({ text, ...unusualSettings(lab.settings) }),
};

/** The cell, if it is one, and of the rest what a link without it would not mean. */
function chosenIn({ cell, list, prior, weights }) {
  const usual = completed({ cell }, weights);
  return {
    ...(cell !== ALL && { cell }),
    ...(list !== usual.list && { list }),
    ...(prior !== USUAL_PRIORS[list] && { prior }),
  };
}

/**
 * All that a link to the names view leaves open, and a list and cell that this page has: the world
 * where it can be, by all cells together where there are several.
 * @param {{ cell?: Voice, list?: List, prior?: Prior }} linked
 * @param {State['weights']} weights
 * @returns {{ cell: Voice, list: List, prior: Prior }}
 *
 * @typedef {import('./state.js').State} State
 * @typedef {import('./state.js').Voice} Voice
 * @typedef {import('./state.js').List} List
 * @typedef {import('./state.js').Prior} Prior
 */
export function completed({ cell = ALL, list, prior }, weights) {
  const cellsOf = (name) => Object.keys(weights[name]);
  const answers = (name) =>
    cell === ALL ? cellsOf(name).length > 0 : cellsOf(name).includes(cell);
  const found = list && cellsOf(list).length > 0 ? list : LISTS.find(answers);
  const cells = cellsOf(found);
  const voices = cells.length > 1 ? [ALL, ...cells] : cells;
  return {
    cell: voices.includes(cell) ? cell : voices[0],
    list: found,
    prior: prior ?? USUAL_PRIORS[found],
  };
}

function decode(text) {
  let decoded = text;
  try {
    decoded = decodeURIComponent(text);
  } catch {
    // a stray "%", typed by hand
  }
  return decoded.replace(/\r\n?/g, '\n'); // the only line ends that a field gives back
}

const PAUSE = 150; // milliseconds
const LONGEST = 60_000; // characters of a fragment; browsers refuse addresses that are much longer

/** Of a text that is too long for an address there is the view alone: better than an older text. */
const withoutText = (hash) => hash.replace(/\/[^?]*/, '');

/**
 * Keeps the address in step with the state. Waits for a pause in typing, as browsers limit how often
 * an address may change.
 */
export function createAddress() {
  let timer, pending;
  const flush = () => {
    clearTimeout(timer);
    pending?.();
    pending = undefined;
  };
  // A link is followed after its click: the entry that it leaves must have what was just typed.
  addEventListener('click', flush, { capture: true });
  return {
    /** @param {string} whole */
    show(whole) {
      const hash = whole.length > LONGEST ? withoutText(whole) : whole;
      const from = location.hash;
      pending = () => {
        // Elsewhere already, though hashchange is still to come: that entry is not ours to replace.
        if (location.hash !== from || hash === from) return;
        history.replaceState(history.state, '', hash);
      };
      clearTimeout(timer);
      timer = setTimeout(flush, PAUSE);
    },
    /** @param {(linked: Linked) => void} listener */
    listen(listener) {
      addEventListener('hashchange', () => {
        clearTimeout(timer);
        pending = undefined;
        const linked = parseHash(location.hash);
        if (linked) listener(linked);
      });
    },
  };
}
