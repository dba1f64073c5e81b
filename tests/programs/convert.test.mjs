// `train convert`: the same weights in another type, the mean of several files,
// and what is learnt from pairs beside them.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';
import { root, well, workplace } from './programs.mjs';

const place = workplace('convert');
const { file, assertSameFile } = place;
const convert = (...args) => place.run('train', ['convert', ...args]);
const network = '--vocabulary 400 --embedding 32 --hidden 32 --encoder-hidden 16 --attentional 32';
const options = `${network} --tokens 512 --epochs 1`.split(' ');
const sample = path.join(root, 'data/sample/eng-fra.tsv');
const train = (...args) =>
  well(place.run('train', ['translate', '--data', sample, ...options, ...args]));
const tensors = (model) =>
  JSON.parse(well(place.run('evaluate', ['inspect', '--json', '--model', model])).stdout).tensors;
const values = (model) => tensors(model).map((tensor) => ({ ...tensor, offset: undefined }));

before(() => {
  train('--type', 'f32', '--out', 'f32.gguf');
  train('--type', 'q8_0', '--out', 'q8_0.gguf');
  train('--type', 'f32', '--seed', '2', '--out', 'other.gguf');
});

test('the tensors are those that training in this type writes, the metadata are kept', () => {
  well(convert('--model', 'f32.gguf', '--type', 'q8_0', '--out', 'converted.gguf'));
  assertSameFile('converted.gguf', 'q8_0.gguf');
});

test('the mean of two files', () => {
  const models = ['--model', 'f32.gguf', '--model', 'other.gguf'];
  well(convert(...models, '--type', 'f32', '--out', 'mean.gguf'));
  const [a, b, mean] = ['f32.gguf', 'other.gguf', 'mean.gguf'].map(tensors);
  for (const [i, { name, first }] of mean.entries()) {
    for (const [k, value] of first.entries()) {
      const expected = (a[i].first[k] + b[i].first[k]) / 2;
      assert.ok(Math.abs(value - expected) <= 1e-6 * (1 + Math.abs(expected)), name);
    }
  }
  well(
    convert('--model', 'f32.gguf', '--model', 'f32.gguf', '--type', 'f32', '--out', 'self.gguf'),
  );
  assertSameFile('self.gguf', 'f32.gguf');
});

const shortlistOf = (model) => {
  const { metadata } = JSON.parse(
    well(place.run('evaluate', ['inspect', '--json', '--model', model])).stdout,
  );
  return Object.entries(metadata).filter(([key]) => key.startsWith('recur.shortlist.'));
};

test('a shortlist is added, and takes the place of an older one', () => {
  const pairs = ['--shortlist', sample];
  const narrow = ['--shortlist-width', '1', '--shortlist-common', '3'];
  well(convert('--model', 'q8_0.gguf', '--type', 'q8_0', ...pairs, '--out', 'listed.gguf'));
  well(convert('--model', 'listed.gguf', '--type', 'q8_0', ...pairs, ...narrow, '--out', 'a.gguf'));
  well(convert('--model', 'q8_0.gguf', '--type', 'q8_0', ...pairs, ...narrow, '--out', 'b.gguf'));
  assertSameFile('a.gguf', 'b.gguf');
  assert.equal(shortlistOf('q8_0.gguf').length, 0);
  assert.equal(shortlistOf('listed.gguf').length, 3);
  assert.deepEqual(values('listed.gguf'), values('q8_0.gguf'));
});

test('what is not listed is not said', () => {
  const one = 'hello\tbonjour\n';
  writeFileSync(file('one.tsv'), one);
  const options = ['--shortlist', 'one.tsv', '--shortlist-common', '0'];
  well(convert('--model', 'q8_0.gguf', '--type', 'q8_0', ...options, '--out', 'one.gguf'));
  const say = (...args) =>
    well(place.run('translate', ['--model', 'one.gguf', ...args], 'xyz xyz\n')).stdout;
  assert.match(say(), /^[xyz ]*\n$/); // its own tokens and the end
  assert.doesNotMatch(say('--shortlist', 'no'), /^[xyz ]*\n$/);
});

test('a shortlist needs a translator and pairs', () => {
  const names = path.join(root, 'data/weights/names-gru.gguf');
  writeFileSync(file('broken.tsv'), 'hello\tbonjour\nno tab\n');
  for (const [model, pairs, reason] of [
    [names, sample, /names-gru\.gguf: .*translator/],
    ['q8_0.gguf', 'broken.tsv', /broken\.tsv:2: /],
    ['q8_0.gguf', 'missing.tsv', /missing\.tsv: /],
  ]) {
    const args = ['--model', model, '--shortlist', pairs, '--out', 'wrong.gguf'];
    const result = convert(...args);
    assert.equal(result.status, 1);
    assert.match(result.stderr, reason);
  }
});

test('known words are those that training would have noted, and decide what is copied', () => {
  const pairs = readFileSync(path.join(root, 'data/pairs/places.tsv'), 'utf8').split('\n');
  const half = 400;
  writeFileSync(file('some.tsv'), pairs.slice(0, half).join('\n'));
  const more = 'Brmfgl schlurps the gate.\tBrmfgl schlurpe la porte.\n'.repeat(9);
  writeFileSync(file('more.tsv'), more + pairs.slice(half, 2 * half).join('\n'));
  const learn = (...args) => well(place.run('train', ['translate', ...options, ...args]));
  learn('--data', 'some.tsv', '--type', 'f32', '--out', 'some.gguf');
  learn('--data', 'some.tsv', '--data', 'more.tsv', '--type', 'f32', '--out', 'all.gguf');
  const words = ['--known-words', 'some.tsv', '--known-words', 'more.tsv'];
  well(convert('--model', 'some.gguf', '--type', 'f32', ...words, '--out', 'knowing.gguf'));
  const known = (model) =>
    JSON.parse(well(place.run('evaluate', ['inspect', '--json', '--model', model])).stdout)
      .metadata['recur.text.known'];
  assert.ok(known('some.gguf'));
  assert.notDeepEqual(known('knowing.gguf'), known('some.gguf'));
  assert.deepEqual(known('knowing.gguf'), known('all.gguf'));
  assert.deepEqual(values('knowing.gguf'), values('some.gguf'));

  const copied = (model) =>
    well(place.run('translate', ['--model', model], 'Yesterday Schlurps slept.\n')).stdout;
  assert.match(copied('some.gguf'), /Schlurps/);
  assert.doesNotMatch(copied('knowing.gguf'), /Schlurps/);

  const same = ['--known-words', 'some.tsv'];
  well(convert('--model', 'knowing.gguf', '--type', 'f32', ...same, '--out', 'back.gguf'));
  assert.deepEqual(known('back.gguf'), known('some.gguf'));

  const names = path.join(root, 'data/weights/names-gru.gguf');
  train('--text-layer', 'no', '--type', 'f32', '--out', 'bare.gguf');
  for (const [model, list, reason] of [
    [names, 'some.tsv', /names-gru\.gguf: .*translator/],
    ['bare.gguf', 'some.tsv', /bare\.gguf: has no text layer/],
    ['some.gguf', 'missing.tsv', /missing\.tsv: /],
    ['some.gguf', sample, /different words say nothing/],
  ]) {
    const result = convert('--model', model, '--known-words', list, '--out', 'wrong.gguf');
    assert.equal(result.status, 1);
    assert.match(result.stderr, reason);
  }
  const over = convert('--model', 'some.gguf', ...words, '--out', 'some.tsv');
  assert.match(over.stderr, /--out would overwrite --known-words/);
});

test('a classifier, too', () => {
  const names = path.join(root, 'data/weights/names-gru.gguf');
  well(convert('--model', names, '--type', 'f32', '--out', 'names.gguf'));
  const { stdout } = well(place.run('classify', ['--model', 'names.gguf', 'Schmidt']));
  assert.match(stdout, /German/);
});

test('the shares of labels and the scripts that they are at home with are added to a classifier', () => {
  const names = path.join(root, 'data/weights/names-gru.gguf');
  const inspect = (model) =>
    JSON.parse(well(place.run('evaluate', ['inspect', '--json', '--model', model])).stdout);
  const classify = (model, prior) => {
    const args = ['--model', model, '--prior', prior, '--top', '18', '--json', 'Kowalczyk'];
    const { predictions } = JSON.parse(well(place.run('classify', args)).stdout);
    return Object.fromEntries(predictions.map(({ label, probability }) => [label, probability]));
  };
  const labels = inspect(names).metadata['recur.labels'];
  // Label i has i + 1 names; what stands there twice counts once.
  const lines = labels.flatMap((label, i) =>
    Array.from({ length: i + 1 }, (_, k) => `name${k}\t${label}\n`),
  );
  writeFileSync(file('shares.tsv'), [...lines, lines[0], lines.at(-1)].join(''));
  writeFileSync(file('scripts.tsv'), 'Cyrl\tRussian\nCyrl\tMongolia\n');
  const args = ['--shares', 'shares.tsv', '--scripts', 'scripts.tsv', '--out', 'shares.gguf'];
  well(convert('--model', names, '--type', 'q8_0', ...args));

  const { metadata, tensors } = inspect('shares.gguf');
  const shares = labels.map((_, i) => (i + 1) / lines.length);
  metadata['recur.prior'].forEach((share, i) => assert.ok(Math.abs(share - shares[i]) < 1e-7));
  assert.deepEqual(metadata['recur.scripts'], ['Cyrl Russian']);
  const values = (all) => all.map((tensor) => ({ ...tensor, offset: undefined }));
  assert.deepEqual(values(tensors), values(inspect(names).tensors));

  const data = classify('shares.gguf', 'data');
  assert.deepEqual(data, classify(names, 'data'));
  const weights = labels.map((label, i) => data[label] / shares[i]);
  const sum = weights.reduce((a, b) => a + b);
  const equal = classify('shares.gguf', 'equal');
  labels.forEach((label, i) => assert.ok(Math.abs(equal[label] - weights[i] / sum) < 1e-5, label));

  const russian = JSON.parse(
    well(place.run('classify', ['--model', 'shares.gguf', '--json', 'Иванов'])).stdout,
  );
  assert.equal(russian.from, 'script');
  assert.equal(russian.predictions[0].label, 'Russian');
});

test('shares that are not of the labels of a classifier are refused', () => {
  const names = path.join(root, 'data/weights/names-gru.gguf');
  writeFileSync(file('few.tsv'), 'Kowalczyk\tPolish\n');
  writeFileSync(file('other.tsv'), 'Kowalczyk\tKlingon\n');
  writeFileSync(file('script.tsv'), 'Greek\tGreek\n');
  for (const [model, option, data, reason] of [
    [names, '--shares', 'few.tsv', /few\.tsv: no example of 'Arabic'/],
    [names, '--shares', 'other.tsv', /other\.tsv:1: /],
    [names, '--shares', 'missing.tsv', /missing\.tsv: /],
    [names, '--scripts', 'script.tsv', /script\.tsv:1: /],
    ['q8_0.gguf', '--shares', 'few.tsv', /q8_0\.gguf: .*classifier/],
  ]) {
    const result = convert('--model', model, option, data, '--out', 'wrong.gguf');
    assert.equal(result.status, 1);
    assert.match(result.stderr, reason);
  }
});

test('what makes no sense is refused', () => {
  writeFileSync(file('text.gguf'), 'not a weight file');
  const names = path.join(root, 'data/weights/names-gru.gguf');
  for (const [models, reason] of [
    [['text.gguf'], /text\.gguf: /],
    [['missing.gguf'], /missing\.gguf: /],
    [['f32.gguf', names], /names-gru\.gguf: (has \d+ tensors|is of another network)/],
  ]) {
    const args = models.flatMap((model) => ['--model', model]);
    const result = convert(...args, '--out', 'wrong.gguf');
    assert.equal(result.status, 1);
    assert.match(result.stderr, reason);
  }
  assert.equal(convert('--model', 'f32.gguf').status, 2);
  assert.equal(convert('--out', 'o.gguf').status, 2);
  assert.equal(convert('--model', 'f32.gguf', '--out', 'missing/o.gguf').status, 1);
});

test('a classifier is told which prior its answers take unless told', () => {
  const names = path.join(root, 'data/weights/names-gru.gguf');
  const inspect = (model) =>
    JSON.parse(well(place.run('evaluate', ['inspect', '--json', '--model', model])).stdout)
      .metadata;
  const answers = (model, ...prior) =>
    well(place.run('classify', ['--model', model, ...prior, 'Kowalczyk'])).stdout;
  for (const prior of ['data', 'equal', 'balanced']) {
    well(convert('--model', names, '--type', 'q8_0', '--prior', prior, '--out', 'usual.gguf'));
    const { 'recur.prior.default': usual, ...others } = inspect('usual.gguf');
    assert.equal(usual, prior);
    assert.deepEqual({ ...others, 'recur.prior.default': 'balanced' }, inspect(names));
    assert.equal(answers('usual.gguf'), answers(names, '--prior', prior));
  }
  const { status, stderr } = convert('--model', names, '--prior', 'even', '--out', 'usual.gguf');
  assert.equal(status, 2);
  assert.match(stderr, /--prior is equal, balanced or data, not 'even'/);
});
