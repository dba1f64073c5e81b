import { readFileSync } from 'node:fs';
import { packNames, plainLetters } from '../names/endings.js';

const MODULE = 'virtual:name-endings';
const DATA = new URL('../../data/names/world.tsv', import.meta.url);

/** By how many letters make an ending, and for each country, how many names show it. */
const SHOWN = { 3: 3, 4: 4 };
/** An ending that a country has in fewer names tells nothing. */
const LEAST = 3;

/**
 * `import { labels, packed } from 'virtual:name-endings'`: for each country a few names of every ending
 * that is usual there, to be read by `unpackNames`.
 * @returns {import('vite').Plugin}
 */
export function nameEndings() {
  return {
    name: 'recur:name-endings',
    resolveId: (id) => (id === MODULE ? `\0${MODULE}` : null),
    load(id) {
      if (id !== `\0${MODULE}`) return null;
      this?.addWatchFile?.(DATA.pathname);
      const { labels, packed } = typicalNames();
      return `export const labels = ${JSON.stringify(labels)}; export const packed = ${JSON.stringify(packed)};`;
    },
  };
}

/** @returns {{ labels: string[], packed: string }} */
export function typicalNames() {
  const lines = readFileSync(DATA, 'utf8').trim().split('\n');
  const labelsOf = new Map();
  for (const line of lines) {
    const [name, label] = line.split('\t');
    labelsOf.set(name, (labelsOf.get(name) ?? new Set()).add(label));
  }
  const names = Array.from(labelsOf, ([name, listed]) => {
    const labels = [...listed];
    const letters = plainLetters(name);
    const endings = Object.keys(SHOWN)
      .filter((length) => length <= letters.length)
      .map((length) => letters.slice(-length));
    return {
      name,
      labels,
      keys: labels.flatMap((label) => endings.map((ending) => `${ending}\t${label}`)),
    };
  });
  const all = countKeys(names);
  const shown = new Map();
  const typical = names.filter(({ keys }) => {
    const usual = keys.filter((key) => all.get(key) >= LEAST);
    const wanted = usual.some((key) => (shown.get(key) ?? 0) < limitOf(key));
    if (wanted) for (const key of usual) shown.set(key, (shown.get(key) ?? 0) + 1);
    return wanted;
  });
  const labels = [...new Set(typical.flatMap((entry) => entry.labels))].sort();
  return { labels, packed: packNames(typical, labels) };
}

/** A key is an ending, a tab and a label. */
const limitOf = (key) => SHOWN[Array.from(key).indexOf('\t')];

function countKeys(names) {
  const counts = new Map();
  for (const { keys } of names) for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}
