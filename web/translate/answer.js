import { attentionOfWords, placesIn, wordsOf } from './words.js';

/**
 * What the engine said of one text, sentence by sentence.
 *
 * @typedef {object} Sentence
 * @property {number} start where it is in the text (UTF-16)
 * @property {number} end
 * @property {string} source
 * @property {string} text
 * @property {number} score
 * @property {{ text: string, score: number }[]} alternatives best first
 * @property {boolean} consulted more of them than usual were looked for
 * @property {Word[]} sources words of `source`
 * @property {Word[]} targets words of `text`
 * @property {Float32Array} links [targets, sources] attention between words
 * @property {boolean} truncated
 * @property {string[]} unknown
 * @property {boolean} copied nothing in it was to be translated
 * @property {Copied[]} spans what was not translated: links, numbers, names, emoji
 *
 * @typedef {import('./words.js').Range & { copied?: Copied['kind'] }} Word
 * @typedef {{ source: string, target: string, kind: 'as-is' | 'set' }} Copied set: as French sets it
 *
 * @typedef {object} Answer
 * @property {string} text as typed
 * @property {'french' | 'as-is'} numbers how they were set
 * @property {Sentence[]} sentences
 * @property {number} milliseconds that what was new in it took
 *
 * @typedef {{ text: string, head: Sentence[], parts: Record<number, string>, tail: Sentence[] }} Partial
 *   parts: the best unfinished translations of what is between `head` and `tail`, in order
 *
 * @typedef {{ sentence: number, side: 'source' | 'target', word: number }} Look
 */

/**
 * @param {import('../../wasm/recur.js').TranslatedSentence} sentence
 * @param {number} from where its text begins in the whole text
 * @returns {Sentence}
 */
export function toSentence(sentence, from) {
  const { start, end, source, text, score, alternatives, truncated, unknown } = sentence;
  const spans = (sentence.spans ?? []).map(
    ({ source: { text: read }, target: { text: written } }) => ({
      ...{ source: read, target: written, kind: read === written ? 'as-is' : 'set' },
    }),
  );
  const sources = markedWords(source, 'en', sentence, 'source', spans);
  const targets = markedWords(text, 'fr', sentence, 'target', spans);
  const links = attentionOfWords(sentence, targets, sources);
  const copied = Boolean(sentence.copied);
  return {
    ...{
      start: start + from,
      end: end + from,
      source,
      text,
      score,
      truncated,
      unknown,
      copied,
      spans,
    },
    ...{ alternatives: distinct(text, alternatives), consulted: false, sources, targets, links },
  };
}

/** Words of one side, each told how it was copied, if it was. */
function markedWords(text, language, sentence, side, spans) {
  const places = (sentence.spans ?? [])
    .map((span, index) => ({ start: span[side].start, end: span[side].end, index }))
    .filter((place) => place.start < place.end)
    .sort((a, b) => a.start - b.start);
  return wordsOf(text, language, places).map(({ copied, ...word }) => {
    const kind = copied === undefined ? sentence.copied && 'as-is' : spans[copied].kind;
    return kind ? { ...word, copied: kind } : word;
  });
}

/**
 * Words of another text with the same spans: the sentence as it was typed, or another translation.
 * @param {string} text
 * @param {'en' | 'fr'} language
 * @param {Sentence} sentence
 * @returns {Word[]}
 */
export function wordsLike(text, language, { spans }) {
  const places = placesIn(
    text,
    spans.map(({ source, target }) => (language === 'en' ? source : target)),
  );
  return wordsOf(text, language, places).map(({ copied, ...word }) =>
    copied === undefined ? word : { ...word, copied: spans[copied].kind },
  );
}

/**
 * What was copied into a translation of the sentence.
 * @param {Sentence} sentence
 * @returns {string[]} as it stands there
 */
export const copiedIn = ({ targets }) =>
  targets.filter(({ copied }) => copied).map(({ text }) => text);

/** Hypotheses that differ only in their tokens read the same, and one may say nothing. */
function distinct(text, alternatives) {
  const seen = new Set([text]);
  return alternatives.filter(
    (other) => other.text.trim() && !seen.has(other.text) && seen.add(other.text),
  );
}

/** The sentence with what a wider search found of it, behind what it had. @param {Sentence} sentence */
export function withConsulted(sentence, { text, score, alternatives }) {
  const all = [...sentence.alternatives, { text, score }, ...alternatives];
  return { ...sentence, alternatives: distinct(sentence.text, all), consulted: true };
}

/**
 * The answer to what is typed now, as numbers are wanted now.
 * @param {import('../page/state.js').TranslationState} translation
 * @returns {Answer | null}
 */
export function currentAnswer({ answers, model, text, numbers }) {
  const answer = answers[model];
  return answer?.text === text && answer.numbers === numbers ? answer : null;
}

/**
 * What of an answer still holds for another text, so that a keystroke costs a line and not a page. The
 * engine takes every line by itself, so lines that both texts begin or end with keep their sentences.
 * @param {Answer | null} answer
 * @param {string} text
 * @returns {{ head: Sentence[], tail: Sentence[], from: number, until: number }} text.slice(from, until)
 *   is to be translated, between the sentences of `head` and those of `tail`
 */
export function unchanged(answer, text) {
  if (!answer) return { head: [], tail: [], from: 0, until: text.length };
  const before = answer.text;
  const most = Math.min(before.length, text.length);
  let same = 0;
  while (same < most && before[same] === text[same]) same++;
  const from = text.slice(0, same).lastIndexOf('\n') + 1;
  let sameEnd = 0;
  while (sameEnd < most - from && before.at(-1 - sameEnd) === text.at(-1 - sameEnd)) sameEnd++;
  const lineEnd = text.indexOf('\n', text.length - sameEnd);
  const until = lineEnd < 0 ? text.length : lineEnd;

  const shift = text.length - before.length;
  const moved = ({ start, end, ...rest }) => ({ start: start + shift, end: end + shift, ...rest });
  return {
    head: answer.sentences.filter(({ end }) => end <= from),
    tail: answer.sentences.filter(({ start }) => start + shift >= until).map(moved),
    from,
    until,
  };
}

/** The sentence at a place of the text. @param {{ sentences: Sentence[] }} answer */
export function sentenceAt({ sentences }, place) {
  const after = sentences.findIndex(({ start }) => start > place);
  return Math.max(0, (after < 0 ? sentences.length : after) - 1);
}

/** What stands for a sentence: the best, or the alternative that was picked. */
export const textOf = (sentence, pick) => sentence.alternatives[pick - 1]?.text ?? sentence.text;

/**
 * The whole translation, with the white space between the sentences of the original.
 * @param {Answer} answer
 * @param {Record<number, number>} picked
 */
export function outputOf({ text, sentences }, picked) {
  return sentences
    .map((sentence, i) => {
      const space = text.slice(i ? sentences[i - 1].end : 0, sentence.start);
      return space + textOf(sentence, picked[i]);
    })
    .join('');
}

/** Attention is never quite zero; a share below this lights nothing. */
const FAINT = 0.05;

/**
 * How strongly each word of a sentence is lit while one is looked at.
 * @param {Sentence} sentence
 * @param {Look} look at one of its words
 * @returns {{ source: number[], target: number[] }} 0 to 1 each
 */
export function lightsOf({ sources, targets, links }, { side, word }) {
  const at = (target, source) => {
    const share = links[target * sources.length + source];
    return share < FAINT ? 0 : share;
  };
  return side === 'source'
    ? {
        source: sources.map((_, i) => (i === word ? 1 : 0)),
        target: targets.map((_, i) => at(i, word)),
      }
    : {
        source: sources.map((_, i) => at(word, i)),
        target: targets.map((_, i) => (i === word ? 1 : 0)),
      };
}

/**
 * The words that a word is linked with most, strongest first.
 * @returns {{ text: string, share: number }[]}
 */
export function linkedWith(sentence, look) {
  const { source, target } = lightsOf(sentence, look);
  const [shares, words] =
    look.side === 'source' ? [target, sentence.targets] : [source, sentence.sources];
  return words
    .map(({ text }, i) => ({ text, share: shares[i] }))
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share)
    .slice(0, 3);
}
