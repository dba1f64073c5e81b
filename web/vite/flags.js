import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = new URL('../../node_modules/country-flag-icons/3x2/', import.meta.url);
const MODULE = 'virtual:flags';

/**
 * `import { folder, codes } from 'virtual:flags'`: every country's flag as a small file of the page, in
 * one folder named by the hash of all, so that a script needs two letters to know an address.
 * @returns {import('vite').Plugin}
 */
export function flags() {
  const files = readdirSync(FOLDER)
    .filter((name) => /^[A-Z]{2}\.svg$/.test(name))
    .sort();
  const sources = files.map((name) => readFileSync(new URL(name, FOLDER), 'utf8'));
  const hash = createHash('sha256').update(sources.join()).digest('hex').slice(0, 8);
  const codes = files.map((name) => name.slice(0, 2)).join('');
  let serving = false;
  return {
    name: 'recur:flags',
    configResolved: ({ command }) => void (serving = command === 'serve'),
    resolveId: (id) => (id === MODULE ? `\0${MODULE}` : null),
    load(id) {
      if (id !== `\0${MODULE}`) return null;
      const folder = serving
        ? `new URL('/@fs${fileURLToPath(FOLDER)}', location.href)`
        : `new URL('flags-${hash}/', import.meta.url)`;
      return `export const folder = ${folder}.href; export const codes = '${codes}';`;
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
