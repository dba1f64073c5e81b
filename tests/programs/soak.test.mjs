// The soaks of ./run soak in small: a minute of what is tried there for hours.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  failingCalls,
  fullDisk,
  killTraining,
  killWriting,
  readOnlyFolder,
} from '../soak/kills.mjs';

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
