/** Words of a text, and attention between words: what people point at, where the network has subwords. */

/** @typedef {{ text: string, start: number, end: number }} Range of a text, in UTF-16 units */

// A word may hold apostrophes, hyphens and points between digits; punctuation is a word of its own.
const WORD =
  /[\p{L}\p{M}\p{N}]+(?:(?:['’‑-]|(?<=\p{N})[.,](?=\p{N}))[\p{L}\p{M}\p{N}]+)*|[^\s\p{L}\p{M}\p{N}]+/gu;

// French words that lose their vowel lean on the next: "J’aime" is two.
const ELIDED = /^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)['’](?=.)/i;

/**
 * @param {string} text
 * @param {'en' | 'fr'} language
 * @returns {Range[]}
 */
export function wordsOf(text, language) {
  const words = [];
  for (const { 0: word, index } of text.matchAll(WORD)) {
    let start = index;
    let rest = word;
    for (let found; language === 'fr' && (found = ELIDED.exec(rest));) {
      words.push(range(text, start, start + found[0].length));
      start += found[0].length;
      rest = rest.slice(found[0].length);
    }
    words.push(range(text, start, start + rest.length));
  }
  return words;
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
