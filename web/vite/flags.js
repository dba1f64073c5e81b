import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PLACES, flagCode } from '../names/places.js';

const FOLDER = new URL('../../node_modules/country-flag-icons/3x2/', import.meta.url);
const MODULE = 'virtual:flags';
const PICTURES = 'virtual:flags/pictures';

const read = (name) => readFileSync(new URL(name, FOLDER), 'utf8');

/**
 * `import { folder, codes } from 'virtual:flags'`: every country's flag as a small file of the page, in
 * one folder named by the hash of all, so that a script needs two letters to know an address.
 *
 * `import pictures from 'virtual:flags/pictures'`: by code, the flags of all labels as SVG in one script,
 * to be fetched at once and then there for every answer.
 * @returns {import('vite').Plugin}
 */
export function flags() {
  const files = readdirSync(FOLDER)
    .filter((name) => /^[A-Z]{2}\.svg$/.test(name))
    .sort();
  const sources = files.map(read);
  const hash = createHash('sha256').update(sources.join()).digest('hex').slice(0, 8);
  const codes = files.map((name) => name.slice(0, 2)).join('');
  let serving = false;

  function addresses() {
    const folder = serving
      ? `new URL('/@fs${fileURLToPath(FOLDER)}', location.href)`
      : `new URL('flags-${hash}/', import.meta.url)`;
    return `export const folder = ${folder}.href; export const codes = '${codes}';`;
  }

  function pictures() {
    const shown = [...new Set(Object.keys(PLACES).map(flagCode))].filter(Boolean).sort();
    const svgs = shown.map((code) => [code, read(`${code}.svg`)]);
    return `export default ${JSON.stringify(Object.fromEntries(svgs))};`;
  }

  return {
    name: 'recur:flags',
    configResolved: ({ command }) => void (serving = command === 'serve'),
    resolveId: (id) => ([MODULE, PICTURES].includes(id) ? `\0${id}` : null),
    load(id) {
      if (id === `\0${MODULE}`) return addresses();
      return id === `\0${PICTURES}` ? pictures() : null;
    },
    generateBundle() {
      files.forEach((name, i) =>
        this.emitFile({
          type: 'asset',
          fileName: `assets/flags-${hash}/${name}`,
          source: sources[i],
        }),
      );
    },
  };
}
