import { CELLS } from './state.js';

/** The part of the state that a link carries: `#names/Müller?cell=gru`. */

/**
 * @param {string} hash of a location, with or without "#"
 * @returns {{ text: string, cell?: import('./state.js').Cell } | null} null if it names no view
 */
export function parseHash(hash) {
  const [, text, query] = /^#?names\/([^?]*)(?:\?(.*))?$/s.exec(hash) ?? [];
  if (text === undefined) return null;
  const cell = new URLSearchParams(query).get('cell')?.toLowerCase();
  return CELLS.includes(cell) ? { text: decode(text), cell } : { text: decode(text) };
}

/** @param {{ text: string, cell?: string }} state */
export function formatHash({ text, cell }) {
  // Half a surrogate pair cannot be encoded; it reads as U+FFFD, as in the engine.
  const encoded = encodeURIComponent(new TextDecoder().decode(new TextEncoder().encode(text)));
  return `#names/${encoded}${cell ? `?cell=${cell}` : ''}`;
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a stray "%", typed by hand
  }
}

const PAUSE = 150; // milliseconds

/**
 * Keeps the address in step with the state. Waits for a pause in typing, as browsers limit how often
 * an address may change.
 */
export function createAddress() {
  let timer;
  return {
    /** @param {{ text: string, cell: string }} state */
    show(state) {
      clearTimeout(timer);
      const from = location.hash;
      timer = setTimeout(() => {
        const hash = formatHash(state);
        // Elsewhere already, though hashchange is still to come: that entry is not ours to replace.
        if (location.hash !== from || hash === from) return;
        history.replaceState(history.state, '', hash);
      }, PAUSE);
    },
    /** @param {(state: NonNullable<ReturnType<typeof parseHash>>) => void} listener */
    listen(listener) {
      addEventListener('hashchange', () => {
        clearTimeout(timer);
        const state = parseHash(location.hash);
        if (state) listener(state);
      });
    },
  };
}
