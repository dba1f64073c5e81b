import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { root } from './programs.mjs';

const run = (args, env) =>
  spawnSync(process.execPath, ['tests/bench/bench.mjs', ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, ...env },
    timeout: 60_000,
  });
const bench = (...args) => run(args, {});

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

test('a section that fails says why, closes what it opened, and the others go on', (context) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'recur-bench-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const failing = (env) => {
    const { status, signal, stdout } = run(['page', 'page'], env);
    assert.equal(signal, null, 'it ended by itself');
    assert.equal(status, 1);
    return stdout.match(/skipped: recur \(failed: .*\)/g);
  };
  const absent = failing({ RECUR_PAGE: folder });
  assert.equal(absent.length, 2, 'no page');
  assert.match(absent[0], /ENOENT/);
  mkdirSync(path.join(folder, 'assets'));
  const shut = failing({ RECUR_PAGE: folder, CHROMIUM: '/bin/false' });
  assert.equal(shut.length, 2, 'no browser');
  assert.match(shut[0], /launch/);
});
