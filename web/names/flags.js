import { codes, folder } from 'virtual:flags';
import { PLACES, flagCode } from './places.js';

/* Addresses of flags. Those of the labels come in one script, which no answer waits for: until it is
 * here their places stay free. */

/** @type {Record<string, string>} by code */
let pictures = {};
let awaited = new Set(Object.keys(PLACES).map(flagCode));

/** @type {Set<string>} ISO 3166 codes of the countries that have a flag */
const known = new Set(codes.match(/../g));

/** @param {string} code ISO 3166 */
export const hasFlag = (code) => known.has(code);

/** Brings in the flags of the labels. Where they cannot be had each is asked for by itself. */
export async function loadFlags() {
  try {
    const { default: svgs } = await import('virtual:flags/pictures');
    const addresses = Object.entries(svgs).map(([code, svg]) => [
      code,
      `data:image/svg+xml,${encodeURIComponent(svg)}`,
    ]);
    pictures = Object.fromEntries(addresses);
  } finally {
    awaited = new Set();
  }
}

/** @param {string} code ISO 3166 @returns {string} address of the picture, "" if there is none */
export function flagOf(code) {
  if (awaited.has(code)) return '';
  return pictures[code] ?? (hasFlag(code) ? `${folder}${code}.svg` : '');
}
