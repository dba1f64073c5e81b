// The embeddable package as a whole: its size, its types, and what bundlers make of it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { flavours } from '../../build/wasm/recur.js';
import { path } from './support.mjs';

/** In bytes; for translators it is what they have, and 46,000 the aim since the text layer came in. */
const KINDS = { classifier: 30_000, translator: 56_400 };
/** Beside recur.js, which imports their scripts. An inspector can do all that a translator can. */
const EXTRAS = { trainer: 50_000, inspector: 55_400 };
const gzipped = (file) => gzipSync(readFileSync(path(`build/wasm/${file}`)), { level: 9 }).length;

for (const flavour of flavours)
  for (const [kind, most] of Object.entries(KINDS))
    test(`what a page downloads for a ${kind}, ${flavour}, is at most ${most} bytes`, (t) => {
      checkSize(t, [`recur-${kind}-${flavour}.wasm`, 'recur.js'], most);
    });

for (const flavour of flavours)
  for (const [kind, most] of Object.entries(EXTRAS))
    test(`what it fetches once it needs the ${kind}, ${flavour}, is at most ${most} bytes`, (t) => {
      checkSize(t, [`recur-${kind}-${flavour}.wasm`, `recur-${kind}.js`], most);
    });

function checkSize(t, files, most) {
  const sizes = files.map(gzipped);
  t.diagnostic(files.map((file, index) => `${file} ${sizes[index]} bytes gzip`).join(', '));
  const total = sizes.reduce((sum, size) => sum + size);
  assert.ok(total <= most, `${total} bytes`);
}

test('a bundler finds every WASM file', async () => {
  const { output } = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      assetsInlineLimit: 0,
      rollupOptions: { input: path('build/wasm/recur.js') },
    },
  });
  const found = output.flatMap(({ names = [] }) => names.filter((name) => name.endsWith('.wasm')));
  const expected = Object.keys({ ...KINDS, ...EXTRAS }).flatMap((kind) =>
    flavours.map((flavour) => `recur-${kind}-${flavour}.wasm`),
  );
  assert.deepEqual(found.sort(), expected.sort());
});

test('the types hold for a program that uses them', () => {
  const options = ['--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2022,dom'];
  options.push('--module', 'nodenext', '--types', '');
  const tsc = path('node_modules/typescript/bin/tsc');
  const { status, stdout } = spawnSync(
    process.execPath,
    [tsc, ...options, path('tests/wasm/consumer.ts')],
    { encoding: 'utf8' },
  );
  assert.equal(status, 0, stdout);
});
