import { codes, folder } from 'virtual:flags';

/** Addresses of flags. Those of the labels are in this script, so that they appear with the answer. */

const inlined = Object.fromEntries(
  Object.entries(
    import.meta.glob(
      '../../node_modules/country-flag-icons/3x2/{CN,CZ,DE,ES,FR,GB,GB-ENG,GB-SCT,GR,IE,IT,JP,KR,NL,PL,PT,RU,VN}.svg',
      { query: '?raw', import: 'default', eager: true },
    ),
  ).map(([path, svg]) => [
    /([^/]+)\.svg$/.exec(path)[1],
    `data:image/svg+xml,${encodeURIComponent(svg)}`,
  ]),
);

/** @type {Set<string>} ISO 3166 codes of the countries that have a flag */
const known = new Set(codes.match(/../g));

/** @param {string} code ISO 3166 @returns {string} address of the picture, "" if there is none */
export const flagOf = (code) => inlined[code] ?? (known.has(code) ? `${folder}${code}.svg` : '');
