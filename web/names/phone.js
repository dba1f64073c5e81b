/** Phone numbers of all countries. Large, so loaded only when the page has answered. */

import { AsYouType, Metadata, getCountries } from 'libphonenumber-js/core';
import examples from 'libphonenumber-js/mobile/examples';
import metadata from 'libphonenumber-js/mobile/metadata';
import { hasFlag } from './flags.js';

/** Countries with phone numbers and a flag, as ISO codes. */
export const regions = getCountries(metadata).filter(hasFlag);

/**
 * @param {string} region
 * @returns {{ callingCode: string, lengths: number[], example: string }} lengths: digits that a mobile
 *   number may have after the calling code; example: one such number as written there
 */
export function numbering(region) {
  const tables = new Metadata(metadata);
  tables.selectNumberingPlan(region);
  const plan = tables.numberingPlan;
  const callingCode = plan.callingCode();
  const example = examples[region];
  return {
    callingCode,
    lengths: (plan.type('MOBILE') ?? plan).possibleLengths(),
    example: example ? writtenAbroad(callingCode, example) : '',
  };
}

/**
 * @param {string} region that a number without calling code belongs to
 * @param {string} typed
 * @returns {{ text: string, digits: number, region?: string }} text: as it would be written; digits:
 *   how many count, without calling code and trunk prefix; region: what a typed calling code says
 */
export function format(region, typed) {
  const digits = typed.replace(/[^\d+]/g, '');
  if (digits.startsWith('+')) {
    const international = new AsYouType(undefined, metadata);
    const text = international.input(digits);
    return { text, digits: count(international), region: international.getCountry() };
  }
  const national = new AsYouType(region, metadata);
  const text = national.input(digits);
  if (text !== digits || !digits) return { text, digits: count(national) };
  // Typed without the trunk prefix: the way it is written abroad.
  return { text: writtenAbroad(numbering(region).callingCode, digits), digits: count(national) };
}

const count = (typing) => typing.getNationalNumber()?.length ?? 0;

/** As written after the calling code. */
function writtenAbroad(callingCode, digits) {
  const whole = new AsYouType(undefined, metadata).input(`+${callingCode}${digits}`);
  return whole.slice(callingCode.length + 1).trimStart();
}
