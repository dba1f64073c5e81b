import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { root } from './programs.mjs';

const bench = (...args) =>
  spawnSync(process.execPath, ['tests/bench/bench.mjs', ...args], { cwd: root, encoding: 'utf8' });

test('a section of the benchmark says what has to be there for it, and no more', () => {
  const needs = (...sections) =>
    bench('--needs', ...sections)
      .stdout.split('\n')
      .slice(0, -1);
  assert.deepEqual(needs('gemm'), ['native']);
  assert.deepEqual(needs('translator', 'names'), ['native']);
  assert.deepEqual(needs('engine'), ['wasm']);
  assert.deepEqual(needs().sort(), ['browser', 'mpi', 'native', 'page', 'peers', 'wasm']);
  const unknown = bench('--needs', 'gem');
  assert.equal(unknown.status, 2);
  assert.match(unknown.stderr, /no section called 'gem'/);
});
