import { flagOf } from './flags.js';
import { PLACES, flagCode } from './places.js';
import { suggestionsOf } from './suggestions.js';

/** Below this probability the best is too weak to be called an answer. */
export const SURE = 0.4;

/**
 * @param {string} label
 * @param {import('../i18n/index.js').Language} language
 */
export function labelName(label, { t, placeName }) {
  const place = PLACES[label];
  if (!place) return label; // other weights, other labels
  return place.key ? t(`label.${place.key}`) : placeName(place.regions[0]);
}

/**
 * The name of a group of neighbours.
 * @param {{ key?: string, labels: string[] }} group
 * @param {import('../i18n/index.js').Language} language
 */
export function groupName({ key, labels }, language) {
  if (key) return language.t(`label.${key}`);
  return language.all(labels.map((label) => labelName(label, language)));
}

/** @param {string} label @returns {string} address of a picture, "" if there is none */
export function labelFlag(label) {
  const code = flagCode(label);
  return code ? flagOf(code) : label === 'Arabic' ? ARABIC_LETTER : '';
}

/** A letter instead of a flag for what is a language of many countries. */
const ARABIC_LETTER =
  'data:image/svg+xml,' +
  encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 513 342"><path fill="#6b7280" d="M0 0h513v342H0z"/>' +
      '<path fill="none" stroke="#fff" stroke-width="34" stroke-linecap="round" stroke-linejoin="round" d="M318 78c-48-26-98 0-96 36 2 32 40 40 86 26-70 14-114 56-108 98 8 52 84 62 134 26"/></svg>',
  );

const REGIONS = Object.fromEntries(
  Object.entries(PLACES).map(([label, { regions }]) => [label, regions]),
);

/** @param {import('../../wasm/recur.js').Ranked[]} ranking @returns {string[]} ISO codes, likeliest first */
export const suggestRegions = (ranking) => suggestionsOf(ranking, REGIONS);
