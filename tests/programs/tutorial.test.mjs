// The tutorial's translator as a user runs it: trained pair by pair, repeatable and resumable, over
// whole words of which it says what it has never seen.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { before, describe, test } from 'node:test';
import { lines, root, testInterruptions, well, workplace } from './programs.mjs';

const place = workplace('tutorial');
const { file, run, records } = place;
const data = path.join(root, 'data/sample/eng-fra.tsv');
const recipe = ['--recipe', 'tutorial', '--data', data];
const sizes = '--embedding 32 --hidden 32 --encoder-hidden 32 --attentional 32'.split(' ');
const small = [...recipe, ...sizes, '--lr', '0.05'];
const train = (...args) => run('train', ['translate', ...args]);
const metadata = (model) => {
  const { stdout } = well(run('evaluate', ['inspect', '--model', model, '--json']));
  return JSON.parse(stdout).metadata;
};

describe('train translate --recipe tutorial', () => {
  test('logs the loss, shows sample translations, and draws what they attended to', () => {
    const few = ['--iterations', '3000', '--evaluate-every', '1000'];
    const files = ['--out', 'log.gguf', '--log', 'log.jsonl', '--report', 'log.html'];
    const { stderr } = well(train(...small, ...few, ...files));
    assert.match(stderr, /426 pairs, 87 and 112 tokens/);
    assert.match(stderr, /epoch 1\.00 {2}step 3000 {2}loss .* pairs\/s/);
    assert.match(stderr, / -> /);
    const evaluations = records('log.jsonl').filter(({ event }) => event === 'evaluation');
    assert.deepEqual(
      evaluations.map(({ step }) => step),
      [1000, 2000, 3000],
    );
    for (const { samples, pairs_per_s: speed } of evaluations) {
      assert.equal(samples.length, 4);
      assert.equal(typeof speed, 'number');
    }
    assert.ok(evaluations[2].loss < evaluations[0].loss, 'the loss falls');
    const html = readFileSync(file('log.html'), 'utf8');
    for (const part of ['Loss', 'Sample translations', 'aria-label="Attention"']) {
      assert.ok(html.includes(part), part);
    }
    for (const number of [1, 2, 3, 4]) {
      const svg = readFileSync(file(`log.attention-${number}.svg`), 'utf8');
      assert.match(svg, /^<svg xmlns=/);
      assert.match(svg, /<rect class="heat"/);
    }
    const written = metadata('log.gguf');
    assert.equal(written['recur.text'], 'words');
    assert.equal(written['recur.order'], 'attention-first');
    assert.deepEqual(written['recur.source.tokens'].slice(0, 4), ['<s>', '</s>', 'we', 'see']);
  });

  test('attends by each of the scores, in either order', () => {
    for (const attention of ['location', 'additive', 'scaled-dot']) {
      const few = ['--iterations', '20', '--attention', attention, '--attention-maps', 'no'];
      well(train(...small, ...few, '--out', `${attention}.gguf`));
      assert.equal(metadata(`${attention}.gguf`)['recur.attention'], attention);
      const other = ['--data', data, ...sizes, '--vocabulary', '400', '--epochs', '1'];
      const dot = attention === 'scaled-dot' ? ['--directions', '1'] : [];
      const options = ['--attention', attention, ...dot, '--out', `best-${attention}.gguf`];
      well(train(...other, ...options));
      const { stdout } = well(
        run('translate', ['--model', `best-${attention}.gguf`], 'We see a red letter.\n'),
      );
      assert.equal(lines(stdout).length, 1);
    }
    assert.ok(!existsSync(file('additive.attention-1.svg')));
  });

  test('learns by any share of teacher forcing, in batches too', () => {
    for (const share of ['0', '1']) {
      const args = ['--iterations', '50', '--teacher-forcing', share, '--out', 'forced.gguf'];
      well(train(...small, ...args));
    }
    const batches = ['--vocabulary', '400', '--epochs', '2', '--teacher-forcing', '0.5'];
    well(train('--data', data, ...sizes, ...batches, '--out', 'batches.gguf'));
  });

  test('leaves out and counts pairs that are too long, with their words', () => {
    const long = 'I see the old red boat and the green village there.\tJe vois le vieux bateau.\n';
    writeFileSync(file('long.tsv'), readFileSync(data, 'utf8') + long);
    const args = ['--data', 'long.tsv', '--iterations', '20', '--out', 'long.gguf'];
    const { stderr } = well(train('--recipe', 'tutorial', ...sizes, ...args));
    assert.match(stderr, /427 pairs \(1 too long left out\), 87 and 112 tokens/);
  });

  test('options that do not go together are refused', () => {
    for (const [options, reason] of [
      [['--vocabulary', '400'], /of --text subwords/],
      [['--tokens', '100'], /one pair a step/],
      [['--beta2', '0.9'], /of --optimizer adam/],
      [['--input-feeding', 'yes'], /attention first/],
    ]) {
      const { status, stderr } = train(...small, ...options, '--out', 'none.gguf');
      assert.notEqual(status, 0);
      assert.match(stderr, reason);
      assert.ok(!existsSync(file('none.gguf')));
    }
  });

  const options = '--iterations 6000 --evaluate-every 1500 --checkpoint-every 0.1'.split(' ');
  testInterruptions(place, ['translate', ...small, ...options]);
});

describe('a tutorial translator', () => {
  const translate = (input, ...args) =>
    well(run('translate', ['--model', 'm.gguf', ...args], input));

  before(() => {
    const args = ['--iterations', '8000', '--type', 'q8_0', '--out', 'm.gguf'];
    well(train(...small, ...args));
  });

  test('translates what it has learnt, whatever the case and the accents', () => {
    const { stdout, stderr } = translate('They draw the cheese.\nTHEY dr\u00E1w the cheese .\n\n');
    const [first, second, third] = lines(stdout);
    assert.match(first, /fromage \.$/);
    assert.equal(second, first);
    assert.equal(third, '');
    assert.equal(stderr, '');
  });

  test('leaves out what it has never seen, and says so', () => {
    const { stdout, stderr } = translate(
      'They draw the cheese.\nThey draw the Zebra cheese, Bob.\n',
    );
    const [first, second] = lines(stdout);
    assert.equal(second, first);
    assert.equal(stderr, 'translate: line 2: left out, as never seen: Zebra, Bob\n');
    const json = translate('They draw the Zebra cheese.\nWe see.\n', '--json');
    assert.equal(json.stderr, '');
    assert.deepEqual(
      lines(json.stdout).map((line) => JSON.parse(line).unknown),
      [['Zebra'], []],
    );
    assert.deepEqual(lines(translate('Zebra Bob\n').stdout), ['']);
  });

  test('reads nine words of a sentence, and says if there were more', () => {
    const long = 'They see the red letter the green river the lamp.';
    const { stdout, stderr } = translate(`${long}\n`);
    assert.equal(lines(stdout).length, 1);
    assert.match(stderr, /line 1: of a sentence this model reads only the first 9 words/);
    const [line] = lines(translate(`${long}\n`, '--json').stdout);
    assert.equal(JSON.parse(line).cut, true);
    // Of a line with short sentences each is read whole.
    assert.equal(translate('They see the red letter. They draw the old cheese.\n').stderr, '');
  });

  test('tells its attention, which may go behind the sentence', () => {
    const { stdout } = translate('We see.\n', '--json', '--attention');
    const [{ source_tokens: tokens, attention }] = JSON.parse(stdout).sentences;
    assert.deepEqual(tokens, ['we', 'see', '.', '</s>']);
    for (const row of attention) {
      assert.equal(row.length, tokens.length);
      assert.ok(row.reduce((sum, weight) => sum + weight, 0) < 1.01);
    }
  });

  test('is scored as any other', () => {
    const args = ['translate', '--model', 'm.gguf', '--data', data, '--json'];
    const { bleu } = JSON.parse(well(run('evaluate', args)).stdout);
    assert.ok(bleu > 5, `it has learnt something: ${bleu}`);
  });
});
