import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { defineConfig } from 'vite';
import { compressedWasm } from './vite/compressed-wasm.js';
import { fileWithDigest } from './vite/file.js';
import { flags } from './vite/flags.js';
import { nameEndings } from './vite/name-endings.js';
import { preload } from './vite/preload.js';
import { serviceWorker } from './vite/service-worker.js';
import { worldMap } from './vite/world-map.js';

const { version, repository = '' } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url)),
);

const weights = join(import.meta.dirname, '../data/weights');

export default defineConfig({
  root: import.meta.dirname,
  base: './', // any sub-path of any static host
  appType: 'mpa', // what is not there (robots.txt) is not found, instead of answered with the page
  resolve: {
    // Where the translators' weights are: tests build a page with small ones of their own.
    alias: {
      '#translators': resolve(process.env.RECUR_TRANSLATORS ?? weights),
    },
  },
  define: {
    __VERSION__: JSON.stringify(version),
    // Where the code lives; until package.json says so, the footer has no link to it.
    __REPOSITORY__: JSON.stringify(repository),
  },
  build: {
    outDir: '../build/page',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  worker: { format: 'es', plugins: () => [fileWithDigest()] },
  plugins: [
    fileWithDigest(),
    flags(),
    worldMap(),
    nameEndings(),
    // What nearly every first answer needs; page/start.js adds the weights that the link asks for.
    preload({ script: 'main', files: ['recur-classifier-relaxed.wasm'] }),
    serviceWorker(),
    compressedWasm(),
    devWithoutPolicy(),
  ],
});

/** The development server injects styles as elements, which the page's policy forbids. */
function devWithoutPolicy() {
  return {
    name: 'recur:dev-without-policy',
    apply: 'serve',
    transformIndexHtml: (html) =>
      html.replace(/<meta\s+http-equiv="Content-Security-Policy"[^>]*>/, ''),
  };
}
