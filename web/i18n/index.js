import en from './en.js';
import fr from './fr.js';
import zh from './zh.js';

/**
 * The languages of the interface. Each file holds every string of the page by key; a string with
 * parameters is a function. Numbers and country names come from Intl.
 */
const STRINGS = { en, fr, zh };

/** Tag that Intl and the `lang` attribute get. */
const TAGS = { en: 'en', fr: 'fr', zh: 'zh-Hans' };

export const LOCALES = Object.keys(STRINGS);

/** Strings of a view that comes later. @param {typeof STRINGS} more by locale */
export function addStrings(more) {
  for (const locale of LOCALES) Object.assign(STRINGS[locale], more[locale]);
}

const KEY = 'recur.locale';

/** @returns {string} the language chosen here before, else the first of the browser's that we speak */
export function preferredLocale() {
  const wanted = [remembered(), ...navigator.languages.map((tag) => tag.split('-')[0])];
  return wanted.find((locale) => LOCALES.includes(locale)) ?? 'en';
}

/** @param {string} locale */
export function rememberLocale(locale) {
  try {
    localStorage.setItem(KEY, locale);
  } catch {
    // Storage may be forbidden; then the choice lasts as long as the page.
  }
}

function remembered() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** What a language calls itself. @param {string} locale */
export const nameOf = (locale) => ({ name: STRINGS[locale]['language.name'], tag: TAGS[locale] });

/** @typedef {ReturnType<typeof createLanguage>} Language */

/** @type {Map<string, Language>} */
const languages = new Map();

/** @param {string} locale @returns {Language} */
export function languageOf(locale) {
  if (!languages.has(locale)) languages.set(locale, createLanguage(locale));
  return languages.get(locale);
}

/** What is made when it is first asked for: browsers take long to make formats. */
function whenUsed(make) {
  let made;
  return () => (made ??= make());
}

function createLanguage(locale) {
  const tag = TAGS[locale];
  const strings = STRINGS[locale];
  const number = (options) => whenUsed(() => new Intl.NumberFormat(tag, options));
  const list = (options) => whenUsed(() => new Intl.ListFormat(tag, options));
  const names = (options) => whenUsed(() => new Intl.DisplayNames(tag, options));
  const regions = names({ type: 'region' });
  const places = names({ type: 'region', style: 'short' });
  const scripts = names({ type: 'script' });
  const percent = number({ style: 'percent' });
  const oneDigit = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
  const precise = number({ style: 'percent', ...oneDigit });
  const integer = number();
  const decimal = number(oneDigit);
  const significant = number({ maximumSignificantDigits: 3 });
  const twoDigits = number({
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
    signDisplay: 'negative',
  });
  const small = number({ style: 'percent', maximumSignificantDigits: 2 });
  const compact = number({ notation: 'compact', maximumSignificantDigits: 3 });
  const disjunction = list({ type: 'disjunction' });
  const narrow = list({ type: 'conjunction', style: 'narrow' });
  const whole = list({ type: 'conjunction' });
  const collator = whenUsed(() => new Intl.Collator(tag));
  const sized = (unit, digits) => number({ style: 'unit', unit, unitDisplay: 'short', ...digits });
  const kilobytes = sized('kilobyte', { maximumFractionDigits: 0 });
  const megabytes = sized('megabyte', { maximumFractionDigits: 1 });
  const milliseconds = sized('millisecond', { maximumSignificantDigits: 2 });
  const seconds = sized('second', { maximumFractionDigits: 1 });

  const language = {
    locale,
    tag,
    /** @param {string} key @param {Record<string, unknown>} [values] */
    t(key, values) {
      const string = strings[key];
      return typeof string === 'function' ? string(values, language) : string;
    },
    regionName: (code) => regions().of(code) ?? code,
    /** Shorter, as where a name is at home: "Hong Kong". */
    placeName: (code) => places().of(code) ?? code,
    /** @param {string} code ISO 15924 */
    scriptName: (code) => scripts().of(code) ?? code,
    /** Whole percent, but never "0 %" of what is possible nor "100 %" of what is not certain. */
    percent(value) {
      if (value < 0.005) return `< ${percent().format(0.01)}`;
      if (value >= 0.995) return `> ${percent().format(0.99)}`;
      return percent().format(value);
    },
    /** Whole percent, nothing else. */
    percentRound: (value) => percent().format(value),
    precisePercent: (value) => precise().format(value),
    integer: (value) => integer().format(value),
    /** Three digits that count. */
    number: (value) => significant().format(value),
    /** Two digits behind the point. */
    fixed: (value) => twoDigits().format(value).replace('-', '−'),
    /** Percent of what may be tiny, by two digits that count. */
    percentSmall: (value) => small().format(value),
    /** Three digits that count, with thousands as a letter or word. */
    short: (value) => compact().format(value),
    decimal: (value) => decimal().format(value),
    bytes: (value) =>
      value < 1e6 ? kilobytes().format(value / 1e3) : megabytes().format(value / 1e6),
    seconds: (value) => seconds().format(value),
    milliseconds: (value) => milliseconds().format(value),
    or: (items) => disjunction().format(items),
    and: (items) => narrow().format(items),
    /** With the word "and" before the last. */
    all: (items) => whole().format(items),
    compare: (a, b) => collator().compare(a, b),
  };
  return language;
}
