// Classifiers that answer together: `classify` and `evaluate names` with several --model.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { lines, root, well, workplace } from './programs.mjs';

const place = workplace('ensemble');
const { file } = place;
const weights = (name) => path.join(root, `data/weights/names-${name}.gguf`);
const CELLS = ['rnn', 'lstm', 'gru'];
const dev = path.join(root, 'data/names/world.dev.tsv');
const among = (cells) => cells.flatMap((cell) => ['--model', weights(`world-${cell}`)]);
const classify = (cells, args, input) => place.run('classify', [...among(cells), ...args], input);
const evaluate = (cells, args) =>
  place.run('evaluate', ['names', ...among(cells), '--data', dev, ...args]);

function probabilities(cells, names, ...args) {
  const { stdout } = well(classify(cells, ['--json', '--top', '91', ...args, '--', ...names]));
  return lines(stdout).map((line) =>
    Object.fromEntries(
      JSON.parse(line).predictions.map(({ label, probability }) => [label, probability]),
    ),
  );
}

test('several networks answer by the mean of the logarithms of what each says', () => {
  const names = ['Müller', 'Okafor', 'van der Berg', 'Παπαδόπουλος'];
  for (const prior of ['equal', 'data']) {
    const alone = CELLS.map((cell) => probabilities([cell], names, '--prior', prior));
    probabilities(CELLS, names, '--prior', prior).forEach((found, i) => {
      const product = (label) => alone.reduce((p, answers) => p * (answers[i][label] ?? 0), 1);
      const means = Object.keys(found).map((label) => [label, Math.cbrt(product(label))]);
      const total = means.reduce((sum, [, p]) => sum + p, 0);
      for (const [label, p] of means)
        assert.ok(Math.abs(p / total - found[label]) < 1e-5, `${names[i]} ${label}`);
    });
  }
});

test('a table is answered by all of them, and no weight file is written over', () => {
  const [, row] = lines(
    well(classify(CELLS, ['--column', 'n', '--top', '1'], 'n\nMüller\n')).stdout,
  );
  const [, label, probability] = row.split(',');
  assert.ok(Math.abs(probabilities(CELLS, ['Müller'])[0][label] - probability) < 2e-6);
  writeFileSync(file('in.csv'), 'n\nMüller\n');
  const onto = ['--column', 'n', '--in', file('in.csv'), '--out', weights('world-gru')];
  const { status, stderr } = classify(CELLS, onto);
  assert.notEqual(status, 0);
  assert.match(stderr, /--model and --out are the same file/);
});

test('the three of the world know more together than each alone, and how much', () => {
  const score = (cells, ...args) =>
    lines(well(evaluate(cells, ['--json', '--prior', 'equal', ...args])).stdout).map(JSON.parse);
  const alone = score(CELLS);
  assert.equal(alone.length, 3);
  const [together, ...more] = score(CELLS, '--ensemble');
  assert.equal(more.length, 0);
  assert.deepEqual(
    together.ensemble,
    CELLS.map((cell) => weights(`world-${cell}`)),
  );
  for (const { names } of alone)
    for (const figure of ['top1', 'top3', 'macro_recall'])
      assert.ok(together.names[figure] > names[figure], figure);
  // The aims for the world are 0.57, 0.77, 0.48 and 0.03.
  assert.ok(together.names.top1 >= 0.64);
  assert.ok(together.names.top3 >= 0.82);
  assert.ok(together.names.macro_recall >= 0.54);
  assert.ok(together.names.calibration_error <= 0.03);
  const table = well(evaluate(CELLS, ['--ensemble'])).stdout;
  assert.equal(table.match(/^3 together +names +(data|equal) +4305 /gm).length, 2);
});

test('what --ensemble scores is what classify answers', () => {
  const sample = well(evaluate(CELLS, ['--ensemble', '--json', '--index', '7', '--top', '1']));
  const shown = JSON.parse(sample.stdout);
  const [answer] = probabilities(CELLS, [shown.name], '--whole');
  const [{ label, probability }] = shown.predictions;
  assert.ok(Math.abs(answer[label] - probability) < 1e-6);
});

test('networks that cannot answer together are refused', () => {
  const refuses = ({ status, stderr }, pattern) => {
    assert.notEqual(status, 0);
    assert.match(stderr, pattern);
  };
  const others = ['--model', weights('world-gru'), '--model', weights('gru')];
  const differ = /the labels of network 2 are others than those of the first/;
  refuses(place.run('classify', [...others, 'Nowak']), differ);
  refuses(place.run('evaluate', ['names', ...others, '--data', dev, '--ensemble']), differ);
  refuses(classify(CELLS, ['--json', '--inspect', 'Nowak']), /--inspect looks inside one network/);
});
