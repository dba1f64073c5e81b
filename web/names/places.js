/**
 * From the labels of the models to countries. A label of the tutorial is a tradition of spelling, not a
 * country: some have no flag, some are at home in many.
 *
 * @typedef {object} Place
 * @property {string} [flag] code of the flag that shows it, if that is not the first region's; "": none
 * @property {string} [key] of its name in i18n/, where Intl.DisplayNames has none
 * @property {string[]} regions where a person with such a name would most likely register, the likeliest
 *   first, as ISO 3166-1 codes
 */

/** @type {Record<string, Place>} */
const TUTORIAL = {
  Arabic: {
    flag: '',
    key: 'Arabic',
    regions: ['EG', 'SA', 'MA', 'DZ', 'IQ', 'AE', 'JO', 'LB', 'SY', 'TN'],
  },
  Chinese: { regions: ['CN', 'TW', 'HK', 'SG'] },
  Czech: { regions: ['CZ', 'SK'] },
  Dutch: { regions: ['NL', 'BE'] },
  English: { flag: 'GB-ENG', key: 'English', regions: ['GB', 'US', 'AU', 'CA', 'NZ', 'IE'] },
  French: { regions: ['FR', 'BE', 'CA', 'CH'] },
  German: { regions: ['DE', 'AT', 'CH'] },
  Greek: { regions: ['GR', 'CY'] },
  Irish: { regions: ['IE', 'GB', 'US'] },
  Italian: { regions: ['IT', 'CH'] },
  Japanese: { regions: ['JP'] },
  Korean: { regions: ['KR'] },
  Polish: { regions: ['PL'] },
  Portuguese: { regions: ['PT', 'BR', 'AO', 'MZ'] },
  Russian: { regions: ['RU', 'BY', 'KZ'] },
  Scottish: { flag: 'GB-SCT', key: 'Scottish', regions: ['GB', 'US', 'CA'] },
  Spanish: { regions: ['ES', 'MX', 'CO', 'AR', 'PE', 'CL'] },
  Vietnamese: { regions: ['VN'] },
};

/** Countries of the world: by the label, the country itself and where its names went in numbers. */
const COUNTRIES = {
  Afghanistan: 'AF',
  Albania: 'AL XK',
  Algeria: 'DZ',
  Angola: 'AO',
  Armenia: 'AM',
  Azerbaijan: 'AZ',
  Bangladesh: 'BD',
  Belarus: 'BY',
  Brazil: 'BR',
  Bulgaria: 'BG',
  Cambodia: 'KH',
  Cameroon: 'CM',
  China: 'CN SG',
  Croatia: 'HR BA',
  Czechia: 'CZ',
  'DR Congo': 'CD CG',
  Denmark: 'DK',
  Egypt: 'EG',
  Estonia: 'EE',
  Ethiopia: 'ET ER',
  Finland: 'FI',
  France: 'FR BE CA CH',
  Georgia: 'GE',
  Germany: 'DE AT CH',
  Ghana: 'GH',
  Greece: 'GR CY',
  Haiti: 'HT',
  'Hong Kong': 'HK',
  Hungary: 'HU',
  Iceland: 'IS',
  India: 'IN',
  Indonesia: 'ID',
  Iran: 'IR',
  Iraq: 'IQ',
  Ireland: 'IE GB US',
  Israel: 'IL',
  Italy: 'IT CH',
  'Ivory Coast': 'CI',
  Japan: 'JP',
  Kazakhstan: 'KZ',
  Kenya: 'KE',
  Korea: 'KR',
  Laos: 'LA',
  Latvia: 'LV',
  Lebanon: 'LB',
  Lithuania: 'LT',
  Madagascar: 'MG',
  Malaysia: 'MY SG',
  Mali: 'ML',
  Mexico: 'MX US',
  Mongolia: 'MN',
  Morocco: 'MA',
  Myanmar: 'MM',
  Nepal: 'NP',
  Netherlands: 'NL BE',
  'New Zealand': 'NZ',
  Nigeria: 'NG',
  Norway: 'NO',
  Pakistan: 'PK',
  Philippines: 'PH',
  Poland: 'PL',
  Portugal: 'PT',
  Romania: 'RO MD',
  Russia: 'RU',
  Rwanda: 'RW BI',
  Samoa: 'WS',
  'Saudi Arabia': 'SA',
  Senegal: 'SN',
  Serbia: 'RS ME BA',
  Slovakia: 'SK',
  Slovenia: 'SI',
  Somalia: 'SO',
  'South Africa': 'ZA',
  Spain: 'ES CO AR PE CL',
  'Sri Lanka': 'LK',
  Sweden: 'SE',
  Syria: 'SY',
  Taiwan: 'TW',
  Tanzania: 'TZ',
  Thailand: 'TH',
  Tonga: 'TO',
  Tunisia: 'TN',
  Turkey: 'TR',
  Uganda: 'UG',
  Ukraine: 'UA',
  Uzbekistan: 'UZ',
  Vietnam: 'VN',
  Zimbabwe: 'ZW',
};

/** @type {Record<string, Place>} by label */
export const PLACES = {
  ...TUTORIAL,
  ...Object.fromEntries(
    Object.entries(COUNTRIES).map(([label, codes]) => [label, { regions: codes.split(' ') }]),
  ),
  England: { flag: 'GB-ENG', key: 'English', regions: ['GB', 'US', 'AU', 'CA', 'NZ', 'IE'] },
  Scotland: { flag: 'GB-SCT', key: 'Scottish', regions: ['GB', 'US', 'CA'] },
  Wales: { flag: 'GB-WLS', key: 'Welsh', regions: ['GB'] },
};

/** Code of a label's flag, "" if it has none. @param {string} label */
export const flagCode = (label) => PLACES[label]?.flag ?? PLACES[label]?.regions[0] ?? '';

/**
 * Codes of the countries that a map shows a label in: its own, or all where it has no flag.
 * @param {string} label
 */
export const homesOf = (label) => {
  const { flag, regions } = PLACES[label] ?? { regions: [] };
  return flag === '' ? regions : regions.slice(0, 1);
};

/**
 * By code of a country, the sum of the shares of the labels that are at home there.
 * @param {import('../../wasm/recur.js').Ranked[]} ranking
 * @returns {Map<string, number>}
 */
export function sharesOf(ranking) {
  const shares = new Map();
  for (const { label, probability } of ranking)
    for (const code of homesOf(label)) shares.set(code, (shares.get(code) ?? 0) + probability);
  return shares;
}

/**
 * Neighbours whose names are alike. Those with a key have their name in i18n/, the others are named by
 * their countries.
 * @type {{ key?: string, labels: string[] }[]}
 */
export const GROUPS = [
  { key: 'scandinavia', labels: ['Denmark', 'Norway', 'Sweden'] },
  { key: 'nordic', labels: ['Denmark', 'Norway', 'Sweden', 'Iceland', 'Finland'] },
  { labels: ['Finland', 'Estonia'] },
  { key: 'baltic', labels: ['Estonia', 'Latvia', 'Lithuania'] },
  { key: 'britain', labels: ['England', 'Scotland', 'Wales'] },
  { labels: ['Scotland', 'Ireland'] },
  { key: 'isles', labels: ['England', 'Scotland', 'Wales', 'Ireland'] },
  { labels: ['Germany', 'Netherlands'] },
  { labels: ['France', 'Haiti'] },
  { labels: ['Spain', 'Mexico'] },
  { labels: ['Spain', 'Italy'] },
  { labels: ['Portugal', 'Brazil'] },
  { labels: ['Portugal', 'Brazil', 'Angola'] },
  { key: 'iberia', labels: ['Spain', 'Portugal', 'Mexico', 'Brazil'] },
  { labels: ['Czechia', 'Slovakia'] },
  { key: 'central', labels: ['Czechia', 'Slovakia', 'Poland', 'Hungary', 'Slovenia'] },
  { labels: ['Croatia', 'Serbia'] },
  { labels: ['Croatia', 'Serbia', 'Slovenia'] },
  {
    key: 'balkans',
    labels: ['Albania', 'Bulgaria', 'Croatia', 'Greece', 'Romania', 'Serbia', 'Slovenia'],
  },
  { labels: ['Russia', 'Bulgaria'] },
  { labels: ['Russia', 'Ukraine', 'Belarus'] },
  { key: 'eastern', labels: ['Russia', 'Ukraine', 'Belarus', 'Poland', 'Bulgaria'] },
  { key: 'caucasus', labels: ['Armenia', 'Azerbaijan', 'Georgia'] },
  { labels: ['Kazakhstan', 'Uzbekistan'] },
  { labels: ['Azerbaijan', 'Kazakhstan', 'Uzbekistan'] },
  { labels: ['Turkey', 'Azerbaijan'] },
  { labels: ['Iran', 'Afghanistan'] },
  { labels: ['Afghanistan', 'Pakistan'] },
  { key: 'maghreb', labels: ['Algeria', 'Morocco', 'Tunisia'] },
  { labels: ['Lebanon', 'Syria'] },
  {
    key: 'Arabic',
    labels: [
      ...['Algeria', 'Egypt', 'Iraq', 'Lebanon', 'Morocco', 'Saudi Arabia', 'Syria', 'Tunisia'],
    ],
  },
  { labels: ['India', 'Nepal'] },
  { labels: ['Bangladesh', 'India'] },
  { labels: ['Bangladesh', 'Pakistan'] },
  { key: 'south-asia', labels: ['Bangladesh', 'India', 'Nepal', 'Pakistan', 'Sri Lanka'] },
  { labels: ['China', 'Taiwan'] },
  { labels: ['China', 'Hong Kong', 'Taiwan'] },
  { key: 'east-asia', labels: ['China', 'Hong Kong', 'Taiwan', 'Japan', 'Korea', 'Mongolia'] },
  { labels: ['Malaysia', 'Indonesia'] },
  { labels: ['Thailand', 'Laos'] },
  {
    key: 'southeast-asia',
    labels: [
      ...['Cambodia', 'Indonesia', 'Laos', 'Malaysia', 'Myanmar', 'Philippines', 'Thailand'],
      'Vietnam',
    ],
  },
  { labels: ['Mali', 'Senegal'] },
  {
    key: 'west-africa',
    labels: ['Cameroon', 'Ghana', 'Ivory Coast', 'Mali', 'Nigeria', 'Senegal'],
  },
  { labels: ['Kenya', 'Uganda'] },
  { labels: ['Kenya', 'Tanzania'] },
  {
    key: 'east-africa',
    labels: ['Ethiopia', 'Kenya', 'Rwanda', 'Somalia', 'Tanzania', 'Uganda'],
  },
  { labels: ['South Africa', 'Zimbabwe'] },
  { key: 'polynesia', labels: ['Samoa', 'Tonga', 'New Zealand'] },
];

const LEAST = 0.5;

/**
 * Where a name is at home if no country reaches a half: the smallest group that does.
 * @param {import('../../wasm/recur.js').Ranked[]} ranking every label, most probable first
 * @returns {{ key?: string, labels: string[], probability: number } | null} labels: likeliest first
 */
export function regionOf(ranking) {
  if (!ranking.length || ranking[0].probability >= LEAST) return null;
  const shares = new Map(ranking.map(({ label, probability }) => [label, probability]));
  const [best] = GROUPS.map(({ key, labels }) => ({
    key,
    labels: labels.toSorted((a, b) => (shares.get(b) ?? 0) - (shares.get(a) ?? 0)),
    probability: labels.reduce((sum, label) => sum + (shares.get(label) ?? 0), 0),
  }))
    .filter(({ probability }) => probability >= LEAST)
    .sort((a, b) => a.labels.length - b.labels.length || b.probability - a.probability);
  return best ?? null;
}
