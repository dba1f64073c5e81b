import { codes, folder } from 'virtual:flags';

/** Addresses of flags. Those of the labels are in this script, so that they appear with the answer. */

const inlined = Object.fromEntries(
  Object.entries(
    import.meta.glob(
      '../../node_modules/country-flag-icons/3x2/{AF,AL,AM,AO,AZ,BD,BG,BR,BY,CD,CI,CM,CN,CZ,DE,DK,DZ,EE,EG,ES,ET,FI,FR,GB,GE,GH,GR,HK,HR,HT,HU,ID,IE,IL,IN,IQ,IR,IS,IT,JP,KE,KH,KR,KZ,LA,LB,LK,LT,LV,MA,MG,ML,MM,MN,MX,MY,NG,NL,NO,NP,NZ,PH,PK,PL,PT,RO,RS,RU,RW,SA,SE,SI,SK,SN,SO,SY,TH,TN,TO,TR,TW,TZ,UA,UG,UZ,VN,WS,ZA,ZW,GB-ENG,GB-SCT,GB-WLS}.svg',
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
