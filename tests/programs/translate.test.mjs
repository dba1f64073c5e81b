// The translator's programs as a user runs them: training repeatable, resumable, safe to kill, clear
// about bad input; translating in order, line by line; scores.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { before, describe, test } from 'node:test';
import { lines, root, testInterruptions, well, workplace } from './programs.mjs';

const place = workplace('translate');
const { file, run, records, assertSameFile } = place;
const data = path.join(root, 'data/sample/eng-fra.tsv');
const dev = path.join(root, 'data/sample/eng-fra.dev.tsv');
const network = '--vocabulary 400 --embedding 32 --hidden 64 --encoder-hidden 32 --attentional 32';
const training = '--tokens 512 --lr 0.01 --warmup 40';
const small = ['--data', data, '--dev', dev, ...`${network} ${training}`.split(' ')];
const train = (...args) => run('train', ['translate', ...args]);

describe('train translate', () => {
  test('the same weights, bit for bit, for 1, 2 and 3 threads', () => {
    // 4,200 tokens a step make two shards.
    for (const threads of ['1', '2', '3']) {
      const args = ['--epochs', '3', '--tokens', '4200', '--threads', threads];
      well(train(...small, ...args, '--out', `threads${threads}.gguf`));
    }
    assertSameFile('threads1.gguf', 'threads2.gguf');
    assertSameFile('threads1.gguf', 'threads3.gguf');
    well(train(...small, '--epochs', '3', '--tokens', '4200', '--seed', '2', '--out', 'seed.gguf'));
    assert.ok(!readFileSync(file('seed.gguf')).equals(readFileSync(file('threads1.gguf'))));
  });

  test('logs evaluations with samples and writes a report', () => {
    const args = ['--epochs', '3', '--log', 'log.jsonl', '--report', 'r.html', '--out', 'log.gguf'];
    const { stderr } = well(train(...small, ...args));
    assert.match(stderr, /epoch 3\.00 {2}step \d+ {2}loss .* BLEU/);
    assert.match(stderr, / -> /);
    const evaluations = records('log.jsonl').filter(({ event }) => event === 'evaluation');
    assert.deepEqual(
      evaluations.map(({ epochs }) => epochs),
      [1, 2, 3],
    );
    for (const record of evaluations) {
      for (const key of ['loss', 'dev_loss', 'dev_bleu', 'dev_chrf', 'tokens_per_s', 'lr']) {
        assert.equal(typeof record[key], 'number', key);
      }
      assert.equal(record.samples.length, 4);
    }
    assert.ok(evaluations[2].dev_loss < evaluations[0].dev_loss, 'the loss falls');
    const html = readFileSync(file('r.html'), 'utf8');
    for (const part of ['<svg', 'BLEU', 'Learning rate', 'Sample translations']) {
      assert.ok(html.includes(part), part);
    }
    assert.ok(!existsSync(file('log.gguf.checkpoint')));
  });

  test('evaluates every so many steps, and stops when the score stalls', () => {
    const args = ['--evaluate-every', '10', '--epochs', '2', '--out', 'every.gguf'];
    well(train(...small, ...args, '--log', 'every.jsonl'));
    const steps = records('every.jsonl').flatMap(({ event, step }) =>
      event === 'evaluation' ? [step] : [],
    );
    assert.deepEqual(steps.slice(0, 3), [10, 20, 30]);
    // A rate of almost 0 learns nothing.
    const still = ['--lr', '1e-9', '--patience', '2', '--epochs', '50', '--out', 'still.gguf'];
    well(train(...small, ...still, '--log', 'still.jsonl'));
    assert.ok(records('still.jsonl').filter(({ event }) => event === 'evaluation').length <= 4);
  });

  const long = [
    ...small,
    ...'--epochs 6 --average 0.99 --evaluate-every 37 --checkpoint-every 0.1'.split(' '),
    ...['--data', `${dev}:0.5`, '--sampled-softmax', '150'],
  ];

  testInterruptions(place, ['translate', ...long]);

  test('a checkpoint is neither overwritten unasked nor resumed with other settings', async () => {
    const args = [...long, '--out', 'kept.gguf'];
    assert.equal((await place.interrupted('SIGTERM', 30, ['translate', ...args])).code, 1);
    const anew = train(...args);
    assert.equal(anew.status, 1);
    assert.match(anew.stderr, /--resume goes on with it, --restart begins anew/);
    const other = train(...args, '--resume', '--lr', '0.02');
    assert.equal(other.status, 1);
    assert.match(other.stderr, /lr=.*--restart/);
    const heavier = train(...args, '--resume', '--data', `${dev}:0.25`);
    assert.equal(heavier.status, 1);
    assert.match(heavier.stderr, /data=/);
    well(train(...args, '--restart', '--epochs', '1'));
  });

  test('goes on from trained weights', () => {
    well(train(...small, '--epochs', '2', '--type', 'f32', '--out', 'base.gguf'));
    const args = ['--data', data, '--dev', dev, ...training.split(' ')];
    well(
      train(...args, '--init', 'base.gguf', '--epochs', '1', '--log', 'f.jsonl', '--out', 'f.gguf'),
    );
    const [base] = records('f.jsonl').filter(({ event }) => event === 'evaluation');
    assert.ok(base.loss < 5, `a fresh network has a loss of 6, this ${base.loss}`);
    const wrong = train(...args, '--init', 'base.gguf', '--layers', '3', '--out', 'g.gguf');
    assert.equal(wrong.status, 2);
    assert.match(wrong.stderr, /--init has its network/);
  });

  describe('from trained weights', () => {
    const still = [
      ...['--data', data, '--dev', dev, ...training.split(' '), '--epochs', '1'],
      ...['--lr', '1e-9', '--type', 'f32'], // which learns nothing
    ];
    const lossOf = (name, ...args) => {
      well(train(...still, ...args, '--log', `${name}.jsonl`, '--out', `${name}.gguf`));
      return records(`${name}.jsonl`).find(({ event }) => event === 'evaluation').loss;
    };
    const close = (a, b) => assert.ok(Math.abs(a - b) < 1e-5, `${a} and ${b}`);

    test('a wider network says the same at first, and a narrower one is refused', () => {
      well(train(...small, '--epochs', '2', '--type', 'f32', '--out', 'narrow.gguf'));
      const loss = lossOf('same', '--init', 'narrow.gguf', '--dropout', '0');
      const wide = ['--init', 'narrow.gguf', '--hidden', '96', '--encoder-hidden', '40'];
      close(lossOf('wide', ...wide, '--dropout', '0'), loss);
      const hidden = (model) =>
        JSON.parse(well(run('evaluate', ['inspect', '--model', model, '--json'])).stdout).metadata[
          'recur.hidden'
        ];
      assert.equal(hidden('wide.gguf'), 96);
      well(train(...still, '--init', 'wide.gguf', '--lr', '0.003', '--out', 'learnt.gguf'));
      const narrower = train(...still, '--init', 'narrow.gguf', '--hidden', '8', '--out', 'g.gguf');
      assert.equal(narrower.status, 1);
      assert.match(narrower.stderr, /narrow\.gguf: a decoder's state of 64 cannot shrink to 8/);
    });

    test('--round computes with the weights that will be stored', () => {
      well(train(...small, '--epochs', '2', '--type', 'f32', '--out', 'exact.gguf'));
      const convert = (from, type, to) =>
        well(run('train', ['convert', '--model', from, '--type', type, '--out', to]));
      const exact = lossOf('exact-loss', '--init', 'exact.gguf');
      for (const type of ['q5_0', 'q4_0']) {
        convert('exact.gguf', type, `${type}.gguf`);
        convert(`${type}.gguf`, 'f32', 'rounded.gguf');
        const rounded = lossOf('rounded-loss', '--init', 'rounded.gguf');
        assert.ok(Math.abs(rounded - exact) > 1e-4, `${rounded} and ${exact}`);
        close(lossOf('round', '--init', 'exact.gguf', '--round', type), rounded);
        const text = 'The lamp is red.\nThe map is old.\nWhere is the bridge?\n';
        const said = well(run('translate', ['--model', `${type}.gguf`], text)).stdout;
        assert.equal(said.trim().split('\n').length, 3);
      }
    });
  });

  test('a trained network learns the lexical part as well, from nothing', () => {
    well(train(...small, '--epochs', '2', '--type', 'f32', '--out', 'plain.gguf'));
    const tensors = (model) =>
      JSON.parse(well(run('evaluate', ['inspect', '--model', model, '--json'])).stdout).tensors;
    const text = 'The lamp is red.\nThe map is old.\nWhere is the bridge?\n';
    const said = (model) => well(run('translate', ['--model', model], text)).stdout;
    const go = ['--data', data, ...training.split(' '), '--init', 'plain.gguf', '--epochs', '1'];
    // A rate of almost 0 learns nothing.
    well(train(...go, '--lexical', 'yes', '--lr', '1e-9', '--type', 'f32', '--out', 'zero.gguf'));
    const added = tensors('zero.gguf').filter(({ name }) => name.startsWith('lexical.'));
    assert.equal(added.length, 2);
    assert.equal(tensors('zero.gguf').length, tensors('plain.gguf').length + 2);
    assert.equal(said('zero.gguf'), said('plain.gguf'));
    // What has it keeps it, and fresh networks may have it.
    well(train(...go, '--init', 'zero.gguf', '--out', 'kept-lexical.gguf'));
    assert.equal(tensors('kept-lexical.gguf').length, tensors('zero.gguf').length);
    well(train(...small, '--epochs', '1', '--lexical', 'yes', '--out', 'fresh.gguf'));
    assert.equal(tensors('fresh.gguf').length, tensors('zero.gguf').length);
    assert.equal(said('fresh.gguf').split('\n').length, 4);
  });

  describe('with a sample of the output tokens', () => {
    const sampled = ['--sampled-softmax', '150'];

    test('learns what is right among all tokens', () => {
      const trained = (name, ...more) => {
        const log = `${name}.jsonl`;
        well(train(...small, '--epochs', '12', ...more, '--log', log, '--out', `${name}.gguf`));
        return records(log).filter(({ event }) => event === 'evaluation');
      };
      const some = trained('sampled', ...sampled);
      const all = trained('all');
      assert.notEqual(some[0].loss, all[0].loss);
      // dev_loss is over all tokens.
      assert.ok(some.at(-1).dev_loss < 0.5 * some[0].dev_loss, 'the loss falls');
      assert.ok(some.at(-1).dev_loss < 1.3 * all.at(-1).dev_loss, 'about as with all of them');
    });

    test('gives the same weights for any number of threads', () => {
      for (const threads of ['1', '2']) {
        const args = ['--epochs', '2', '--tokens', '4200', '--threads', threads, ...sampled];
        well(train(...small, ...args, '--out', `sampled${threads}.gguf`));
      }
      assertSameFile('sampled1.gguf', 'sampled2.gguf');
    });

    test('is not for the risk', () => {
      const risk = ['--objective', 'risk', ...sampled, '--out', 'none.gguf'];
      const result = train(...small, ...risk);
      assert.equal(result.status, 2);
      assert.match(result.stderr, /leave out --sampled-softmax/);
    });
  });

  test('takes the vocabularies of a weight file', () => {
    well(train(...small, '--epochs', '1', '--out', 'first.gguf'));
    const args = ['--data', data, '--dev', dev, ...training.split(' '), '--epochs', '1'];
    const network = '--embedding 8 --attentional 8 --hidden 16 --encoder-hidden 8'.split(' ');
    const other = ['--vocabularies-of', 'first.gguf', ...args, ...network];
    well(train(...other, '--out', 'other.gguf'));
    const [first, second] = ['first.gguf', 'other.gguf'].map((model) => {
      const { stdout } = well(run('evaluate', ['inspect', '--model', model, '--json']));
      return JSON.parse(stdout).metadata['recur.target.tokens'];
    });
    assert.equal(first.length, 400);
    assert.deepEqual(second, first);
    const wrong = train(...other, '--vocabulary', '350', '--out', 'wrong.gguf');
    assert.equal(wrong.status, 2);
    assert.match(wrong.stderr, /have vocabularies/);
  });

  describe('by the risk of its own translations', () => {
    const risk = '--objective risk --candidates 4 --lr 0.002 --warmup 10 --dropout 0.1'.split(' ');
    const whole = ['--bpe-dropout', '0'];
    const args = ['--init', 'risk-base.gguf', '--data', data, '--dev', dev, ...risk, ...whole];

    before(() => {
      // Long enough that its score is more than chance on any kernels.
      const base = ['--dropout', '0.1', '--epochs', '17', '--type', 'f32'];
      well(train(...small, ...whole, ...base, '--out', 'risk-base.gguf'));
    });

    test('the expected cost falls, and what is translated gets better', () => {
      for (const more of [
        ['--likelihood', '0'],
        ['--metric', 'chrf', '--sharpness', '0.5'],
      ]) {
        const epochs = '--lr 1e-3 --tokens 512 --epochs 10 --log risk.jsonl --restart'.split(' ');
        well(train(...args, ...epochs, ...more, '--out', 'risk.gguf'));
        const all = records('risk.jsonl').filter(({ event }) => event === 'evaluation');
        for (const { loss } of all) assert.ok(loss > 0 && loss < 1, `an expected cost is ${loss}`);
        assert.ok(all.at(-1).loss < all[0].loss, JSON.stringify(all.map(({ loss }) => loss)));
        const base = ['translate', '--model', 'risk-base.gguf', '--data', dev, '--beam', '1'];
        const before = JSON.parse(well(run('evaluate', [...base, '--json'])).stdout);
        assert.ok(all.at(-1).dev_bleu > before.bleu, `${all.at(-1).dev_bleu} after ${before.bleu}`);
      }
    });

    test('the same weights for any number of threads, resumed or not', async () => {
      const two = [...args, '--tokens', '4200', '--epochs', '6']; // two shards
      for (const threads of ['1', '2']) {
        well(train(...two, '--threads', threads, '--out', `risk${threads}.gguf`));
      }
      assertSameFile('risk1.gguf', 'risk2.gguf');
      const parts = ['translate', ...two, '--out', 'risk-parts.gguf'];
      let stops = 0;
      for (let round = 0; round < 30 && !existsSync(file('risk-parts.gguf')); round++) {
        const all = round > 0 ? [...parts, '--resume'] : parts;
        stops += (await place.interrupted('SIGTERM', 40, all)).code === 1;
      }
      if (!existsSync(file('risk-parts.gguf'))) well(run('train', [...parts, '--resume']));
      assert.ok(stops > 0, 'it was interrupted at least once');
      assertSameFile('risk1.gguf', 'risk-parts.gguf');
    });

    test('its options need it', () => {
      const result = train(...small, '--candidates', '4', '--out', 'none.gguf');
      assert.equal(result.status, 2);
      assert.match(result.stderr, /need --objective risk/);
    });
  });

  test('leaves out noisy and repeated pairs where asked, and records every file', () => {
    const noise = 'Go.\tGo.\nGo.\tVa au bout du chemin, puis reviens ici.\n';
    writeFileSync(file('noise.tsv'), noise);
    const all = ['--data', data, '--data', `${file('noise.tsv')}:0.5`, '--data', data];
    const once = ['--dev', dev, ...`${network} ${training} --epochs 1`.split(' ')];
    const clean = ['--ratio', '2', '--unique', 'yes', '--log', 'clean.jsonl'];
    const { stderr } = well(train(...all, ...once, ...clean, '--out', 'clean.gguf'));
    const pairs = lines(readFileSync(data, 'utf8'));
    const repeated = 2 * pairs.length - new Set(pairs).size;
    assert.ok(
      stderr.includes(`${new Set(pairs).size} pairs (${repeated + 2} filtered out)`),
      stderr,
    );
    assert.equal(records('clean.jsonl')[0].filtered, repeated + 2);
    well(train(...all, ...once, '--log', 'noisy.jsonl', '--out', 'noisy.gguf'));
    assert.equal(records('noisy.jsonl')[0].filtered, 0);
    assert.equal(records('noisy.jsonl')[0].pairs, 2 * pairs.length + 2);
    const { stdout } = well(run('evaluate', ['inspect', '--model', 'clean.gguf', '--json']));
    const hash = (bytes) => createHash('sha256').update(bytes).digest('hex');
    const of = hash(readFileSync(data));
    assert.equal(
      JSON.parse(stdout).metadata['recur.training.data_sha256'],
      `${of} ${hash(noise)}:0.5 ${of}`,
    );
    const none = train('--data', file('noise.tsv'), '--ratio', '2', '--out', 'none.gguf');
    assert.equal(none.status, 1);
    assert.match(none.stderr, /--ratio leaves no pair/);
  });

  test('without --data it learns the pairs that come along, of all files but those to score on', () => {
    const pairs = readFileSync(data, 'utf8').split('\n');
    mkdirSync(file('own/pairs'), { recursive: true });
    for (const [name, from, to] of [
      ['b.tsv', 0, 200],
      ['a.tsv', 200, 400],
      ['a.dev.tsv', 0, 10],
      ['everyday.dev.tsv', 0, 20],
    ]) {
      writeFileSync(file(`own/pairs/${name}`), pairs.slice(from, to).join('\n'));
    }
    writeFileSync(file('own/pairs/ATTRIBUTION'), 'no pairs');
    const options = { env: { ...process.env, RECUR_DATA: file('own') } };
    const learn = (out, ...args) =>
      well(
        run('train', ['translate', ...args, '--log', `${out}.jsonl`, '--out', out], '', options),
      );
    const { stderr } = learn('own.gguf', ...`${network} ${training} --epochs 1`.split(' '));
    const of = (name) => path.join(file('own/pairs'), name);
    const [start, { dev_bleu: bleu }] = records('own.gguf.jsonl');
    assert.deepEqual(start.data, ['a.tsv', 'b.tsv'].map(of));
    assert.equal(start.pairs, 400);
    assert.equal(typeof bleu, 'number');
    assert.match(start.settings, /noise=0\.05\n/);
    assert.ok(stderr.includes(`${of('a.tsv')}, b.tsv; about five hours`), stderr);
    assert.match(stderr, /on 20 pairs of .*everyday\.dev\.tsv/);

    // The sample is not there, but in the source tree, where it is looked for next.
    const small = learn('small.gguf', '--recipe', 'small', '--epochs', '1');
    assert.deepEqual(records('small.gguf.jsonl')[0].data, [data]);
    assert.match(small.stderr, /on 43 pairs of .*eng-fra\.dev\.tsv/);
  });

  test('malformed data stops with file, line and reason', () => {
    for (const [text, expected] of [
      ['Go.\tVa.\nRun\n', /bad\.tsv:2: no tab between source and target/],
      ['A\tB\tC\n', /bad\.tsv:1: more than one tab.* cut -f1,2/],
      ['Go.\t \n', /bad\.tsv:1: the target is empty/],
      [Buffer.from([0x41, 0xff, 0x09, 0x42, 0x0a]), /bad\.tsv:1: .*UTF-8/],
      ['\n', /bad\.tsv: no pairs/],
    ]) {
      writeFileSync(file('bad.tsv'), text);
      const result = train('--data', 'bad.tsv', '--out', 'bad.gguf');
      assert.equal(result.status, 1);
      assert.match(result.stderr, expected);
      assert.ok(!existsSync(file('bad.gguf')));
    }
  });

  test('a dev sentence too long for the loss is scored all the same', () => {
    writeFileSync(file('long.tsv'), `The lamp is red.\t${'rouge '.repeat(5000)}\n`);
    const args = ['--epochs', '1', '--log', 'long.jsonl', '--out', 'long.gguf'];
    const { stderr } = well(train(...small, '--dev', 'long.tsv', ...args));
    assert.match(stderr, /loss \d\.\d+ {2}BLEU/);
    assert.doesNotMatch(stderr, /nan/);
    assert.equal(records('long.jsonl')[1].dev_loss, null);
  });

  test('wrong usage ends with 2, failures with 1, each saying why', () => {
    for (const args of [
      ['--tying', 'all', '--vocabularies', 'separate'],
      ['--data', `${data}:0`],
      ['--languages', 'english'],
      ['--data', '-', '--data', '-:0.5'],
      ['--data', data, '--directions', '1', '--bridge', 'no'],
      ['--data', data, '--attentional', '0'],
      ['--schedule', 'plateau', '--data', data],
    ]) {
      const result = train(...args);
      assert.equal(result.status, 2, args.join(' '));
      assert.match(result.stderr, /--help/);
      assert.ok(!existsSync(file('translator.gguf.checkpoint')));
    }
    const missing = train('--data', 'nowhere.tsv');
    assert.equal(missing.status, 1);
    assert.match(missing.stderr, /nowhere\.tsv/);
    const same = train(...small, '--out', dev);
    assert.equal(same.status, 1);
    assert.match(same.stderr, /--out would overwrite --dev/);
  });

  test('networks and vocabularies of other kinds', () => {
    for (const [name, args] of Object.entries({
      separate: '--vocabularies separate --attention additive',
      untied: '--tying none --attention dot --input-feeding no --attentional 0',
      deep: '--layers 2 --attention scaled-dot --type q8_0 --schedule cosine',
      plain: '--directions 1 --encoder-hidden 64 --bridge no --optimizer adamw --type f32',
    })) {
      well(train(...small, ...args.split(' '), '--epochs', '1', '--out', `${name}.gguf`));
      const result = well(run('translate', ['--model', `${name}.gguf`], 'The lamp is red.\n'));
      assert.equal(lines(result.stdout).length, 1);
    }
    assert.ok(statSync(file('deep.gguf')).size < statSync(file('plain.gguf')).size);
  });
});

describe('a trained translator', () => {
  before(() => {
    const args = ['--epochs', '40', '--snapshots', '1', '--bpe-dropout', '0', '--dropout', '0.1'];
    well(train(...small, ...args, '--out', 'model.gguf'));
  });

  const translate = (args, input) =>
    well(run('translate', ['--model', 'model.gguf', ...args], input));

  test('has learnt the sample', () => {
    const { stdout } = translate(['--plain'], 'The lamp is red.\nWhere is the bridge?\n');
    assert.deepEqual(lines(stdout), ['La lampe est rouge.', 'Où est le pont ?']);
  });

  test('sets French as it is printed', () => {
    assert.match(translate([], 'Where is the bridge?\n').stdout, /pont\u202f\?\n/);
  });

  test('gives a line for every line, in order, whatever the batch and the threads', () => {
    const english = lines(readFileSync(data, 'utf8')).map((line) => line.split('\t')[0]);
    const input = english.flatMap((line, i) => (i % 7 === 3 ? ['', line] : [line]));
    const whole = lines(translate([], `${input.join('\n')}\n`).stdout);
    assert.equal(whole.length, input.length);
    input.forEach((line, i) => assert.equal(whole[i] === '', line === '', line));
    const one = lines(translate(['--batch', '1', '--threads', '1'], input.join('\n')).stdout);
    assert.deepEqual(one, whole);
  });

  test('takes any bytes: no text, long lines, emoji, what is no UTF-8', () => {
    assert.equal(translate([], '').stdout, '');
    assert.equal(translate([], '\n \n').stdout, '\n\n');
    const long = 'The lamp is red. '.repeat(400);
    const [paragraph] = lines(translate(['--beam', '1'], `${long}\n`).stdout);
    assert.equal(paragraph, Array(400).fill('La lampe est rouge.').join(' '));
    const odd = Buffer.concat([Buffer.from('🙂 漢字\r\n'), Buffer.from([0xff, 0x0a, 0x61, 0x62])]);
    assert.equal(lines(translate(['--beam', '1'], odd).stdout).length, 3);
    const endless = 'a'.repeat(5000);
    assert.equal(lines(translate(['--beam', '1'], endless).stdout).length, 1);
  });

  test('a line too long ends it, after the lines before', () => {
    const lamp = 'The lamp is red.\n';
    for (const more of [['--plain'], ['--pairs', 'forward']]) {
      const args = ['--model', 'model.gguf', ...more];
      const { stdout, stderr, status } = run(
        'translate',
        args,
        `${lamp}${'a'.repeat(2e6)}\n${lamp}`,
      );
      assert.equal(status, 1);
      assert.match(stderr, /line 2: 2000000 bytes of text, at most 1048576/);
      assert.match(stdout, /^(The lamp is red\.\t)?La lampe est rouge\.\n$/);
    }
  });

  test('n-best lists, JSON and attention', () => {
    const list = lines(translate(['--nbest', '3'], 'The lamp is red.\nThe map is old.\n').stdout);
    assert.equal(list.length, 6);
    const rows = list.map((line) => line.split('\t'));
    assert.deepEqual(
      rows.map(([number]) => number),
      ['1', '1', '1', '2', '2', '2'],
    );
    assert.ok(Number(rows[0][1]) >= Number(rows[1][1]));
    const args = ['--nbest', '2', '--attention', '--json'];
    const [record] = lines(translate(args, 'The lamp is red.\n').stdout).map(JSON.parse);
    assert.equal(record.source, 'The lamp is red.');
    assert.equal(record.translation, record.alternatives[0].text);
    const [sentence] = record.sentences;
    assert.equal(sentence.attention.length, sentence.target_tokens.length);
    for (const row of sentence.attention) {
      assert.equal(row.length, sentence.source_tokens.length);
      assert.ok(Math.abs(row.reduce((a, b) => a + b, 0) - 1) < 0.02);
    }
    const table = lines(translate(['--attention'], 'The lamp is red.\n').stdout);
    assert.equal(table.length, 3 + sentence.target_tokens.length);
  });

  test('--inspect tells what is inside while it translates', () => {
    const text = 'The lamp is red.\n\nThe map is old.\n';
    const rows = lines(translate(['--json', '--inspect'], text).stdout).map(JSON.parse);
    assert.equal(rows.length, 3);
    assert.deepEqual(rows[1].sentences, []);
    const [{ inside, source_tokens, target_tokens, attention }] = rows[0].sentences;
    assert.equal(inside.score, 'general');
    assert.deepEqual(inside.source_words, ['The', 'lamp', 'is', 'red', '.', '']);
    assert.equal(inside.target_words.join(' '), 'La lampe est rouge . ');
    const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
    for (const row of inside.word_attention) {
      assert.equal(row.length, inside.source_words.length);
      assert.ok(Math.abs(sum(row) - 1) < 1e-5);
    }
    inside.attention.forEach((row, t) =>
      row.forEach((weight, j) => assert.ok(Math.abs(weight - attention[t][j]) <= 0.0005001)),
    );
    const { encoder, decoder } = inside;
    for (const steps of ['reset', 'update', 'candidate', 'hidden']) {
      assert.equal(encoder[steps].length, 1);
      for (const direction of encoder[steps][0]) {
        assert.equal(direction.length, source_tokens.length);
        assert.ok(direction.every((state) => state.length === 32));
      }
      assert.equal(decoder[steps].length, target_tokens.length);
    }
    // h = (1 - z) n + z h before, from nothing or the initial state, and backwards from the last.
    const { update, candidate, hidden } = encoder;
    const follows = (z, n, before, h) =>
      h.forEach((value, k) => {
        assert.ok(Math.abs((1 - z[k]) * n[k] + z[k] * (before?.[k] ?? 0) - value) < 1e-5);
      });
    [1, -1].forEach((step, d) =>
      hidden[0][d].forEach((h, t) =>
        follows(update[0][d][t], candidate[0][d][t], hidden[0][d][t - step], h),
      ),
    );
    decoder.hidden.forEach((h, t) =>
      follows(decoder.update[t], decoder.candidate[t], decoder.hidden[t - 1] ?? decoder.initial, h),
    );
    const refused = run('translate', ['--model', 'model.gguf', '--inspect'], 'a\n');
    assert.equal(refused.status, 2);
    assert.match(refused.stderr, /--inspect needs --json/);
  });

  test('is scored as sacreBLEU does', () => {
    const args = ['translate', '--model', 'model.gguf', '--data', dev];
    const { stdout } = well(run('evaluate', args));
    assert.match(stdout, /BLEU {2}\d+\.\d\d .*nrefs:1\|case:mixed\|eff:no\|tok:13a\|smooth:exp/);
    assert.match(stdout, /chrF2 \d+\.\d\d {2}nrefs:1/);
    const single = JSON.parse(well(run('evaluate', [...args, '--json'])).stdout);
    const multi = JSON.parse(well(run('evaluate', [...args, '--json', '--multi'])).stdout);
    assert.equal(single.sentences, lines(readFileSync(dev, 'utf8')).length);
    assert.ok(multi.sentences < single.sentences);
    assert.ok(multi.bleu >= single.bleu);
    assert.match(multi.bleu_signature, /nrefs:var/);
    assert.ok(single.bleu > 50, `BLEU ${single.bleu}`);
  });

  test('while someone types: each prefix, word by word', () => {
    const sources = ['The lamp is red.', 'We see  a river.', 'The lamp is red.', 'It costs $3.50.'];
    writeFileSync(file('typed.tsv'), sources.map((source) => `${source}\tpeu importe\n`).join(''));
    const all = ['--model', 'model.gguf', '--data', 'typed.tsv', '--prefixes'];
    const evaluate = (...args) => well(run('evaluate', ['translate', ...all, ...args])).stdout;
    const shown = JSON.parse(evaluate('--json', '--examples', '100'));
    assert.equal(shown.sources, 3); // different ones
    assert.equal(shown.prefixes, 4 + 4 + 3);

    // The same by hand: words, of which no two rows of three are alike here, and what they become.
    const prefixes = [...new Set(sources)].map((source) => {
      const ends = [...source.matchAll(/\S+/g)].map(({ index, 0: word }) => index + word.length);
      return ends.map((end) => source.slice(0, end));
    });
    const { stdout } = translate([], `${prefixes.flat().join('\n')}\n`);
    const outputs = lines(stdout);
    const words = (text) => text.match(/[^ ]*[\p{L}\d][^ ]*/gu) ?? [];
    const bare = (text) =>
      words(text).map((word) => word.replace(/^[^\p{L}\d]+|[^\p{L}\d]+$/gu, ''));
    const long = prefixes
      .flat()
      .filter((prefix, i) => bare(outputs[i]).length > 2 * bare(prefix).length);
    let at = 0;
    const before = prefixes.flatMap((row) => ['', ...outputs.slice(at, (at += row.length) - 1)]);
    const total = before.reduce((sum, text) => sum + bare(text).length, 0);
    assert.equal(shown.too_long, long.length);
    assert.equal(shown.words_shown, total);
    assert.ok(shown.words_changed > 0 && shown.words_changed <= total);
    assert.equal(shown.flicker, shown.words_changed / shown.words_shown);
    assert.ok(shown.worst.length > 0);
    for (const { prefix, translation, before: earlier, words: count } of shown.worst) {
      const index = prefixes.flat().indexOf(prefix);
      assert.equal(translation, outputs[index]);
      assert.equal(earlier, before[index]);
      assert.equal(count, bare(translation).length);
    }

    for (const args of ['--batch 1 --threads 1', '--batch 100 --threads 3']) {
      const again = JSON.parse(evaluate('--json', '--examples', '100', ...args.split(' ')));
      assert.deepEqual({ ...again, seconds: 0 }, { ...shown, seconds: 0 });
    }
    const text = evaluate('--examples', '1');
    assert.match(text, /11 prefixes of 3 sentences of typed\.tsv/);
    for (const line of ['repeated', 'too long', 'either', 'flicker']) {
      assert.match(text, new RegExp(`^  ${line} +\\d+\\.\\d\\d %`, 'm'));
    }
    assert.equal(text.match(/ -> /g).length, 1);
    assert.doesNotMatch(evaluate('--examples', '0'), / -> /);
    for (const args of [['--multi'], ['--examples', '-1']]) {
      assert.equal(run('evaluate', ['translate', ...all, ...args]).status, 2);
    }
    const alone = ['--model', 'model.gguf', '--data', 'typed.tsv', '--examples', '3'];
    assert.equal(run('evaluate', ['translate', ...alone]).status, 2);
  });

  test('translates together with networks of its vocabularies, and no others', () => {
    const args = ['--data', data, '--dev', dev, '--vocabularies-of', 'model.gguf'];
    const shape = '--hidden 48 --embedding 32 --attentional 32 --encoder-hidden 24 --layers 2';
    well(train(...args, ...`${shape} ${training} --epochs 12`.split(' '), '--out', 'other.gguf'));
    const both = ['--model', 'model.gguf', '--model', 'other.gguf'];
    const scores = (models, more = []) =>
      lines(
        well(run('evaluate', ['translate', ...models, '--data', dev, '--json', ...more])).stdout,
      ).map(JSON.parse);
    const [first, second] = scores(both);
    const [together] = scores(both, ['--ensemble']);
    assert.deepEqual(together.ensemble, ['model.gguf', 'other.gguf']);
    assert.equal(together.bytes, first.bytes + second.bytes);
    assert.ok(together.bleu > Math.min(first.bleu, second.bleu), JSON.stringify(together));
    const input = `${english().join('\n')}\n`;
    const list = (models, more) => {
      const { stdout } = well(run('translate', [...models, '--nbest', '2', ...more], input));
      return cells(stdout);
    };
    const whole = list(both, ['--threads', '2']);
    assert.deepEqual(list(both, ['--threads', '1', '--batch', '3']), whole);
    // Beside itself, it says what it says alone.
    assert.deepEqual(
      list([...both.slice(0, 2), ...both.slice(0, 2)], []),
      list(both.slice(0, 2), []),
    );
    assert.notDeepEqual(whole, list(both.slice(0, 2), []));
    well(train(...small, '--vocabulary', '350', '--epochs', '1', '--out', 'strange.gguf'));
    const strange = run('translate', [...both, '--model', 'strange.gguf'], 'Hello.\n');
    assert.equal(strange.status, 1);
    assert.match(strange.stderr, /model\.gguf and strange\.gguf have different vocabularies/);
  });

  const english = () => lines(readFileSync(dev, 'utf8')).map((line) => line.split('\t')[0]);
  const cells = (text) => lines(text).map((line) => line.split('\t'));

  test('writes pairs to train on, in order, whatever the threads', () => {
    const input = `${['', ...english(), 'x '.repeat(300)].join('\n')}\n`;
    const forward = translate(['--pairs', 'forward', '--beam', '2'], input);
    const reversed = translate(['--pairs', 'reversed', '--beam', '2', '--threads', '1'], input);
    const plain = lines(translate(['--plain', '--beam', '2'], `${english().join('\n')}\n`).stdout);
    const pairs = cells(forward.stdout);
    assert.ok(pairs.length > english().length / 2);
    assert.deepEqual(
      cells(reversed.stdout),
      pairs.map(([source, translation]) => [translation, source]),
    );
    const expected = new Map(english().map((line, i) => [line, plain[i]]));
    let at = 0;
    for (const [source, translation] of pairs) {
      assert.equal(translation, expected.get(source));
      at = english().indexOf(source, at);
      assert.ok(at >= 0, 'in order');
    }
    const said = /([\d,]+) pairs of ([\d,]+) lines; left out: (.*)/.exec(forward.stderr);
    assert.equal(Number(said[1].replace(',', '')), pairs.length);
    assert.equal(Number(said[2].replace(',', '')), english().length + 2);
    const left = [...said[3].matchAll(/(\d+) /g)].reduce((sum, [, n]) => sum + Number(n), 0);
    assert.equal(left, english().length + 2 - pairs.length);
    assert.match(said[3], /1 empty/);
    writeFileSync(file('distilled.tsv'), forward.stdout);
    well(train('--data', 'distilled.tsv', '--epochs', '1', '--out', 'student.gguf'));
  });

  test('leaves out what is no translation', () => {
    // A limit of lengths that nothing passes but what is about as long.
    const strict = translate(['--pairs', 'forward', '--ratio', '0.01'], 'The lamp is red.\n');
    assert.equal(strict.stdout, '');
    assert.match(strict.stderr, /0 pairs of 1 lines; left out: 1 of far another length/);
    const any = translate(['--pairs', 'forward', '--ratio', '0'], 'The lamp is red.\n');
    assert.equal(any.stdout, 'The lamp is red.\tLa lampe est rouge.\n');
  });

  test('chooses from the n-best what is nearest to a reference, or to all of them', () => {
    const list = translate(['--beam', '6', '--nbest', '6', '--plain'], 'The lamp is red.\n');
    const texts = cells(list.stdout).map(([, , text]) => text);
    assert.equal(new Set(texts).size, 6);
    for (const metric of ['chrf', 'bleu']) {
      const args = '--pairs forward --choose reference --beam 6 --ratio 0 --metric'.split(' ');
      const input = texts.map((text) => `The lamp is red.\t${text}\n`).join('');
      const chosen = cells(translate([...args, metric], `\n${input}`).stdout);
      // Incomplete ones, which are not chosen, aside.
      const found = chosen.filter(([, text], i) => text === texts[i]);
      assert.ok(found.length >= 4, JSON.stringify([texts, chosen]));
    }
    const consensus = ['--pairs', 'forward', '--choose', 'consensus', '--beam', '6'];
    const [[, text]] = cells(translate(consensus, 'The lamp is red.\n').stdout);
    assert.ok(texts.includes(text), text);
    const broken = ['--pairs', 'forward', '--choose', 'reference'];
    const result = run('translate', ['--model', 'model.gguf', ...broken], 'a\tb\nno reference\n');
    assert.equal(result.status, 1);
    assert.match(result.stderr, /line 2: no tab between source and reference/);
  });

  test('refuses options that say nothing together', () => {
    for (const args of ['--choose consensus', '--pairs forward --json', '--ratio 3']) {
      const result = run('translate', ['--model', 'model.gguf', ...args.split(' ')], 'a\n');
      assert.equal(result.status, 2, args);
      assert.match(result.stderr, /--pairs/);
    }
  });

  test('can be inspected', () => {
    const { stdout } = well(run('evaluate', ['inspect', '--model', 'model.gguf', '--json']));
    const { metadata } = JSON.parse(stdout);
    assert.equal(metadata['general.architecture'], 'recur-translator');
    assert.equal(metadata['recur.target.language'], 'fr');
    assert.equal(metadata['recur.target.tokens'].length, 400);
  });

  test('other files are refused with their names', () => {
    writeFileSync(file('text.gguf'), 'not a weight file');
    const result = run('translate', ['--model', 'text.gguf'], 'Hello.\n');
    assert.equal(result.status, 1);
    assert.match(result.stderr, /text\.gguf/);
    const names = path.join(root, 'data/weights/names-gru.gguf');
    assert.match(
      run('translate', ['--model', names], '').stderr,
      /names-gru\.gguf: .*recur-classifier/,
    );
    assert.equal(run('translate', ['--model', 'model.gguf', '--nbest', '9'], '').status, 2);
  });
});
