/**
 * Names of the lists that end like another, and how they are packed. No name is compared by its marks or
 * its capitals.
 *
 * @typedef {object} ListedName
 * @property {string} name
 * @property {string[]} labels of the countries that list it
 */

/** Letters whose stroke is no mark of its own in Unicode. */
const STROKES = { ø: 'o', ł: 'l', đ: 'd', ð: 'd', ħ: 'h', ı: 'i' };

const ASCII = /^[\0-\x7f]*$/;

/**
 * A text as it is compared: as long, with a plain letter for each.
 * @param {string} name
 */
export function plainLetters(name) {
  if (ASCII.test(name)) return name.toLowerCase(); // most of them, and far quicker
  return Array.from(name.normalize('NFC'), (character) => {
    if (character < '\x80') return character.toLowerCase();
    const [base] = character.toLowerCase().normalize('NFD');
    return STROKES[base] ?? base;
  }).join('');
}

/** How many letters at their end are the same. */
function commonEnding(a, b) {
  const most = Math.min(a.length, b.length);
  let count = 0;
  while (count < most && a.charCodeAt(a.length - 1 - count) === b.charCodeAt(b.length - 1 - count))
    count++;
  return count;
}

const FIRST_COUNT = 48; // "0"
const FIRST_LABEL = 33; // "!"
const COUNT_MAX = 40;

/**
 * One name a line, sorted by its letters from the end: how many units of UTF-16 at its end are those
 * of the name before, the others, a tab, and a character for each label.
 * @param {ListedName[]} names
 * @param {string[]} labels fewer than 94
 */
export function packNames(names, labels) {
  const keyOf = ({ name }) => Array.from(plainLetters(name)).reverse().join('');
  const sorted = names
    .map((entry) => ({ ...entry, key: keyOf(entry) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.name < b.name ? -1 : 1));
  let before = '';
  const lines = sorted.map(({ name, labels: at }) => {
    const same = Math.min(commonEnding(name, before), COUNT_MAX);
    before = name;
    const codes = at.map((label) => FIRST_LABEL + labels.indexOf(label));
    const rest = name.slice(0, name.length - same);
    return `${String.fromCharCode(FIRST_COUNT + same)}${rest}\t${String.fromCharCode(...codes)}`;
  });
  return lines.join('\n');
}

/**
 * @param {string} packed
 * @param {string[]} labels
 * @yields {ListedName} so that whoever reads many can let others have their turn
 */
export function* unpackNames(packed, labels) {
  let name = '';
  for (const line of packed.split('\n')) {
    const [text, codes] = line.split('\t');
    const same = text.charCodeAt(0) - FIRST_COUNT;
    name = text.slice(1) + name.slice(name.length - same);
    yield {
      name,
      labels: Array.from(codes, (code) => labels[code.charCodeAt(0) - FIRST_LABEL]),
    };
  }
}

const LEAST = 3; // letters at the end; or one less, of a country that is this likely
const LIKELY = 0.1;
const MOST = 6;
const OF_A_COUNTRY = 3;
/** Endings so much shorter than the longest are not shown beside it. */
const SHORTER = 3;

/**
 * A few names that share the longest ending with this one; of those that share as much, from the
 * countries that are likeliest.
 * @param {ListedName[]} names
 * @param {string} text
 * @param {import('../../wasm/recur.js').Ranked[]} ranking
 * @returns {(ListedName & { ending: number })[]} labels: likeliest first; ending: how
 *   much of the name, in units of UTF-16
 */
export function namesAlike(names, text, ranking) {
  const shares = new Map(ranking.map(({ label, probability }) => [label, probability]));
  const letters = plainLetters(text);
  const likeliest = ({ labels }) => Math.max(...labels.map((label) => shares.get(label) ?? 0));
  const found = names
    .map((entry) => {
      entry.letters ??= plainLetters(entry.name);
      return { entry, ending: commonEnding(letters, entry.letters) };
    })
    .filter(
      ({ entry, ending }) =>
        (ending >= LEAST || (ending === LEAST - 1 && likeliest(entry) >= LIKELY)) &&
        !(ending === letters.length && ending === entry.letters.length),
    )
    .sort((a, b) => b.ending - a.ending || likeliest(b.entry) - likeliest(a.entry));
  const counts = new Map();
  const chosen = [];
  const seen = new Set(); // spellings that differ only by marks
  for (const { entry, ending } of found) {
    if (ending <= found[0].ending - SHORTER || seen.has(entry.letters)) continue;
    const labels = entry.labels.toSorted((a, b) => (shares.get(b) ?? 0) - (shares.get(a) ?? 0));
    const [label] = labels;
    const count = counts.get(label) ?? 0;
    if (count === OF_A_COUNTRY) continue;
    counts.set(label, count + 1);
    seen.add(entry.letters);
    chosen.push({ ...entry, labels, ending });
    if (chosen.length === MOST) break;
  }
  return chosen;
}
