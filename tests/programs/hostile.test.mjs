// What goes wrong around the native programs: damaged and hostile files, names that are given
// twice, memory that runs out, readers that go away. Nothing may be lost, crash, hang or pass in
// silence.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { before, describe, test } from 'node:test';
import { bin, lines, root, well, workplace } from './programs.mjs';

const { file, folder, interrupted, run } = workplace('hostile');
const names = path.join(root, 'data/sample/names.tsv');
const sentences = path.join(root, 'data/sample/eng-fra.tsv');
const bundled = path.join(root, 'data/weights/names-rnn.gguf');
const tinyNames = '--cell rnn --hidden 8 --embedding 8 --epochs 1 --ngrams 0'.split(' ');
const tinyPairs =
  '--vocabulary 400 --embedding 8 --hidden 16 --encoder-hidden 8 --attentional 8 --epochs 1'.split(
    ' ',
  );
const trainNames = (...args) => run('train', ['names', ...tinyNames, ...args]);
const trainPairs = (...args) => run('train', ['translate', ...tinyPairs, ...args]);
const text = (name) => readFileSync(file(name), 'utf8');

/** A command line in a shell, where `train` and the others are the programs. */
const shell = (command) =>
  spawnSync('bash', ['-c', command], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${bin}:${process.env.PATH}` },
    maxBuffer: 1 << 28,
  });

function assertFailure(result, ...says) {
  assert.equal(result.status, 1, `${result.status} ${result.signal} ${result.stderr}`);
  for (const part of says) assert.match(result.stderr, part);
}

before(() => {
  well(trainNames('--data', names, '--type', 'f32', '--out', 'names.gguf'));
  well(trainPairs('--data', sentences, '--type', 'f32', '--out', 'pairs.gguf'));
});

test('pairs without a known word on a side are left out, however many there are', () => {
  for (const odd of ['42\t43\n', 'Привет\tМир\n', '42\tNous voyons.\n', 'We see.\t42\n']) {
    writeFileSync(file('odd.tsv'), `${odd.repeat(20000)}We see.\tNous voyons.\n`);
    const args = ['--text', 'words', '--tying', 'none'];
    const sizes = '--embedding 8 --hidden 16 --encoder-hidden 8 --attentional 8 --epochs 1';
    const result = run('train', [
      ...['translate', ...args, ...sizes.split(' '), '--data', 'odd.tsv', '--out', 'odd.gguf'],
    ]);
    assert.match(well(result).stderr, /20001 pairs \(20000 .*left out\)/);
  }
});

describe('a file that is read', () => {
  test('is not written over by train convert', () => {
    const pairs = readFileSync(sentences);
    writeFileSync(file('p.tsv'), pairs);
    symlinkSync('p.tsv', file('p-link.tsv'));
    const model = readFileSync(file('pairs.gguf'));
    const convert = (...args) => run('train', ['convert', '--model', 'pairs.gguf', ...args]);
    for (const out of ['p.tsv', './p.tsv', 'p-link.tsv', file('p.tsv')]) {
      assertFailure(
        convert('--shortlist', 'p.tsv', '--out', out),
        /--out would overwrite --shortlist/,
      );
    }
    assertFailure(convert('--out', 'pairs.gguf'), /--out would overwrite --model/);
    assertFailure(
      convert('--model', 'names.gguf', '--out', 'names.gguf'),
      /--out would overwrite --model/,
    );
    assert.ok(readFileSync(file('p.tsv')).equals(pairs));
    assert.ok(readFileSync(file('pairs.gguf')).equals(model));
  });

  test('is not written over by maps of attention', () => {
    const pairs = readFileSync(sentences);
    writeFileSync(file('m.attention-2.svg'), pairs);
    const args = ['--data', 'm.attention-2.svg', '--attention-maps', 'yes', '--out', 'm.gguf'];
    assertFailure(trainPairs(...args), /would overwrite --data/);
    assert.ok(readFileSync(file('m.attention-2.svg')).equals(pairs));
  });

  test('is known on standard input too, and through links to what is not there yet', () => {
    writeFileSync(file('stdin.tsv'), readFileSync(names));
    const command = `train names ${tinyNames.join(' ')} --data - --out stdin.tsv < stdin.tsv`;
    assertFailure(shell(command), /--out would overwrite --data/);
    assert.ok(readFileSync(file('stdin.tsv')).equals(readFileSync(names)));
    symlinkSync('to-come', file('to-come-link'));
    assertFailure(
      trainNames('--data', names, '--out', 'to-come', '--log', 'to-come-link'),
      /--log would overwrite --out/,
    );
  });
});

describe('a file that is written', () => {
  test('is where a link points that dangles', () => {
    symlinkSync('pointed.gguf', file('dangling.gguf'));
    well(trainNames('--data', names, '--out', 'dangling.gguf'));
    assert.ok(existsSync(file('pointed.gguf')));
    assert.ok(readFileSync(file('pointed.gguf')).equals(readFileSync(file('dangling.gguf'))));
  });

  test('is never called -', () => {
    assertFailure(trainNames('--data', names, '--out', '-'), /-: .*standard output.*\.\/-/);
    assertFailure(trainNames('--data', names, '--log', '-'), /-: .*standard output/);
    assertFailure(
      run('train', ['convert', '--model', 'names.gguf', '--out', '-']),
      /-: .*standard output/,
    );
    assert.ok(!readdirSync(folder).some((name) => name.startsWith('-')));
  });

  test('is not even opened before all that is read is known to be good', () => {
    writeFileSync(file('kept.jsonl'), '{"event":"start"}\n');
    const log = ['--log', 'kept.jsonl', '--out', 'kept.gguf'];
    assertFailure(trainPairs('--data', 'nowhere.tsv', ...log), /nowhere\.tsv/);
    assertFailure(trainPairs('--data', sentences, '--dev', 'nowhere.tsv', ...log), /nowhere\.tsv/);
    assertFailure(
      run('train', ['translate', '--data', sentences, '--init', 'nowhere.gguf', ...log]),
      /nowhere\.gguf/,
    );
    assertFailure(
      trainNames('--data', names, '--teacher', 'nowhere.gguf', ...log),
      /nowhere\.gguf/,
    );
    assertFailure(trainNames('--data', 'nowhere.tsv', ...log), /nowhere\.tsv/);
    assert.equal(text('kept.jsonl'), '{"event":"start"}\n');
  });
});

// The number behind a key of a GGUF file.
function setNumber(bytes, key, value) {
  const at = bytes.indexOf(key) + key.length;
  const type = bytes.readUInt32LE(at);
  if (type === 4) bytes.writeUInt32LE(Number(value), at + 4);
  else if (type === 10) bytes.writeBigUInt64LE(BigInt(value), at + 4);
  else bytes.writeDoubleLE(Number(value), at + 4);
}

test('a checkpoint that stands where no run can is refused', async () => {
  const endless = ['--epochs', '100000', '--checkpoint-every', '3600'];
  for (const [task, args] of Object.entries({
    names: ['names', ...tinyNames, '--data', names],
    translate: ['translate', ...tinyPairs, '--data', sentences],
  })) {
    const command = [...args, ...endless, '--out', `${task}-damaged.gguf`];
    const checkpoint = file(`${task}-damaged.gguf.checkpoint`);
    assert.equal((await interrupted('SIGTERM', 300, command)).code, 1);
    const good = readFileSync(checkpoint);
    for (const [key, value] of [
      ['checkpoint.batch', 2e9],
      ['checkpoint.step', '1000000000000'],
      ['checkpoint.step', '9223372036854775807'],
      ['checkpoint.optimizer_step', '9223372036854775807'],
      ['checkpoint.epoch', 200000],
      ['checkpoint.seen', '9223372036854775807'],
      ['checkpoint.correct', '9223372036854775807'],
    ]) {
      const bytes = Buffer.from(good);
      setNumber(bytes, key, value);
      writeFileSync(checkpoint, bytes);
      const result = run('train', [...command, '--resume'], '', { timeout: 30000 });
      assertFailure(result, /the checkpoint cannot be used: /);
    }
    writeFileSync(checkpoint, good);
    const resumed = await interrupted('SIGTERM', 100, [...command, '--resume']);
    assert.equal(resumed.code, 1);
    assert.match(resumed.stderr, /resuming after .*stopped and saved/s);
  }
});

test('weights that are finite but say nothing are an error, not an empty answer', () => {
  for (const model of ['pairs.gguf', 'names.gguf']) {
    const inspected = well(run('evaluate', ['inspect', '--json', '--model', model]));
    const { tensors } = JSON.parse(inspected.stdout);
    const broken = readFileSync(file(model));
    // Sums of such numbers are infinite, and their differences no numbers.
    for (const { offset, bytes } of tensors) {
      for (let at = 0; at < bytes; at += 4) broken.writeFloatLE(3e38, offset + at);
    }
    writeFileSync(file(`broken-${model}`), broken);
  }
  const translate = (...args) =>
    run('translate', ['--model', 'broken-pairs.gguf', ...args], 'We see a red letter.\nGo.\n');
  for (const args of [[], ['--beam', '1'], ['--nbest', '4'], ['--json'], ['--pairs', 'forward']]) {
    assertFailure(translate(...args), /no numbers/);
  }
  assertFailure(translate('--model', 'broken-pairs.gguf'), /no numbers/);
  assertFailure(
    run('evaluate', ['translate', '--model', 'broken-pairs.gguf', '--data', sentences]),
    /no numbers/,
  );
  for (const args of [['Ada'], ['--json', 'Ada']]) {
    assertFailure(run('classify', ['--model', 'broken-names.gguf', ...args]), /no numbers/);
  }
  const data = ['--model', 'broken-names.gguf', '--data', names];
  assertFailure(run('evaluate', ['names', ...data]), /no numbers/);
  assertFailure(run('evaluate', ['names', ...data, '--index', '0']), /no numbers/);
});

test('a row that memory does not suffice for is a failure', () => {
  // Ever less memory: as soon as a row is missing, the end is not good.
  writeFileSync(file('long.txt'), `${' '.repeat(500000)}\n`);
  const ends = new Set();
  for (let kib = 4000; kib < 8000; kib += 250) {
    const { status, stdout } = shell(
      `ulimit -v ${kib}; exec classify --json --model names.gguf < long.txt 2> /dev/null`,
    );
    ends.add(status === 0);
    if (status === 0) assert.equal(JSON.parse(stdout).name.length, 500000, `${kib} KiB`);
  }
  if (!process.env.RECUR_BIN) assert.deepEqual(ends, new Set([false, true]));
});

test('a line without end is refused while it is read', () => {
  const endless = "head -c 400000000 /dev/zero | tr '\\0' a";
  const limit = process.env.RECUR_BIN ? '' : 'ulimit -v 300000;'; // the sanitizers need more
  for (const program of [
    `classify --model ${bundled}`,
    'translate --model pairs.gguf',
    'translate --model pairs.gguf --pairs forward',
  ]) {
    const result = shell(`{ echo Go.; ${endless}; } | (${limit} ${program})`);
    assertFailure(result, /line 2: /, /longer than|more than|at most/);
    assert.ok(lines(result.stdout).length <= 1);
  }
});

test('a reader that goes away is no news, with --json either', () => {
  const model = path.join(root, 'data/weights/en-fr.gguf');
  writeFileSync(file('many.txt'), 'Ada\n'.repeat(20000));
  writeFileSync(file('go.txt'), 'Go.\n'.repeat(3000));
  for (const program of [
    `evaluate inspect --json --model ${model}`,
    `evaluate inspect --model ${model}`,
    'classify --model names.gguf --json < many.txt',
    'classify --model names.gguf < many.txt',
    'translate --model pairs.gguf --beam 1 --json < go.txt',
    'translate --model pairs.gguf --beam 1 < go.txt',
  ]) {
    const result = shell(`{ ${program}; echo "ended with $?" >&2; } | head -c 1`);
    assert.equal(result.stderr, 'ended with 1\n', program);
  }
  for (const program of [
    'evaluate names --json --model names.gguf --data',
    'evaluate translate --json --model pairs.gguf --beam 1 --data',
  ]) {
    const data = program.includes('names --json') ? names : sentences;
    const result = shell(`{ sleep 0.5; ${program} ${data}; echo "ended with $?" >&2; } | true`);
    assert.equal(result.stderr, 'ended with 1\n', program);
  }
});

// A GGUF file of strings and one tensor [8].
function makeGguf(entries, tensor) {
  const u32 = (value) => Buffer.from(Uint32Array.of(value).buffer);
  const u64 = (value) => Buffer.from(BigUint64Array.of(BigInt(value)).buffer);
  const string = (value) => Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)]);
  const parts = [Buffer.from('GGUF'), u32(3), u64(1), u64(entries.length)];
  for (const [key, value] of entries) parts.push(string(key), u32(8), string(value));
  parts.push(string(tensor), u32(1), u64(8), u32(0), u64(0));
  const head = Buffer.concat(parts);
  return Buffer.concat([head, Buffer.alloc(-head.length & 31), Buffer.alloc(32)]);
}

test('what a file says does not steer the terminal', () => {
  const steer = '\x1b]0;title\x07\x1b[2J\x9b2J';
  const steered = (output) => assert.doesNotMatch(output.replaceAll(/[\n\t]/g, ''), /\p{Cc}/u);
  writeFileSync(
    file('steer.gguf'),
    makeGguf([[`general.${steer}`, steer]].concat([['general.architecture', steer]]), `t${steer}`),
  );
  const inspected = well(run('evaluate', ['inspect', '--model', 'steer.gguf']));
  steered(inspected.stdout);
  const said = [
    run('classify', ['--model', 'steer.gguf', 'Ada']),
    run('translate', ['--model', 'steer.gguf'], 'Go.\n'),
    run('evaluate', ['names', '--model', 'steer.gguf', '--data', names]),
  ];
  for (const result of said) {
    assert.equal(result.status, 1);
    steered(result.stderr);
  }
  // Labels and sentences of a file of data.
  writeFileSync(file('steer.tsv'), `Ada\t${steer}\nBob\tx\n`);
  const trained = well(trainNames('--data', 'steer.tsv', '--out', 'steered.gguf'));
  steered(trained.stderr);
  const answered = well(run('classify', ['--model', 'steered.gguf', '--top', '2', 'Ada']));
  steered(answered.stdout);
  writeFileSync(file('known.tsv'), 'Ada\tx\nBob\ty\n');
  const refused = trainNames(
    ...['--data', 'known.tsv', '--dev', 'steer.tsv', '--out', 'steered.gguf'],
  );
  assert.equal(refused.status, 1);
  steered(refused.stderr);
  writeFileSync(file('steer-pairs.tsv'), `Go${steer}.\tVa${steer}.\n`.repeat(50));
  const pairs = trainPairs('--data', 'steer-pairs.tsv', '--vocabulary', '300', '--out', 's.gguf');
  steered(pairs.stderr);
});

describe('labelled names', () => {
  test('have one label, whatever blanks stand around it', () => {
    writeFileSync(
      file('blank.tsv'),
      'Kowalski\tPolish\nNowak\t Polish\nWojcik\tPolish \u00a0\nMartin\tFrench\n',
    );
    well(trainNames('--data', 'blank.tsv', '--dev', 'blank.tsv', '--out', 'blank.gguf'));
    const { stdout } = well(run('evaluate', ['inspect', '--json', '--model', 'blank.gguf']));
    assert.deepEqual(JSON.parse(stdout).metadata['recur.labels'], ['French', 'Polish']);
  });

  test('and pairs that end with carriage returns alone are told so', () => {
    writeFileSync(file('mac.tsv'), 'Kowalski\tPolish\rNowak\tPolish\rMartin\tFrench\r');
    assertFailure(trainNames('--data', 'mac.tsv', '--out', 'mac.gguf'), /mac\.tsv:1: .*carriage/);
    assertFailure(trainPairs('--data', 'mac.tsv', '--out', 'mac.gguf'), /mac\.tsv:1: .*carriage/);
    const args = ['--model', 'pairs.gguf', '--pairs', 'forward', '--choose', 'reference'];
    assertFailure(run('translate', args, text('mac.tsv')), /line 1: .*carriage/);
  });

  test('of one label are said to be pointless', () => {
    writeFileSync(file('one.tsv'), 'Kowalski\tPolish\nNowak\tPolish\n');
    const { stderr } = well(trainNames('--data', 'one.tsv', '--out', 'one.gguf'));
    assert.match(stderr, /warning: .*one label/);
  });
});

describe('training that runs away', () => {
  const wild = ['--lr', '100', '--clip', '0', '--restart'];
  const away = {
    names: (out) =>
      run('train', [
        ...['names', '--recipe', 'tutorial', '--cell', 'rnn', '--hidden', '32', '--data', names],
        ...['--out', out, '--type', 'f32', ...wild],
      ]),
    translate: (out) =>
      run('train', [
        ...['translate', '--recipe', 'tutorial', '--data', sentences, '--iterations', '300'],
        ...['--embedding', '32', '--hidden', '32', '--encoder-hidden', '32'],
        ...['--attentional', '32', '--out', out, '--type', 'f32', ...wild],
      ]),
  };

  for (const [task, train] of Object.entries(away)) {
    test(`${task}: is warned of, and takes the place of no file`, () => {
      const fresh = train(`fresh-${task}.gguf`);
      assert.match(fresh.stderr, /warning: .*loss.*guess/s);
      const model = task === 'names' ? 'names.gguf' : 'pairs.gguf';
      const better = readFileSync(file(model));
      writeFileSync(file(`better-${task}.gguf`), better);
      assertFailure(train(`better-${task}.gguf`), /better-.*\.gguf.*left as it was/);
      assert.ok(readFileSync(file(`better-${task}.gguf`)).equals(better));
    });
  }
});
