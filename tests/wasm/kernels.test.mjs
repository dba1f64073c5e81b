// The kernels of every flavour of the WASM build against the reference.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { flavours } from '../../build/wasm/recur.js';
import { path } from './support.mjs';

for (const flavour of flavours) {
  // without clang 19 another flavour's module stands in
  const skip = !existsSync(path(`build/wasm-${flavour}`)) && 'not built here';
  test(`the kernels of ${flavour} compute what the reference does`, { skip }, (t) => {
    const checker = path(`build/wasm-${flavour}/tests/kernels/check_kernels.wasm`);
    const program = [path('tests/wasm/wasi.mjs'), checker];
    const { status, stdout } = spawnSync(process.execPath, program, { encoding: 'utf8' });
    t.diagnostic(stdout.trim().split('\n').at(-1));
    assert.equal(status, 0, stdout);
  });
}
