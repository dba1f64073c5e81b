// The soaks of ./run soak in small: a minute or two of what is tried there for hours.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, test } from 'node:test';
import {
  failingCalls,
  fullDisk,
  killTraining,
  killWriting,
  readOnlyFolder,
} from '../soak/kills.mjs';
import { PROGRAMS, starve } from '../soak/memory.mjs';
import { root } from '../soak/workshop.mjs';

// Sanitized programs bring their own memory and files, which no fault reaches.
const skip = process.env.RECUR_BIN ? 'faults need the programs as they are' : false;

describe('kill -9 loses nothing, whenever it comes', { skip }, () => {
  for (const name of ['train names', 'train translate']) {
    test(name, async () => assert.ok((await killTraining(name, 12, 7)).kills >= 12));
  }
  for (const name of ['train convert', 'classify --out', 'classify > file', 'translate > file']) {
    test(name, async () => assert.equal((await killWriting(name, 8, 7)).kills, 8));
  }
});

describe('where memory runs out, a program says so or does without', { skip }, () => {
  for (const name of Object.keys(PROGRAMS)) {
    test(name, () => assert.deepEqual(starve(name, 16, 7).faults, []));
  }
});

describe(
  'where a file cannot be written, the old one stays and the reason is told',
  { skip },
  () => {
    test('fsync, rename, write or open fail', () => assert.ok(failingCalls().tried > 0));
    test('the folder may not be written in', () => assert.ok(readOnlyFolder().tried > 0));
    test('the disk is full', (context) => {
      const disks = fullDisk();
      if (disks === null) context.skip('no tmpfs can be mounted here');
      else assert.ok(disks.tried > 0);
    });
  },
);

test('./run sbom lists what is installed, each once, with its digest', () => {
  const { stdout } = spawnSync(path.join(root, 'run'), ['sbom'], { encoding: 'utf8' });
  const { bomFormat, components } = JSON.parse(stdout);
  assert.equal(bomFormat, 'CycloneDX');
  const purls = components.map(({ purl }) => purl);
  assert.equal(new Set(purls).size, purls.length);
  const npm = components.filter(({ purl }) => purl.startsWith('pkg:npm/'));
  assert.ok(npm.some(({ name }) => name === 'vite'));
  assert.ok(npm.some(({ purl }) => purl.startsWith('pkg:npm/%40eslint/js@')));
  for (const { purl, version, hashes } of npm) {
    assert.match(version, /^\d/, purl);
    assert.match(hashes[0].content, /^[0-9a-f]{64,}$/, purl);
  }
});
