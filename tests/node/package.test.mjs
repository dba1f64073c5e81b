// The embeddable package as a whole: its size and its types.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { flavours } from '../../build/wasm/recur.js';
import { path } from './support.mjs';

for (const flavour of flavours) {
  const todo = 'the translator has made it larger than that';
  test(`what a page downloads for ${flavour} is at most 40 KB`, { todo }, (t) => {
    const files = [`recur-${flavour}.wasm`, 'recur.js', 'wasm-feature-detect.js'];
    const sizes = files.map((file) => gzipSync(readFileSync(path(`build/wasm/${file}`))).length);
    t.diagnostic(files.map((file, index) => `${file} ${sizes[index]} bytes gzip`).join(', '));
    assert.ok(sizes.reduce((total, size) => total + size) <= 40_000);
  });
}

test('the types hold for a program that uses them', () => {
  const options = ['--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2022,dom'];
  options.push('--module', 'nodenext', '--types', '');
  const tsc = path('node_modules/typescript/bin/tsc');
  const { status, stdout } = spawnSync(
    process.execPath,
    [tsc, ...options, path('tests/node/consumer.ts')],
    { encoding: 'utf8' },
  );
  assert.equal(status, 0, stdout);
});
