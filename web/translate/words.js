/** Words of a text, and attention between words: what people point at, where the network has subwords. */

/** @typedef {{ text: string, start: number, end: number }} Range of a text, in UTF-16 units */

// A word may hold apostrophes, hyphens and points between digits; punctuation is a word of its own.
const WORD =
  /[\p{L}\p{M}\p{N}]+(?:(?:['’‑-]|(?<=\p{N})[.,](?=\p{N}))[\p{L}\p{M}\p{N}]+)*|[^\s\p{L}\p{M}\p{N}]+/gu;

// French words that lose their vowel lean on the next: "J’aime" is two.
const ELIDED = /^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)['’](?=.)/i;

/**
 * Words of a text. What was copied into it whole, a link or "3:45 p.m.", is one word.
 * @param {string} text
 * @param {'en' | 'fr'} language
 * @param {{ start: number, end: number, index: number }[]} [copied] where, in order
 * @returns {(Range & { copied?: number })[]} copied: the index of the one that it is
 */
export function wordsOf(text, language, copied = []) {
  const words = [];
  let next = 0; // of what is copied, the first that does not end before the word
  const add = (start, end) => {
    for (let at = start; at < end;) {
      while (copied[next]?.end <= at) next++;
      const { start: from = end, end: until = end } = copied[next] ?? {};
      const inside = from <= at;
      const stop = Math.min(inside ? until : from, end);
      words.push({ ...range(text, at, stop), ...(inside && { copied: copied[next].index }) });
      at = stop;
    }
  };
  for (const { 0: word, index } of covered(text, copied).matchAll(WORD)) {
    let start = index;
    let rest = word;
    for (let found; language === 'fr' && (found = ELIDED.exec(rest));) {
      add(start, start + found[0].length);
      start += found[0].length;
      rest = rest.slice(found[0].length);
    }
    add(start, start + rest.length);
  }
  return words;
}

/** The text with a letter for each character that was copied, so that no word begins or ends within. */
function covered(text, copied) {
  let result = '';
  for (const { start, end } of copied)
    result += text.slice(result.length, start) + 'x'.repeat(end - start);
  return result + text.slice(result.length);
}

/**
 * Where pieces stand in a text, not within words: behind the piece before, or else anywhere. Those that it
 * lacks are left out.
 * @param {string} text
 * @param {string[]} pieces
 * @returns {{ start: number, end: number, index: number }[]} in order; index: of the piece
 */
export function placesIn(text, pieces) {
  const places = [];
  let behind = 0;
  pieces.forEach((piece, index) => {
    const start = [behind, 0]
      .map((from) => placeOf(text, piece, from, places))
      .find((found) => found >= 0);
    if (start === undefined) return;
    behind = start + piece.length;
    places.push({ start, end: behind, index });
  });
  return places.sort((a, b) => a.start - b.start);
}

const WITHIN = /[\p{L}\p{N}][\p{L}\p{N}]/u;

/** The first free place from `from` on, or -1. */
function placeOf(text, piece, from, places) {
  if (!piece) return -1;
  const within = (at) => at > 0 && WITHIN.test(text.slice(at - 1, at + 1));
  const taken = (start, end) => places.some((place) => place.start < end && start < place.end);
  for (let at = text.indexOf(piece, from); at >= 0; at = text.indexOf(piece, at + 1)) {
    const end = at + piece.length;
    if (!within(at) && !within(end) && !taken(at, end)) return at;
  }
  return -1;
}

const range = (text, start, end) => ({ text: text.slice(start, end), start, end });

/**
 * Attention from words to words: a word looks where its tokens look on average, and a word is looked at
 * by the sum over its tokens.
 * @param {{ targetTokens: Range[], sourceTokens: Range[], attention: Float32Array, text: string,
 *   source: string }} sentence
 * @param {Range[]} targets words of `text`
 * @param {Range[]} sources words of `source`
 * @returns {Float32Array} [targets, sources]; a row sums to 1, less what went to the end of the sentence
 */
export function attentionOfWords(sentence, targets, sources) {
  const { targetTokens, sourceTokens, attention } = sentence;
  const links = new Float32Array(targets.length * sources.length);
  if (!targets.length || !sources.length || !targetTokens.length) return links;
  const rows = placesOf(targetTokens, targets);
  const columns = placesOf(sourceTokens, sources);
  const tokens = new Float32Array(targets.length);
  rows.forEach((row, t) => {
    if (row < 0) return;
    tokens[row] += 1;
    columns.forEach((column, s) => {
      if (column >= 0)
        links[row * sources.length + column] += attention[t * sourceTokens.length + s];
    });
  });
  return links.map((sum, i) => sum / (tokens[Math.floor(i / sources.length)] || 1));
}

/**
 * For each token, the index of the word that it is in; a token of white space leans on the next word. -1
 * behind the last word, where the end of the sentence is.
 */
function placesOf(tokens, words) {
  return tokens.map(({ text, start }) => {
    const at = start + text.length - text.trimStart().length;
    return words.findIndex(({ end }) => at < end);
  });
}
