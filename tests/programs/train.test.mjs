// `train names` as a user runs it: repeatable, resumable, safe to kill, clear about bad input.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { root, testInterruptions, well, workplace } from './programs.mjs';

const place = workplace('train');
const { file, records, assertSameFile } = place;
const data = path.join(root, 'data/sample/names.tsv');
const dev = path.join(root, 'data/sample/names.dev.tsv');
const small = ['--data', data, '--dev', dev, '--hidden', '24', '--embedding', '32'];
const run = (...args) => place.run('train', ['names', ...args]);
const runWell = (...args) => well(run(...args));

for (const precision of ['f32', 'bf16']) {
  for (const cell of ['rnn', 'lstm', 'gru']) {
    test(`${cell} in ${precision}: the same weights, bit for bit, for 1, 2 and 3 threads`, () => {
      const name = (threads) => `${cell}-${precision}-${threads}.gguf`;
      for (const threads of ['1', '2', '3']) {
        runWell(
          ...small,
          '--cell',
          cell,
          '--precision',
          precision,
          '--epochs',
          '3',
          '--threads',
          threads,
          '--out',
          name(threads),
        );
      }
      assertSameFile(name(1), name(2));
      assertSameFile(name(1), name(3));
    });
  }
}

test('the precision of the products decides the weights', () => {
  for (const precision of ['f32', 'bf16']) {
    runWell(...small, '--epochs', '1', '--precision', precision, '--out', `${precision}.gguf`);
  }
  assert.ok(!readFileSync(file('f32.gguf')).equals(readFileSync(file('bf16.gguf'))));
});

test('another seed gives other weights', () => {
  runWell(...small, '--epochs', '1', '--seed', '1', '--out', 'seed1.gguf');
  runWell(...small, '--epochs', '1', '--seed', '2', '--out', 'seed2.gguf');
  assert.ok(!readFileSync(file('seed1.gguf')).equals(readFileSync(file('seed2.gguf'))));
});

test('the log has one record an epoch, the report is written, the checkpoint is gone', () => {
  runWell(
    ...small,
    '--epochs',
    '4',
    '--out',
    'log.gguf',
    '--log',
    'log.jsonl',
    '--report',
    'r.html',
  );
  const epochs = records('log.jsonl').filter((record) => record.event === 'epoch');
  assert.deepEqual(
    epochs.map((record) => record.epoch),
    [1, 2, 3, 4],
  );
  for (const record of epochs) {
    for (const key of ['loss', 'dev_top1', 'names_per_s', 'lr', 'seconds']) {
      assert.equal(typeof record[key], 'number', key);
    }
  }
  assert.ok(epochs[3].loss < epochs[0].loss, 'the loss falls');
  assert.match(readFileSync(file('r.html'), 'utf8'), /<svg/);
  assert.ok(!existsSync(file('log.gguf.checkpoint')));
});

const long = [
  ...small,
  '--epochs',
  '12',
  '--average',
  '0.99',
  '--unknown',
  '0.1',
  '--checkpoint-every',
  '0.1',
];

testInterruptions(place, ['names', ...long]);

test('a checkpoint is neither overwritten unasked nor resumed with other settings', async () => {
  const args = [...long, '--out', 'kept.gguf'];
  const first = await place.interrupted('SIGTERM', 30, ['names', ...args]);
  assert.equal(first.code, 1, first.stderr);
  const anew = run(...args);
  assert.equal(anew.status, 1);
  assert.match(anew.stderr, /--resume goes on with it, --restart begins anew/);
  const other = run(...args, '--resume', '--lr', '0.01');
  assert.equal(other.status, 1);
  assert.match(other.stderr, /lr=.*--restart/);
  const checkpoint = file('kept.gguf.checkpoint');
  const bytes = readFileSync(checkpoint);
  writeFileSync(checkpoint, bytes.subarray(0, bytes.length >> 1));
  const damaged = run(...args, '--resume');
  assert.equal(damaged.status, 1);
  assert.match(damaged.stderr, /kept\.gguf\.checkpoint: the checkpoint cannot be used/);
  runWell(...args, '--restart', '--epochs', '1');
});

test('--compare trains three cells and writes one report', () => {
  runWell(...small, '--epochs', '2', '--compare', '--out', 'three.gguf');
  for (const cell of ['rnn', 'lstm', 'gru'])
    assert.ok(statSync(file(`three-${cell}.gguf`)).size > 0);
  const html = readFileSync(file('three.html'), 'utf8');
  for (const cell of ['RNN', 'LSTM', 'GRU']) assert.ok(html.includes(cell));
});

test('the tutorial recipe is the classic one', () => {
  runWell(
    '--recipe',
    'tutorial',
    '--data',
    data,
    '--cell',
    'rnn',
    '--out',
    't.gguf',
    '--log',
    't.jsonl',
  );
  const start = records('t.jsonl')[0];
  // 128 x (58 + 128) + 2 x 128 in the cell, 18 x 128 + 18 behind it.
  assert.equal(start.parameters, 128 * (58 + 128) + 2 * 128 + 18 * 128 + 18);
  for (const line of ['optimizer=sgd', 'batch=1', 'epochs=1', 'layers=1', 'directions=1']) {
    assert.ok(start.settings.split('\n').includes(line), line);
  }
});

test('a student learns from two teachers and the n-grams', () => {
  runWell(...small, '--epochs', '2', '--out', 'a.gguf');
  runWell(...small, '--epochs', '2', '--cell', 'lstm', '--out', 'b.gguf');
  const args = ['--teacher', 'a.gguf', '--teacher', 'b.gguf', '--ngrams', '0.4', '--pseudo', '0.5'];
  runWell(...small, '--epochs', '2', ...args, '--out', 's1.gguf', '--threads', '1');
  runWell(...small, '--epochs', '2', ...args, '--out', 's2.gguf', '--threads', '2');
  assertSameFile('s1.gguf', 's2.gguf');
  const other = run(...small, '--letter-case', 'keep', ...args, '--out', 's3.gguf');
  assert.equal(other.status, 1);
  assert.match(other.stderr, /a\.gguf: .*letter-case/);
});

test('malformed data stops with file, line and reason', () => {
  const cases = [
    ['Müller\tGerman\nSmith English\n', /bad\.tsv:2: .*tab/],
    ['Müller\tGerman\n\nA\tB\tC\n', /bad\.tsv:3: .*tab/],
    ['Müller\tGerman\n\tEnglish\n', /bad\.tsv:2: /],
    [Buffer.from([0x41, 0xff, 0x09, 0x42, 0x0a]), /bad\.tsv:1: .*UTF-8/],
    ['\n\n', /bad\.tsv/],
    [`${'a'.repeat(10001)}\tLong\n`, /bad\.tsv:1: .*10000/],
  ];
  for (const [text, expected] of cases) {
    writeFileSync(file('bad.tsv'), text);
    const result = run('--data', 'bad.tsv', '--out', 'bad.gguf');
    assert.equal(result.status, 1, String(text).slice(0, 40));
    assert.match(result.stderr, expected);
    assert.ok(!existsSync(file('bad.gguf')));
  }
  writeFileSync(file('dev.tsv'), 'Smith\tMartian\n');
  const unknown = run('--data', data, '--dev', 'dev.tsv', '--out', 'bad.gguf');
  assert.equal(unknown.status, 1);
  assert.match(unknown.stderr, /dev\.tsv:1: .*Martian/);
});

test('data of other kinds: CRLF, blank lines, a byte order mark, a long name, one label', () => {
  const long = 'ab'.repeat(2000);
  writeFileSync(file('odd.tsv'), `\uFEFF李小龙\tX\r\n\r\n\nÉmile\tY\r\n${long}\tY`);
  runWell('--data', 'odd.tsv', '--hidden', '8', '--epochs', '1', '--out', 'odd.gguf');
  writeFileSync(file('one.tsv'), 'A\tonly\nB\tonly\n');
  runWell('--data', 'one.tsv', '--hidden', '8', '--epochs', '1', '--out', 'one.gguf');
});

test('every tensor type can be written, whatever the shape', () => {
  for (const type of ['f32', 'f16', 'q8_0']) {
    runWell(...small, '--epochs', '1', '--type', type, '--out', `${type}.gguf`);
  }
  const bytes = (type) => statSync(file(`${type}.gguf`)).size;
  assert.ok(bytes('q8_0') < bytes('f16') && bytes('f16') < bytes('f32'));
});

test('wrong usage ends with 2, failures with 1, each saying why', () => {
  for (const args of [
    ['--no-such-option'],
    ['--cell', 'elman'],
    ['--epochs', '0'],
    ['--lr', 'fast'],
    ['--keep', 'best', '--data', data],
    ['--pseudo', '10', '--ngrams', '0'],
  ]) {
    const result = run(...args);
    assert.equal(result.status, 2, args.join(' '));
    assert.ok(result.stderr.includes('--'), result.stderr);
  }
  const missing = run('--data', 'nowhere.tsv');
  assert.equal(missing.status, 1);
  assert.match(missing.stderr, /nowhere\.tsv/);
  const folderless = run(...small, '--out', 'no/such/folder/x.gguf');
  assert.equal(folderless.status, 1);
  assert.match(folderless.stderr, /no\/such\/folder/);
  const full = run(...small, '--epochs', '1', '--out', 'full.gguf', '--log', '/dev/full');
  assert.equal(full.status, 1);
  assert.match(full.stderr, /\/dev\/full/);
});
