// data/fetch, run on a copy of its folder with archives made here, taken from a mirror folder.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

const script = new URL('../../data/fetch', import.meta.url).pathname;

/** A zip archive of stored (uncompressed) files: PKWARE's APPNOTE, 4.3.7, 4.3.12 and 4.3.16. */
function zip(files) {
  const locals = [];
  const entries = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const data = Buffer.from(text);
    const path = Buffer.from(name);
    // version needed to version made: everything that the local header and the directory share
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(path.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, path, data]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    entries.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), common, rest, path]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

const tutorial = zip({
  'data/names/Czech.txt': 'Dvořák\nNovák  \r\n\nKříž',
  'data/names/Greek.txt': 'Pappas\n',
  'data/eng-fra.txt': 'Go.\tVa !\nRun!\tCours !\n',
});
const anki = zip({
  'fra.txt': 'Go.\tVa !\tCC-BY 2.0 (France) Attribution: tatoeba.org #1 & #2\n',
  '_about.txt': 'About\n',
});
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** A folder with the script, the recorded sums and a mirror of both archives. */
function house(t, sums) {
  const root = mkdtempSync(join(tmpdir(), 'recur-fetch-'));
  t.after(() => rmSync(root, { recursive: true }));
  copyFileSync(script, join(root, 'fetch'));
  chmodSync(join(root, 'fetch'), 0o755);
  writeFileSync(join(root, 'SHA256SUMS'), sums);
  mkdirSync(join(root, 'mirror'));
  writeFileSync(join(root, 'mirror', 'data.zip'), tutorial);
  writeFileSync(join(root, 'mirror', 'fra-eng.zip'), anki);
  return {
    root,
    fetch: (...args) =>
      spawnSync(join(root, 'fetch'), ['--mirror', join(root, 'mirror'), ...args], {
        encoding: 'utf8',
      }),
    corpus: (name) => readFileSync(join(root, 'corpora', name), 'utf8'),
    has: (name) => existsSync(join(root, 'corpora', name)),
  };
}

const recorded = `${sha256(tutorial)}  data.zip\n${sha256(anki)}  fra-eng.zip\n`;

test('unpacks every corpus from archives whose sums are recorded', (t) => {
  const { fetch, corpus } = house(t, recorded);
  const { status, stderr } = fetch();
  assert.equal(status, 0, stderr);
  assert.equal(corpus('names.tsv'), 'Dvořák\tCzech\nNovák\tCzech\nKříž\tCzech\nPappas\tGreek\n');
  assert.equal(corpus('eng-fra.tutorial.tsv'), 'Go.\tVa !\nRun!\tCours !\n');
  assert.equal(corpus('eng-fra.tsv'), 'Go.\tVa !\n');
  assert.doesNotMatch(stderr, /NOT verified/);
});

test('refuses a wrong sum and leaves nothing behind', (t) => {
  const { fetch, root } = house(t, `${'0'.repeat(64)}  data.zip\n`);
  const { status, stderr } = fetch('names');
  assert.equal(status, 1);
  assert.match(stderr, /data\.zip: wrong SHA-256/);
  assert.match(stderr, new RegExp(sha256(tutorial)));
  assert.deepEqual(readdirSync(join(root, 'corpora')), []);
});

test('says that an unrecorded archive is not verified, and the sum to record', (t) => {
  const { fetch, has } = house(t, '');
  const { status, stderr } = fetch('eng-fra');
  assert.equal(status, 0, stderr);
  assert.match(stderr, /no SHA-256 is recorded.*NOT verified/);
  assert.match(stderr, new RegExp(`${sha256(anki)}  fra-eng\\.zip`));
  assert.ok(has('eng-fra.tsv'));
});

test('keeps an archive that is right, replaces one that is not', (t) => {
  const { fetch, root, corpus } = house(t, recorded);
  assert.equal(fetch('names').status, 0);
  rmSync(join(root, 'mirror', 'data.zip'));
  assert.equal(fetch('names').status, 0, 'from the archive that is there');
  writeFileSync(join(root, 'corpora', 'data.zip'), 'damaged');
  writeFileSync(join(root, 'mirror', 'data.zip'), tutorial);
  assert.equal(fetch('names').status, 0, 'fetched again');
  assert.match(corpus('names.tsv'), /^Dvořák\tCzech\n/);
});

test('an archive without names writes no empty corpus', (t) => {
  const { fetch, root, has } = house(t, '');
  writeFileSync(join(root, 'mirror', 'data.zip'), zip({ 'data/eng-fra.txt': '' }));
  assert.equal(fetch('names').status, 1);
  assert.equal(fetch('tutorial').status, 1);
  assert.ok(!has('names.tsv') && !has('eng-fra.tutorial.tsv'));
});

test('names what is wrong with a call', (t) => {
  const { fetch, root } = house(t, recorded);
  rmSync(join(root, 'mirror', 'fra-eng.zip'));
  const missing = fetch('eng-fra');
  assert.equal(missing.status, 1);
  assert.match(missing.stderr, /fra-eng\.zip: not in the mirror/);
  assert.equal(fetch('klingon').status, 2);
  assert.match(execFileSync(join(root, 'fetch'), ['--help'], { encoding: 'utf8' }), /examples:/);
});

test('the recorded sums are well formed', () => {
  const sums = readFileSync(new URL('../../data/SHA256SUMS', import.meta.url), 'utf8');
  for (const line of sums.trim().split('\n')) assert.match(line, /^[0-9a-f]{64} {2}[\w.-]+$/);
});
