import { CELLS, TRANSLATOR_NAMES } from './state.js';

/** The part of the state that a link carries: `#names/Müller?cell=gru`, `#translate/I%20am?model=main`. */

/** By view, what a link may say besides the text. */
const OPTIONS = {
  names: { name: 'cell', values: CELLS },
  translate: { name: 'model', values: TRANSLATOR_NAMES },
};

/**
 * @typedef {object} Linked
 * @property {import('./state.js').View} view
 * @property {string} [text] absent if the link names only the view
 * @property {import('./state.js').Cell} [cell] of the names view
 * @property {import('./state.js').TranslatorName} [model] of the translate view
 *
 * @param {string} hash of a location, with or without "#"
 * @returns {Linked | null} null if it names no view
 */
export function parseHash(hash) {
  const [, view, text, query] = /^#?(names|translate)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(hash) ?? [];
  if (view === undefined) return null;
  const { name, values } = OPTIONS[view];
  const option = new URLSearchParams(query).get(name)?.toLowerCase();
  return {
    view,
    ...(text !== undefined && { text: decode(text) }),
    ...(values.includes(option) && { [name]: option }),
  };
}

/** @param {Linked} linked */
export function formatHash({ view, text, ...options }) {
  // Half a surrogate pair cannot be encoded; it reads as U+FFFD, as in the engine.
  const encoded = encodeURIComponent(new TextDecoder().decode(new TextEncoder().encode(text)));
  const { name } = OPTIONS[view];
  return `#${view}/${encoded}${options[name] ? `?${name}=${options[name]}` : ''}`;
}

/** What a link to the present state of a view says. @param {import('./state.js').State} state */
export function linkTo(view, { text, cell, translation }) {
  return formatHash(
    view === 'names'
      ? { view, text, cell }
      : { view, text: translation.text, model: translation.model },
  );
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
