// Pairs that are larger than the memory they may take: read in parts, and yet the same weights for
// any number of threads and interruptions.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { soakCorpus } from '../soak/corpus.mjs';
import { lines, root, testInterruptions, well, workplace } from './programs.mjs';

const place = workplace('corpus');
const { file, folder, run, records, assertSameFile } = place;
const data = path.join(root, 'data/sample/eng-fra.tsv');
const dev = path.join(root, 'data/sample/eng-fra.dev.tsv');
const network = '--vocabulary 400 --embedding 8 --hidden 16 --encoder-hidden 8 --attentional 8';
const small = [...network.split(' '), '--dev', dev, '--seed', '3', '--lr', '0.01'];
const train = (...args) => run('train', ['translate', '--data', data, ...small, ...args]);
const parts = ['--memory', '0.05', '--tokens', '512'];
const start = (name) => records(name).find(({ event }) => event === 'start');

describe('train translate --memory', () => {
  test('reads what is larger in parts, the same for 1 and 2 threads', () => {
    const heavy = [...parts, '--tokens', '4200', '--epochs', '2', '--unique', 'yes'];
    for (const threads of ['1', '2']) {
      const { stderr } = well(train(...heavy, '--threads', threads, '--out', `${threads}.gguf`));
      const [, count] = stderr.match(/an epoch takes them in (\d+) parts/);
      assert.ok(count > 2, stderr);
    }
    assertSameFile('1.gguf', '2.gguf');
    assert.deepEqual(
      readdirSync(folder).filter((name) => !name.endsWith('.gguf')),
      [],
      'nothing is left over',
    );
  });

  test('what fits is held, to the bit as without', () => {
    well(train('--epochs', '1', '--out', 'usual.gguf'));
    const { stderr } = well(train('--epochs', '1', '--memory', '8', '--out', 'held.gguf'));
    assert.doesNotMatch(stderr, /parts/);
    assertSameFile('usual.gguf', 'held.gguf');
  });

  test('leaves out what it leaves out when it holds all', () => {
    const all = lines(readFileSync(data, 'utf8'));
    const noise = ['Go.\tGo.', 'Go.\tVa au bout du chemin, puis reviens ici.', ...all.slice(0, 50)];
    writeFileSync(file('noise.tsv'), `${noise.join('\n')}\n`);
    const clean = ['--data', file('noise.tsv'), '--ratio', '2', '--unique', 'yes', '--epochs', '1'];
    well(train(...clean, '--log', 'held.jsonl', '--out', 'held2.gguf'));
    well(train(...clean, ...parts, '--log', 'parts.jsonl', '--out', 'parts2.gguf'));
    for (const key of ['pairs', 'filtered', 'left_out']) {
      assert.equal(start('parts.jsonl')[key], start('held.jsonl')[key], key);
    }
    assert.ok(start('parts.jsonl').filtered >= 52);
  });

  test('names the line that is wrong, and what does not go together', () => {
    const all = lines(readFileSync(data, 'utf8'));
    all[all.length - 2] = 'no tab';
    writeFileSync(file('wrong.tsv'), all.join('\n'));
    const wrong = train('--data', file('wrong.tsv'), ...parts, '--out', 'none.gguf');
    assert.equal(wrong.status, 1);
    assert.ok(wrong.stderr.includes(`wrong.tsv:${all.length - 1}: no tab`), wrong.stderr);
    const drawn = train('--memory', '0.1', '--iterations', '10', '--out', 'none.gguf');
    assert.equal(drawn.status, 2);
    assert.match(drawn.stderr, /--iterations draws from all pairs/);
  });

  test('a checkpoint is not resumed with other memory', async () => {
    const long = ['translate', '--data', data, ...small, ...parts, '--epochs', '100'];
    const args = [...long, '--out', 'other.gguf'];
    assert.equal((await place.interrupted('SIGTERM', 300, args)).code, 1);
    const other = run('train', [...args, '--memory', '0.06', '--resume']);
    assert.equal(other.status, 1);
    assert.match(other.stderr, /was made with memory=0\.05, this run has memory=0\.06/);
  });
});

describe('train translate in parts', () => {
  const args = ['translate', '--data', data, ...small, ...parts, '--epochs', '6', '--threads', '1'];
  testInterruptions(place, [...args, '--checkpoint-every', '0.1', '--evaluate-every', '25']);
});

test('a file of many times the memory is counted, and learnt from, in little memory', async () => {
  const { megabytes, pairs, parts, steps } = await soakCorpus({
    megabytes: 24,
    memory: 8,
    steps: 3,
    tokens: 512,
    layer: 'no',
  });
  assert.ok(pairs > 100_000 && parts > 5 && steps === 3, JSON.stringify({ pairs, parts, steps }));
  assert.ok(megabytes < 90, `${megabytes} MB`);
});
