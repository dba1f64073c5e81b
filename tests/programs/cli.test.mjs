// The native programs as a shell sees them: exit codes, messages, rows.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { bin, lines as rows, root, workplace } from './programs.mjs';

const { folder, run } = workplace('cli');
const model = join(folder, 'names.gguf');
const data = join(root, 'data/sample/names.tsv');

const classify = (args, input) => run('classify', ['--model', model, ...args], input);

// Runs with standard output into a file such as /dev/full.
function runInto(path, program, args, input) {
  const out = openSync(path, 'w');
  try {
    return run(program, args, input, { stdio: ['pipe', out, 'pipe'] });
  } finally {
    closeSync(out);
  }
}

function assertWrongUsage(result, ...says) {
  assert.equal(result.status, 2, result.stderr);
  assert.equal(result.stdout, '');
  for (const part of says) assert.ok(result.stderr.includes(part), result.stderr);
  assert.match(result.stderr, /try '.+ --help'\n$/);
}

function assertFailure(result, ...says) {
  assert.equal(result.status, 1, result.stderr);
  for (const part of says) assert.ok(result.stderr.includes(part), result.stderr);
}

before(() => {
  const args = 'names --cell gru --hidden 16 --embedding 8 --epochs 1 --ngrams 0'.split(' ');
  execFileSync(join(bin, 'train'), [...args, '--data', data, '--out', model], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
});

describe('every program', () => {
  const commands = [
    ['train', ['names']],
    ['train', ['translate']],
    ['classify', []],
    ['translate', []],
    ['evaluate', ['names']],
    ['evaluate', ['translate']],
    ['evaluate', ['inspect']],
  ];

  for (const [program, command] of commands) {
    const name = [program, ...command].join(' ');

    it(`${name} explains itself`, () => {
      const help = run(program, [...command, '--help']);
      assert.equal(help.status, 0);
      assert.equal(help.stderr, '');
      assert.ok(help.stdout.startsWith(`usage: ${name} `));
      assert.match(help.stdout, /\nExamples\n/);
      for (const line of rows(help.stdout.split('\nExamples\n')[0]))
        assert.ok(line.length <= 80, line);
    });

    it(`${name} tells its version`, () => {
      const version = run(program, [...command, '--version']);
      assert.equal(version.status, 0);
      assert.match(version.stdout, /^recur \d+\.\d+\.\d+\n$/);
    });

    it(`${name} refuses an unknown option and names the nearest`, () => {
      const option = program === 'train' ? '--epchs' : '--modle';
      const meant = program === 'train' ? '--epochs' : '--model';
      assertWrongUsage(run(program, [...command, option, '1']), option, `did you mean ${meant}?`);
    });

    it(`${name} refuses an option without its value`, () => {
      const option = program === 'train' ? '--epochs' : '--model';
      assertWrongUsage(run(program, [...command, option]), `${option} needs a value`);
    });

    it(`${name} knows every option that it explains`, () => {
      const help = run(program, [...command, '--help']).stdout.split('\nHelp\n')[0];
      const options = Array.from(help.matchAll(/^ {2}(?:-\w,| {3}) --([\w-]+)( \S)?/gm));
      assert.ok(options.length > 0);
      for (const [, option, value] of options) {
        const args = value ? [`--${option}`] : [`--${option}`, '--none-such'];
        const says = value ? `--${option} needs a value` : "unknown option '--none-such'";
        assertWrongUsage(run(program, [...command, ...args]), says);
      }
    });

    it(`${name} says when standard output is full`, () => {
      assertFailure(
        runInto('/dev/full', program, [...command, '--help']),
        'No space left on device',
      );
    });
  }

  it('lists its commands', () => {
    for (const program of ['train', 'evaluate']) {
      const help = run(program, ['--help']);
      assert.equal(help.status, 0);
      assert.match(help.stdout, /\n {2}names /);
      assertWrongUsage(run(program, ['nams']), "no command 'nams' (did you mean names?)");
      assert.equal(run(program, []).status, 2);
    }
  });

  it('runs on the kernels that RECUR_CPU names, or says which there are', () => {
    const env = (RECUR_CPU) => ({ env: { ...process.env, RECUR_CPU } });
    const args = ['--model', model, 'Ada'];
    assert.equal(run('classify', args, '', env('ref')).status, 0);
    assert.equal(run('classify', args, '', env('')).status, 0);
    const wrong = run('classify', args, '', env('abacus'));
    assert.equal(wrong.status, 2);
    assert.match(wrong.stderr, /RECUR_CPU.*abacus.*ref/);
  });
});

describe('train names', () => {
  const tiny = '--hidden 8 --embedding 8 --epochs 1 --ngrams 0'.split(' ');
  const train = (...args) => run('train', ['names', ...tiny, ...args]);
  const own = join(folder, 'own.tsv');
  const text = readFileSync(data);
  const assertUntouched = () => assert.ok(readFileSync(own).equals(text), 'the data has changed');
  before(() => {
    writeFileSync(own, text);
    symlinkSync('own.tsv', join(folder, 'link.tsv'));
  });

  it('never overwrites what it reads, nor one of its files with another', () => {
    const out = ['--data', own, '--out', 'w.gguf'];
    for (const path of ['own.tsv', './own.tsv', 'link.tsv', own]) {
      assertFailure(train('--data', own, '--out', path), '--out would overwrite --data');
      assertFailure(train(...out, '--log', path), '--log would overwrite --data');
      assertFailure(train(...out, '--report', path), '--report would overwrite --data');
      assertFailure(train('--data', data, '--dev', own, '--out', path), 'overwrite --dev');
      assertUntouched();
    }
    assertFailure(train(...out, '--log', 'w.gguf'), '--log would overwrite --out');
    assertFailure(train(...out, '--log', './w.gguf.checkpoint'), 'overwrite the checkpoint');
    assertFailure(train(...out, '--compare', '--report', 'w-lstm.gguf'), 'overwrite --out');
    assertFailure(train(...out, '--teacher', model, '--out', model), 'overwrite --teacher');
    assert.ok(!existsSync(join(folder, 'w.gguf')));
  });

  it('learns before training that a file cannot be written', () => {
    const out = ['--data', own, '--out', 'w.gguf'];
    for (const option of ['--out', '--log', '--report']) {
      assertFailure(train(...out, option, 'missing/file'), 'missing/file: No such file');
      assertFailure(train(...out, option, folder), 'Is a directory');
      assertFailure(train(...out, option, 'own.tsv/file'), 'own.tsv/file: Not a directory');
    }
    assert.ok(!existsSync(join(folder, 'w.gguf')));
    assert.ok(!existsSync(join(folder, 'w.gguf.checkpoint')));
  });

  it('keeps the checkpoint and the log of an interrupted run, of any cell of --compare', () => {
    const log = join(folder, 'kept.jsonl');
    writeFileSync(log, '{"event":"start"}\n');
    for (const [file, more] of [
      ['kept.gguf.checkpoint', []],
      ['kept-gru.gguf.checkpoint', ['--compare']],
    ]) {
      const checkpoint = join(folder, file);
      writeFileSync(checkpoint, 'of another run');
      const args = ['--data', own, '--out', 'kept.gguf', '--log', log, ...more];
      assertFailure(train(...args), file, '--resume', '--restart');
      assert.equal(readFileSync(checkpoint, 'utf8'), 'of another run');
      assert.equal(readFileSync(log, 'utf8'), '{"event":"start"}\n');
      if (more.length === 0) assertFailure(train(...args, '--resume'), file, 'cannot be used');
      rmSync(checkpoint);
      assertFailure(train(...args, '--resume'), 'no checkpoint to resume from');
      assert.equal(readFileSync(log, 'utf8'), '{"event":"start"}\n');
    }
    assert.ok(!existsSync(join(folder, 'kept-rnn.gguf')));
  });

  it('says how to go on, as a shell reads it, and goes on with the same teachers only', async () => {
    const other = join(folder, 'other teacher.gguf');
    assert.equal(train('--data', own, '--seed', '2', '--out', other).status, 0);
    const endless = ['--data', own, '--epochs', '100000', '--out', "it's mine.gguf"];
    const args = ['names', ...tiny, ...endless, '--teacher', other, '--restart'];
    const child = spawn(join(bin, 'train'), args, {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (bytes) => {
      if (!said.includes('parameters') && `${said}${bytes}`.includes('parameters')) child.kill();
      said += bytes;
    });
    assert.equal(await new Promise((done) => child.on('close', done)), 1);
    const command = said.trimEnd().split('\n').at(-1).trim();
    const words = execFileSync('sh', ['-c', `printf '%s\\n' ${command}`], { encoding: 'utf8' });
    assert.deepEqual(rows(words), ['train', ...args.slice(0, -1), '--resume']);
    assertFailure(train(...endless, '--teacher', model, '--resume'), 'was made with targets=');
    rmSync(join(folder, "it's mine.gguf.checkpoint"));
  });

  it('says how many pseudo-names there are: all that can be made, where more are asked for', () => {
    writeFileSync(join(folder, 'few.tsv'), 'Abcd\tx\nEbcf\tx\nGhij\ty\n');
    const { status, stderr } = train(
      ...['--data', 'few.tsv', '--out', 'few.gguf', '--ngrams', '0.5', '--pseudo', '500'],
    );
    assert.equal(status, 0, stderr);
    // Behind "bc" of Abcd and Ebcf their ends can be exchanged, and nothing else.
    assert.match(stderr, /3 names and 2 pseudo-names, 2 labels, 1 epoch of 1 step,/);
  });

  it('says what to do when training runs away, and keeps the last good checkpoint', () => {
    const wild = '--lr 100 --schedule constant --clip 0'.split(' ');
    const away = (...args) => train('--data', own, '--out', 'wild.gguf', ...wild, ...args);
    const checkpoint = join(folder, 'wild.gguf.checkpoint');
    // AdamW multiplies weights by 1 - lr * decay = -999 a step; f32 ends at 3e38.
    const decay = ['--weight-decay', '10', '--epochs', '50', '--restart'];
    assertFailure(away(...decay, '--batch', '4096'), 'no longer finite', '--lr');
    assert.ok(existsSync(checkpoint));
    assertFailure(away(...decay, '--batch', '64'), 'no longer finite', '--lr');
    // Adam without memory moves each weight by lr a step; f16 ends at 65504.
    const large = '--optimizer adam --beta2 0 --batch 4 --epochs 20'.split(' ');
    assertFailure(away(...large, '--restart'), 'too large for --type f16', '--resume --type f32');
    assert.equal(away(...large, '--resume', '--type', 'f32').status, 0);
    assert.ok(!existsSync(checkpoint));
  });

  it('refuses options that contradict one another or do nothing', () => {
    assertWrongUsage(train('--resume', '--restart'), '--restart');
    assertWrongUsage(train('--compare', '--cell', 'rnn'), '--compare');
    assertWrongUsage(train('--keep', 'best', '--data', own), '--dev');
    assertWrongUsage(train('--ngrams', '0', '--pseudo', '9'), '--teacher');
    assertWrongUsage(train('--ngrams', '0', '--hard', '0.3'), '--teacher');
    assertWrongUsage(train('--momentum', '0.9'), 'sgd');
    assertWrongUsage(train('--optimizer', 'sgd', '--beta2', '0.9'), 'adam');
    assertWrongUsage(train('--data', '-', '--dev', '-'), 'standard input');
    const text = execFileSync(
      'sh',
      ['-c', `"$1" names --name "$(printf 'caf\\351')" 2>&1; echo $?`, 'sh', join(bin, 'train')],
      { encoding: 'utf8' },
    );
    assert.match(text, /--name.*UTF-8[^]*\n2\n$/);
  });

  it('explains what all training shares in the words of train translate', () => {
    const explained = (task) => {
      const text = run('train', [task, '--help']).stdout;
      const options = text.split(/\n(?= {2}(?:-\w, | {4})--)/).slice(1);
      return new Map(
        options.map((option) => [
          option.match(/--([\w-]+)/)[1],
          option
            .split(/\n\n/)[0]
            .replace(/\s+/g, ' ')
            .replace(/ \(default [^)]*\)/, ''),
        ]),
      );
    };
    const [names, translate] = [explained('names'), explained('translate')];
    const same = [...names].filter(([option, text]) => translate.get(option) === text);
    const shared =
      'epochs optimizer lr beta2 weight-decay clip smoothing average precision seed threads out log ' +
      'resume restart checkpoint-every keep type name license attribution';
    for (const option of shared.split(' ')) {
      assert.ok(
        same.some(([name]) => name === option),
        `${option}: ${names.get(option)} / ${translate.get(option)}`,
      );
    }
  });

  it('shows the defaults of the recipe and the cell that it is asked about', () => {
    const lr = (...args) =>
      Number(run('train', ['names', ...args, '--help']).stdout.match(/--lr .*default ([^)]*)/)[1]);
    assert.equal(lr(), lr('--cell', 'gru'));
    assert.ok(lr('--cell', 'rnn') < lr());
    assert.equal(lr('--recipe', 'tutorial'), 0.001);
    const tutorial = run('train', [
      'names',
      '--help',
      '--batch',
      '7',
      '--recipe',
      'tutorial',
    ]).stdout;
    assert.match(tutorial, /--batch N .*default 1\)/);
    assert.match(tutorial, /--directions N .*default 1\)/);
  });
});

describe('classify', () => {
  it('prints one row a name: the name, then labels and probabilities, likeliest first', () => {
    const { status, stdout } = classify(['--top', '18', 'Müller', 'Nguyễn', "O'Neill"]);
    assert.equal(status, 0);
    const table = rows(stdout).map((row) => row.split('\t'));
    assert.deepEqual(
      table.map((row) => row[0]),
      ['Müller', 'Nguyễn', "O'Neill"],
    );
    for (const [, ...pairs] of table) {
      assert.equal(pairs.length, 36);
      const probabilities = pairs.filter((_, i) => i % 2).map(Number);
      assert.ok(Math.abs(probabilities.reduce((a, b) => a + b) - 1) < 2e-5);
      assert.deepEqual(
        probabilities,
        probabilities.toSorted((a, b) => b - a),
      );
      assert.equal(new Set(pairs.filter((_, i) => !(i % 2))).size, 18);
    }
  });

  it('folds accents: a name and its plain spelling are the same to the model', () => {
    const [accented, plain] = rows(classify(['Ślusàrski', 'Slusarski']).stdout);
    assert.equal(accented.split('\t').slice(1).join(), plain.split('\t').slice(1).join());
  });

  it('gives the same answer as text and as JSON', () => {
    const [row] = rows(classify(['--top', '2', 'Ada']).stdout);
    const json = JSON.parse(classify(['--top', '2', '--json', 'Ada']).stdout);
    assert.equal(json.name, 'Ada');
    assert.equal(json.letters, 3);
    const [, label, probability] = row.split('\t');
    assert.equal(json.predictions[0].label, label);
    assert.ok(Math.abs(json.predictions[0].probability - Number(probability)) < 1e-6);
  });

  it('answers nothing with nothing', () => {
    const { status, stdout, stderr } = classify([]);
    assert.deepEqual([status, stdout, stderr], [0, '', '']);
  });

  it('keeps lines and rows aligned: order, empty lines, CR LF, no final newline', () => {
    const { status, stdout } = classify(['--top', '1'], '\uFEFFBob\r\n\r\n   \nAda');
    assert.equal(status, 0);
    assert.deepEqual(
      rows(stdout).map((row) => row.split('\t').length),
      [3, 1, 1, 3],
    );
    assert.ok(stdout.startsWith('Bob\t'));
    const names = Array.from({ length: 5000 }, (_, i) => `Name${'abcdefghij'[i % 10]} ${i}`);
    const many = rows(classify(['--top', '1'], names.join('\n') + '\n').stdout);
    assert.deepEqual(
      many.map((row) => row.split('\t')[0]),
      names,
    );
  });

  it('takes 10,000 letters but not one more, and goes on after it', () => {
    const long = 'ab'.repeat(5000);
    assert.equal(classify([], long).status, 0);
    const result = classify(['--top', '1'], `Ada\n${long}c\nBob\n`);
    assertFailure(result, 'line 2', '10001 letters');
    assert.deepEqual(
      rows(result.stdout).map((row) => row.split('\t').length),
      [3, 1, 3],
    );
    assertFailure(classify(['Ada', long + 'c']), 'name 2');
    const json = rows(classify(['--json'], `${long}c\n`).stdout).map((row) => JSON.parse(row));
    assert.match(json[0].error, /10001 letters/);
  });

  it('takes any bytes; its JSON is valid all the same', () => {
    const bytes = Buffer.from([0x41, 0x42, 0xff, 0xc3, 0x0a, 0x42, 0x00, 0x09, 0x43, 0x0a]);
    const raw = (...args) =>
      run('classify', ['--model', model, ...args], bytes, { encoding: 'buffer' });
    const text = raw('--top', '1');
    assert.equal(text.status, 0);
    assert.deepEqual([...text.stdout.subarray(0, 5)], [0x41, 0x42, 0xff, 0xc3, 0x09]);
    const json = raw('--json');
    const decoded = new TextDecoder('utf-8', { fatal: true }).decode(json.stdout);
    assert.deepEqual(
      rows(decoded).map((row) => JSON.parse(row).name),
      ['AB\uFFFD\uFFFD', 'B\0\tC'],
    );
  });

  it('takes names that look like options after --', () => {
    assert.ok(classify(['--top', '1', '--', '--help']).stdout.startsWith('--help\t'));
  });

  it('says when its output cannot be written', () => {
    const args = ['--model', model, '--top', '18'];
    const names = 'Ada\n'.repeat(10000);
    assertFailure(runInto('/dev/full', 'classify', args, names), 'No space left on device');
    assertFailure(runInto('/dev/full', 'classify', [...args, 'Ada']), 'No space left on device');
  });

  it('stops quietly when nobody reads any more', async () => {
    const child = spawn(join(bin, 'classify'), ['--model', model], { stdio: 'pipe' });
    child.stdin.on('error', () => {});
    child.stdout.destroy();
    let said = '';
    child.stderr.on('data', (bytes) => (said += bytes));
    child.stdin.end('Ada\n'.repeat(100000));
    const [code, signal] = await new Promise((done) =>
      child.on('close', (...ending) => done(ending)),
    );
    assert.deepEqual([code, signal, said], [1, null, '']);
  });

  it('needs weights that can be read', () => {
    assertWrongUsage(run('classify', ['Ada']), '--model');
    assertWrongUsage(run('classify', ['--model', model, '--top', '0', 'Ada']), '--top must be');
    const load = (file) => run('classify', ['--model', file, 'Ada']);
    assertFailure(load('missing.gguf'), 'missing.gguf: No such file or directory');
    assertFailure(load(folder), 'Is a directory');
    assertFailure(load(data), data);
    const cut = join(folder, 'cut.gguf');
    const whole = readFileSync(model);
    for (const size of [0, 3, 100, whole.length - 1]) {
      writeFileSync(cut, whole.subarray(0, size));
      assertFailure(load(cut), 'cut.gguf: ');
    }
  });
});

describe('evaluate names', () => {
  const labelled = join(folder, 'labelled.tsv');
  before(() =>
    writeFileSync(labelled, 'Müller\tGerman\nMüller\tGerman\nMüller\tDutch\nRossi\tItalian\n'),
  );
  const evaluate = (...args) => run('evaluate', ['names', '--model', model, ...args]);

  it('scores all lines and distinct pairs as a count by hand does', () => {
    const json = JSON.parse(evaluate('--data', labelled, '--json', '--confusion').stdout);
    assert.equal(json.all.count, 4);
    assert.equal(json.distinct.count, 3);
    const truth = ['German', 'German', 'Dutch', 'Italian'];
    const names = ['Müller', 'Müller', 'Müller', 'Rossi'];
    const guesses = rows(classify(['--top', '3', '--json', ...names]).stdout).map((row) =>
      JSON.parse(row).predictions.map(({ label }) => label),
    );
    const share = (keep, top) =>
      keep.filter((i) => guesses[i].slice(0, top).includes(truth[i])).length / keep.length;
    assert.equal(json.all.top1, share([0, 1, 2, 3], 1));
    assert.equal(json.all.top3, share([0, 1, 2, 3], 3));
    assert.equal(json.distinct.top1, share([0, 2, 3], 1));
    assert.equal(json.distinct.top3, share([0, 2, 3], 3));
    const matrix = json.labels.map(() => json.labels.map(() => 0));
    for (const i of [0, 2, 3]) {
      matrix[json.labels.indexOf(truth[i])][json.labels.indexOf(guesses[i][0])]++;
    }
    assert.deepEqual(json.confusion_distinct, matrix);
    assert.equal(
      json.confusion_all.flat().reduce((a, b) => a + b),
      4,
    );
  });

  it('prints a table without colours into a pipe, the same rows for each model', () => {
    const { status, stdout } = evaluate('--model', model, '--data', labelled, '--confusion');
    assert.equal(status, 0);
    assert.equal(stdout.includes('\x1B'), false);
    assert.equal(stdout.match(/^names\.gguf +all lines +data +4 /gm).length, 2);
    assert.equal(stdout.match(/^names\.gguf +distinct pairs +data +3 /gm).length, 2);
    assert.equal(stdout.match(/^names\.gguf +names +data +2 /gm).length, 2);
    assert.equal(rows(evaluate('--model', model, '--data', labelled, '--json').stdout).length, 2);
  });

  it('shows a sample by index, also from the end', () => {
    const at = (index) => evaluate('--data', labelled, '--json', '--index', index);
    assert.equal(JSON.parse(at('0').stdout).name, 'Müller');
    const last = JSON.parse(at('-1').stdout);
    assert.deepEqual([last.name, last.label, last.line], ['Rossi', 'Italian', 4]);
    assert.equal(JSON.parse(at('-4').stdout).line, 1);
    for (const outside of ['4', '-5']) assertFailure(at(outside), `index ${outside}`);
    assert.match(evaluate('--data', labelled, '--index', '3').stdout, /Rossi +line 4, Italian/);
  });

  it('refuses data that it cannot score, with file, line and reason', () => {
    const bad = join(folder, 'bad.tsv');
    const cases = { 'Ada\n': 'bad.tsv:1: ', 'Ada\tMartian\n': 'bad.tsv:1: ', '\n': 'bad.tsv' };
    for (const [text, says] of Object.entries(cases)) {
      writeFileSync(bad, text);
      assertFailure(evaluate('--data', bad), says);
    }
    assertFailure(evaluate('--data', join(folder, 'none.tsv')), 'none.tsv: No such file');
    assertWrongUsage(run('evaluate', ['names', '--data', labelled]), '--model');
    assertWrongUsage(evaluate(), '--data');
  });

  it('reads standard input as -', () => {
    const args = ['names', '--model', model, '--data', '-', '--json'];
    const piped = run('evaluate', args, readFileSync(labelled));
    assert.equal(JSON.parse(piped.stdout).all.count, 4);
  });
});

describe('evaluate inspect', () => {
  it('lists every tensor where it lies in the file', () => {
    const { status, stdout } = run('evaluate', ['inspect', '--model', model, '--json']);
    assert.equal(status, 0);
    const json = JSON.parse(stdout);
    const file = readFileSync(model);
    assert.equal(json.bytes, file.length);
    assert.equal(json.metadata['general.architecture'], 'recur-classifier');
    assert.equal(json.metadata['recur.labels'].length, 18);
    for (const tensor of json.tensors) {
      const count = tensor.shape.reduce((a, b) => a * b);
      assert.ok(tensor.offset % 32 === 0 && tensor.offset + tensor.bytes <= file.length);
      if (tensor.type !== 'F32') continue;
      const values = Array.from({ length: count }, (_, i) =>
        file.readFloatLE(tensor.offset + 4 * i),
      );
      assert.deepEqual(tensor.first.map(Math.fround), values.slice(0, 8));
      assert.ok(Math.abs(tensor.sum - values.reduce((a, b) => a + b, 0)) < 1e-9);
      assert.ok(Math.abs(tensor.square_sum - values.reduce((a, b) => a + b * b, 0)) < 1e-9);
    }
    assert.ok(json.tensors.some(({ type }) => type === 'F32'));
  });

  it('prints a table for people', () => {
    const { stdout } = run('evaluate', ['inspect', '--model', model]);
    assert.match(stdout, /recur\.cell +"gru"/);
    assert.match(stdout, /output\.bias +F32 +\[18\]/);
    assert.match(stdout, /recur\.labels +\["Arabic",.*"Vietnamese"\]\n/);
    assert.equal(existsSync(model), true);
  });

  it('shortens what is too long to read, but not for programs', () => {
    const inspect = ['inspect', '--model', join(root, 'data/weights/en-fr.gguf')];
    const { stdout } = run('evaluate', inspect);
    assert.match(stdout, /recur\.target\.tokens +\["<s>",.*,\.\.\. of 16000\]\n/);
    const json = JSON.parse(run('evaluate', [...inspect, '--json']).stdout);
    assert.equal(json.metadata['recur.target.tokens'].length, 16000);
  });
});
