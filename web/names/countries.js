import { flagOf } from './flags.js';
import { suggestionsOf } from './suggestions.js';

/**
 * From the labels of the model to countries. A label is a tradition of spelling, not a country: some
 * have no flag, some are at home in many.
 *
 * `flag` is the file that shows it; `regions` are the countries where a person with such a name would
 * most likely register, the likeliest first, as ISO 3166-1 codes. Labels named by `key` rather than by a
 * region are not in Intl.DisplayNames and have their name in i18n/.
 * @type {Record<string, { flag?: string, key?: string, regions: string[] }>}
 */
const LABELS = {
  Arabic: { key: 'Arabic', regions: ['EG', 'SA', 'MA', 'DZ', 'IQ', 'AE', 'JO', 'LB', 'SY', 'TN'] },
  Chinese: { flag: 'CN', regions: ['CN', 'TW', 'HK', 'SG'] },
  Czech: { flag: 'CZ', regions: ['CZ', 'SK'] },
  Dutch: { flag: 'NL', regions: ['NL', 'BE'] },
  English: { flag: 'GB-ENG', key: 'English', regions: ['GB', 'US', 'AU', 'CA', 'NZ', 'IE'] },
  French: { flag: 'FR', regions: ['FR', 'BE', 'CA', 'CH'] },
  German: { flag: 'DE', regions: ['DE', 'AT', 'CH'] },
  Greek: { flag: 'GR', regions: ['GR', 'CY'] },
  Irish: { flag: 'IE', regions: ['IE', 'GB', 'US'] },
  Italian: { flag: 'IT', regions: ['IT', 'CH'] },
  Japanese: { flag: 'JP', regions: ['JP'] },
  Korean: { flag: 'KR', regions: ['KR'] },
  Polish: { flag: 'PL', regions: ['PL'] },
  Portuguese: { flag: 'PT', regions: ['PT', 'BR', 'AO', 'MZ'] },
  Russian: { flag: 'RU', regions: ['RU', 'BY', 'KZ'] },
  Scottish: { flag: 'GB-SCT', key: 'Scottish', regions: ['GB', 'US', 'CA'] },
  Spanish: { flag: 'ES', regions: ['ES', 'MX', 'CO', 'AR', 'PE', 'CL'] },
  Vietnamese: { flag: 'VN', regions: ['VN'] },
};

/** Below this probability the best is too weak to be called an answer. */
export const SURE = 0.4;

/**
 * @param {string} label
 * @param {import('../i18n/index.js').Language} language
 */
export function labelName(label, { t, regionName }) {
  const place = LABELS[label];
  if (!place) return label; // other weights, other labels
  return place.key ? t(`label.${place.key}`) : regionName(place.regions[0]);
}

/** @param {string} label @returns {string} address of a picture, "" if there is none */
export function labelFlag(label) {
  const place = LABELS[label];
  return place?.flag ? flagOf(place.flag) : label === 'Arabic' ? ARABIC_LETTER : '';
}

/** A letter instead of a flag for what is a language of many countries. */
const ARABIC_LETTER =
  'data:image/svg+xml,' +
  encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 513 342"><path fill="#6b7280" d="M0 0h513v342H0z"/>' +
      '<path fill="none" stroke="#fff" stroke-width="34" stroke-linecap="round" stroke-linejoin="round" d="M318 78c-48-26-98 0-96 36 2 32 40 40 86 26-70 14-114 56-108 98 8 52 84 62 134 26"/></svg>',
  );

const REGIONS = Object.fromEntries(
  Object.entries(LABELS).map(([label, { regions }]) => [label, regions]),
);

/** @param {import('../../wasm/recur.js').Ranked[]} ranking @returns {string[]} ISO codes, likeliest first */
export const suggestRegions = (ranking) => suggestionsOf(ranking, REGIONS);
