/** Translations of one sentence beside each other, as a small dictionary has them. */

const MOST = 8;
const PHRASE_WORDS = 3;

/** A word or a few: what one looks up in a dictionary. */
export const isPhrase = ({ sources }) => {
  const words = sources.filter(({ text }) => /[\p{L}\p{N}]/u.test(text));
  return words.length >= 1 && words.length <= PHRASE_WORDS;
};

/**
 * @typedef {object} Entry
 * @property {string} text
 * @property {number} place 0 for the best, else that of the alternative and 1
 * @property {number} share of the probability of all that were found, evened out by length
 *
 * @param {import('./answer.js').Sentence} sentence
 * @returns {Entry[]} the translation itself, then others, likeliest first; of a phrase, those that
 *   differ only in capitals or a full stop are one
 */
export function entriesOf(sentence) {
  const { text, score, alternatives } = sentence;
  const keyOf = isPhrase(sentence) ? loose : (found) => found;
  /** @type {Map<string, Entry>} */
  const entries = new Map();
  let sum = 0;
  for (const [place, found] of [{ text, score }, ...alternatives].entries()) {
    const weight = Math.exp(found.score - score);
    const key = keyOf(found.text);
    const known = entries.get(key);
    if (known) known.share += weight;
    else entries.set(key, { text: found.text, place, share: weight });
    sum += weight;
  }
  const [best, ...others] = entries.values();
  others.sort((a, b) => b.share - a.share);
  return [best, ...others]
    .slice(0, MOST)
    .map((entry) => ({ ...entry, share: entry.share / (sum || 1) }));
}

const loose = (text) =>
  text
    .toLowerCase()
    .replace(/[\s.!…]+$/u, '')
    .replaceAll('’', "'");
