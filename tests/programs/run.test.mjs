import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { lines, root, well } from './programs.mjs';

const run = (...args) => well(spawnSync('./run', args, { cwd: root, encoding: 'utf8' }));

test('./run builds in a line for each step, and shows the rest with --verbose', () => {
  const { stdout, stderr } = run('build', 'native');
  assert.equal(stdout, '');
  assert.deepEqual(
    lines(stderr).filter((line) => line !== 'run: configuring native'),
    ['run: building native'],
  );
  assert.match(run('build', '--verbose', 'native').stdout, /ninja: /);
});
