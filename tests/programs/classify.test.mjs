// `classify` with the networks of the world: priors, scripts, full names, tables.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { USUAL_PRIORS } from '../../web/page/state.js';
import { lines, root, well, workplace } from './programs.mjs';

const place = workplace('classify');
const { file } = place;
const model = path.join(root, 'data/weights/names-world-gru.gguf');
const run = (args, input) => place.run('classify', ['--model', model, ...args], input);

/** For each name its labels' probabilities. */
function probabilities(names, ...args) {
  const { stdout } = well(run(['--json', '--top', '91', ...args, '--', ...names]));
  return lines(stdout).map((line) =>
    Object.fromEntries(
      JSON.parse(line).predictions.map(({ label, probability }) => [label, probability]),
    ),
  );
}

const normalised = (weights) => {
  const total = Object.values(weights).reduce((a, b) => a + b);
  return Object.fromEntries(Object.entries(weights).map(([label, p]) => [label, p / total]));
};

test('a given prior weighs the answers under equal ones', () => {
  const weights = { Poland: 3, Czechia: 1, Ukraine: 0.5 };
  const given = Object.entries(weights).map(([label, weight]) => `${label}\t${weight}\n`);
  writeFileSync(file('prior.tsv'), given.join(''));
  const [equal] = probabilities(['Nowak'], '--prior', 'equal');
  const [found] = probabilities(['Nowak'], '--prior', file('prior.tsv'));
  const expected = normalised(
    Object.fromEntries(Object.entries(weights).map(([label, q]) => [label, equal[label] * q])),
  );
  for (const [label, p] of Object.entries(found)) {
    assert.ok(Math.abs(p - (expected[label] ?? 0)) < 1e-5, `${label} ${p}`);
  }
  assert.deepEqual(probabilities(['Nowak']), [equal]); // what is supposed unless told
  assert.notDeepEqual(probabilities(['Nowak'], '--prior', 'data'), [equal]);
});

test('the balanced prior is between that of the data and an equal one', () => {
  const { metadata } = JSON.parse(
    well(place.run('evaluate', ['inspect', '--json', '--model', model])).stdout,
  );
  const shares = metadata['recur.prior'];
  const weights = metadata['recur.labels'].map((label, i) => `${label}\t${Math.sqrt(shares[i])}\n`);
  writeFileSync(file('roots.tsv'), weights.join(''));
  const [found] = probabilities(['Nowak'], '--prior', 'balanced');
  const [expected] = probabilities(['Nowak'], '--prior', file('roots.tsv'));
  for (const [label, p] of Object.entries(found)) {
    assert.ok(Math.abs(p - expected[label]) < 1e-5, `${label} ${p}`);
  }
});

test('the page supposes what each list of its weights says', () => {
  const { world, tutorial } = USUAL_PRIORS;
  for (const [kind, prior] of [
    ['world-', world],
    ['', tutorial],
  ])
    for (const cell of ['rnn', 'lstm', 'gru']) {
      const name = `names-${kind}${cell}.gguf`;
      const args = ['inspect', '--json', '--model', path.join(root, 'data/weights', name)];
      const { metadata } = JSON.parse(well(place.run('evaluate', args)).stdout);
      assert.equal(metadata['recur.prior.default'] ?? 'equal', prior, name);
    }
});

test('many lines are answered as each would be alone', () => {
  const names = readFileSync(path.join(root, 'data/names/world.dev.tsv'), 'utf8')
    .split('\n')
    .slice(0, 600)
    .map((line) => line.split('\t')[0]);
  names[3] = '';
  names[77] = 'Παπαδόπουλος';
  names[300] = '7';
  names[301] = 'a'.repeat(10_001);
  const together = run(['--top', '2'], `${names.join('\n')}\n`);
  assert.equal(together.status, 1);
  assert.match(together.stderr, /line 78: written in Greek letters/);
  assert.match(together.stderr, /line 302: the text has 10001 letters, at most 10000/);
  const rows = lines(together.stdout);
  assert.equal(rows.length, names.length);
  const table = (row) => row.split('\t');
  for (const i of [0, 3, 64, 77, 255, 256, 300, 599]) {
    const [name, ...answer] = table(rows[i]);
    assert.equal(name, names[i]);
    const alone = lines(well(run(['--top', '2', '--', names[i]])).stdout).map(table);
    assert.deepEqual(answer.length, alone[0].length - 1);
    answer.forEach((value, k) =>
      k % 2 === 0
        ? assert.equal(value, alone[0][k + 1])
        : assert.ok(Math.abs(value - alone[0][k + 1]) < 2e-6),
    );
  }
  assert.equal(table(rows[301]).length, 1);
});

test('priors that make no sense are refused', () => {
  const refuses = (text, pattern) => {
    writeFileSync(file('wrong.tsv'), text);
    const { status, stderr } = run(['--prior', file('wrong.tsv'), 'Nowak']);
    assert.notEqual(status, 0);
    assert.match(stderr, pattern);
  };
  refuses('Martians\t1\n', /wrong\.tsv:1: the model has no such label/);
  refuses('Poland\t1\nPoland\t2\n', /wrong\.tsv:2: the label comes a second time/);
  refuses('Poland\t-1\n', /wrong\.tsv:1: the weight is no number/);
  refuses('Poland\tmany\n', /wrong\.tsv:1: the weight is no number/);
  refuses('Poland\t0\n', /no label has a weight/);
  assert.match(run(['--prior', file('missing.tsv'), 'Nowak']).stderr, /missing\.tsv: No such file/);
});

test('letters in any case and composition, and what is not seen, are the same', () => {
  const [first, ...others] = probabilities([
    'Öztürk',
    'ÖZTÜRK',
    'O\u0308ztu\u0308rk',
    '\uFEFFÖz\u200Bt\u00ADürk\u200E',
  ]);
  for (const other of others) assert.deepEqual(other, first);
});

test('of a full name the surname is read', () => {
  const pairs = [
    ['Anna Kowalska', 'Kowalska'],
    ['Vincent van der Berg', 'van der Berg'],
    ['Kowalska, Anna', 'Kowalska'],
  ];
  for (const [full, surname] of pairs) {
    assert.deepEqual(probabilities([full]), probabilities([surname], '--whole'));
  }
  assert.notDeepEqual(probabilities(['Anna Kowalska'], '--whole'), probabilities(['Kowalska']));
});

test('names in other scripts are answered from these, and said to be', () => {
  const { stdout, stderr } = well(run(['--top', '1', 'Παπαδόπουλος', '田中', '7', 'Tanaka']));
  const rows = lines(stdout).map((line) => line.split('\t'));
  assert.deepEqual(rows[0].slice(0, 2), ['Παπαδόπουλος', 'Greece']);
  assert.equal(rows[1].length, 3);
  assert.deepEqual(rows[2], ['7']);
  assert.equal(rows[3][1], 'Japan');
  assert.match(stderr, /name 1: written in Greek letters/);
  assert.match(stderr, /name 2: written in Chinese letters/);
  assert.match(stderr, /name 3: cannot read this/);
  const [row] = lines(well(run(['--json', 'Παπαδόπουλος'])).stdout).map((line) => JSON.parse(line));
  assert.deepEqual([row.from, row.script], ['script', 'Greek']);
});

/** The sizes of arrays in arrays, every one as long as its neighbours. */
function shapeOf(tensor) {
  if (!Array.isArray(tensor)) return [];
  const inner = tensor.map(shapeOf);
  for (const shape of inner) assert.deepEqual(shape, inner[0]);
  return [tensor.length, ...(inner[0] ?? [])];
}

test('--inspect tells what the cells do at each letter', () => {
  const args = ['--json', '--inspect', '--label', 'Poland', '--top', '91', '--prior', 'data'];
  const { stdout } = well(run([...args, 'Jan Nowak', '田中', '']));
  const [{ inside, predictions }, ...others] = lines(stdout).map((line) => JSON.parse(line));
  const shape = [1, 2, 5, 192];
  const { cell, gates, hidden, gradient } = inside;
  assert.deepEqual([cell, inside.shape, inside.letters.join('')], ['gru', shape, 'nowak']);
  assert.deepEqual(Object.keys(gates), ['reset', 'update', 'candidate']);
  for (const tensor of [...Object.values(gates), hidden]) assert.deepEqual(shapeOf(tensor), shape);
  assert.deepEqual(shapeOf(gradient), shape.slice(0, 3));
  assert.equal(inside.cellState, undefined);
  // h' = (1 - z) n + z h, in reverse from the last letter on
  const [layer] = hidden;
  layer.forEach((states, direction) =>
    states.forEach((state, t) =>
      state.forEach((h, k) => {
        const [z, n] = [gates.update, gates.candidate].map((gate) => gate[0][direction][t][k]);
        const before = states[direction === 0 ? t - 1 : t + 1]?.[k] ?? 0;
        assert.ok(Math.abs(h - ((1 - z) * n + z * before)) < 1e-5);
      }),
    ),
  );
  // Answers under the data's prior are softmax(logits / temperature), the loss is without it.
  const { metadata } = JSON.parse(
    well(place.run('evaluate', ['inspect', '--json', '--model', model])).stdout,
  );
  const uncalibrated = predictions.map(({ label, probability }) => [
    label,
    probability ** metadata['recur.temperature'],
  ]);
  assert.equal(inside.label, 'Poland');
  const expected = -Math.log(normalised(Object.fromEntries(uncalibrated)).Poland);
  assert.ok(Math.abs(inside.loss - expected) < 1e-4, `${inside.loss} ${expected}`);
  for (const row of others) assert.deepEqual(row.inside.shape, [1, 2, 0, 192]);
  const [plain] = lines(well(run(['--json', '--inspect', 'Nowak'])).stdout).map((line) =>
    JSON.parse(line),
  );
  assert.equal(plain.inside.gradient, undefined);
  assert.deepEqual(plain.inside.hidden, hidden);
});

test('--inspect that makes no sense is refused', () => {
  const refuses = (args, pattern) => {
    const { status, stderr } = run(args);
    assert.notEqual(status, 0);
    assert.match(stderr, pattern);
  };
  refuses(['--inspect', 'Nowak'], /add --json/);
  refuses(['--json', '--label', 'Poland', 'Nowak'], /--label is of --inspect/);
  refuses(['--json', '--inspect', '--label', 'Atlantis', 'Nowak'], /no label Atlantis/);
  const { status, stdout } = run(['--json', '--inspect', 'a'.repeat(1001)]);
  assert.notEqual(status, 0);
  assert.match(JSON.parse(stdout).error, /1001 letters/);
});

const TABLE =
  '\uFEFFid,"sur name",note\r\n' +
  '1,"Kowalczyk",a\r\n' +
  '2,"O\'Neill, Shaq","two\nlines"\n' +
  '\r\n' +
  '3,Papadopoulos\r\n' +
  '4,,"said ""no"""\r\n' +
  '5,Kowalczyk,last';

test('a table keeps its columns, quotes, order, line ends and byte order mark', () => {
  const { stdout } = well(run(['--column', 'sur name', '--top', '1'], TABLE));
  const label = (name) => {
    const [, country, probability] = lines(well(run(['--top', '1', name])).stdout)[0].split('\t');
    return `${country},${probability}`;
  };
  assert.equal(
    stdout,
    '\uFEFFid,"sur name",note,label,probability\r\n' +
      `1,"Kowalczyk",a,${label('Kowalczyk')}\r\n` +
      `2,"O'Neill, Shaq","two\nlines",${label("O'Neill")}\n` +
      '\r\n' +
      `3,Papadopoulos,,${label('Papadopoulos')}\r\n` +
      '4,,"said ""no""",,\r\n' +
      `5,Kowalczyk,last,${label('Kowalczyk')}`,
  );
  assert.equal(well(run(['--column', '2', '--top', '1'], TABLE)).stdout, stdout);
});

test('tables with tabs and semicolons, and columns whose names are taken', () => {
  const tabs = well(run(['--column', 'n', '--top', '2'], 'n\tlabel\nTanaka\t"x\n')).stdout;
  const [header, row] = lines(tabs).map((line) => line.split('\t'));
  assert.deepEqual(header, [
    ...['n', 'label', 'predicted_label', 'predicted_probability'],
    ...['predicted_label_2', 'predicted_probability_2'],
  ]);
  assert.deepEqual(row.slice(0, 3), ['Tanaka', '"x', 'Japan']);
  assert.match(well(run(['--column', 'n'], 'n;m\nTanaka;1\n')).stdout, /^Tanaka;1;Japan;0\.\d+;/m);
  assert.match(
    well(run(['--column', 'n', '--separator', '|'], 'n|m\nTanaka|1\n')).stdout,
    /^Tanaka\|1\|Japan\|/m,
  );
});

test('a long table is answered as its names are one by one', () => {
  const names = lines(readFileSync(path.join(root, 'data/names/world.dev.tsv'), 'utf8'))
    .slice(0, 3000)
    .map((line) => line.split('\t')[0]);
  const cells = names.map((name, row) => `${row}\t${name}\n`);
  writeFileSync(file('long.tsv'), `row\tname\n${cells.join('')}`);
  const args = ['--column', 'name', '--in', file('long.tsv'), '--out', file('out.tsv')];
  assert.match(well(run([...args, '--top', '1'])).stderr, /wrote .*out\.tsv: 3,000 rows/);
  const answers = lines(readFileSync(file('out.tsv'), 'utf8')).slice(1);
  const single = lines(well(run(['--top', '1'], names.join('\n') + '\n')).stdout);
  assert.equal(answers.length, names.length);
  for (const [row, answer] of answers.entries()) {
    const [, name, label, probability] = answer.split('\t');
    const [, expected, p] = single[row].split('\t');
    assert.deepEqual([name, label], [names[row], expected]);
    assert.ok(Math.abs(probability - p) < 1e-4, `${name} ${probability} ${p}`);
  }
});

test('tables that cannot be are refused', () => {
  const refuses = (args, input, pattern) => {
    const { status, stderr } = run(args, input);
    assert.notEqual(status, 0);
    assert.match(stderr, pattern);
  };
  refuses(['--column', 'nobody'], 'a,b\n1,2\n', /no column 'nobody'/);
  refuses(['--column', '3'], 'a,b\n1,2\n', /no column '3'/);
  refuses(['--column', 'a'], '', /no header/);
  refuses(['--column', 'a'], Buffer.from('\uFEFFa\n', 'utf16le'), /UTF-16/);
  refuses(['--column', 'a', 'Tanaka'], '', /not from the command line/);
  refuses(['--column', 'a', '--json'], '', /exclude each other/);
  refuses(['--separator', ','], '', /which --column/);
  refuses(['--column', 'a', '--separator', '""'], '', /--separator is one character/);
  writeFileSync(file('same.csv'), 'a\nx\n');
  const same = ['--column', 'a', '--in', file('same.csv'), '--out', file('same.csv')];
  refuses(same, '', /are the same file/);
  assert.equal(readFileSync(file('same.csv'), 'utf8'), 'a\nx\n');
});

test('train names finds the names of the world from anywhere', () => {
  const { stderr } = place.run('train', ['names', '--dev', 'missing.tsv']);
  assert.match(stderr, /missing\.tsv: No such file/); // the data was read before
});
