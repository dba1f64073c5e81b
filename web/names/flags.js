import { codes, folder } from 'virtual:flags';
import { PLACES, flagCode } from './places.js';

/* Addresses of flags. Those of the labels come in one script, which no answer waits for: until it is
 * here their places stay free. */

/** SVG by code. @type {Record<string, string>} */
let pictures = {};
/** Those that were asked for: to write out all would hold up the page. @type {Record<string, string>} */
const addresses = {};
let awaited = new Set(Object.keys(PLACES).map(flagCode));

/** @type {Set<string>} ISO 3166 codes of the countries that have a flag */
const known = new Set(codes.match(/../g));

/** @param {string} code ISO 3166 */
export const hasFlag = (code) => known.has(code);

/** Brings in the flags of the labels. Where they cannot be had each is asked for by itself. */
export async function loadFlags() {
  try {
    ({ default: pictures } = await import('virtual:flags/pictures'));
  } finally {
    awaited = new Set();
  }
}

/** @param {string} code ISO 3166 @returns {string} address of the picture, "" if there is none */
export function flagOf(code) {
  if (awaited.has(code)) return '';
  if (!pictures[code]) return hasFlag(code) ? `${folder}${code}.svg` : '';
  return (addresses[code] ??= `data:image/svg+xml,${encodeURIComponent(pictures[code])}`);
}
