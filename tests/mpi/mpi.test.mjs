// Training by several processes: the same weights for any number of them, one voice, one end.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { lines, root, well, workplace } from '../programs/programs.mjs';

const { folder, file, records, assertSameFile } = workplace('mpi');
const train = path.resolve(root, 'build/mpi/bin/train');
const sample = (name) => path.join(root, 'data/sample', name);

// More ranks than processors, and as root in a container.
const mpirun = ['-q', '--oversubscribe', '--allow-run-as-root'];
const options = {
  cwd: folder,
  encoding: 'utf8',
  env: { ...process.env, OMP_WAIT_POLICY: 'passive' },
};

const start = (ranks, ...args) => [...mpirun, '-n', String(ranks), train, ...args];
const run = (ranks, ...args) => spawnSync('mpirun', start(ranks, ...args), options);

const names = [
  ...['names', '--data', sample('names.tsv'), '--dev', sample('names.dev.tsv')],
  ...['--hidden', '24', '--embedding', '32', '--batch', '128', '--ngrams', '0'], // 4 shards
];
const pairs = [
  ...['translate', '--data', sample('eng-fra.tsv'), '--dev', sample('eng-fra.dev.tsv')],
  ...['--hidden', '32', '--embedding', '32', '--tokens', '6144'], // 3 shards
];
const tasks = {
  names: [...names, '--epochs', '3', '--average', '0.99', '--unknown', '0.1'],
  translate: [
    ...[...pairs, '--sampled-softmax', '1000'],
    ...['--epochs', '2', '--lr', '0.01', '--warmup', '2'],
  ],
  'translate in parts': [
    ...[...pairs, '--memory', '0.05', '--unique', 'yes'],
    ...['--epochs', '2', '--lr', '0.01', '--warmup', '2'],
  ],
};

/** What an evaluation came to, without the time that it took. */
const measured = (log) =>
  records(log)
    .filter(({ event }) => event === 'epoch' || event === 'evaluation')
    .map((row) =>
      Object.entries(row).filter(([key]) => key !== 'seconds' && !key.endsWith('_per_s')),
    );

for (const [task, args] of Object.entries(tasks)) {
  for (const precision of ['f32', 'bf16']) {
    test(`${task} in ${precision}: the same weights and scores for 1 to 4 ranks`, () => {
      const name = (ranks, ending) => `${task}-${precision}-${ranks}.${ending}`;
      const files = (ranks) => ['--out', name(ranks, 'gguf'), '--log', name(ranks, 'jsonl')];
      const all = [...args, '--precision', precision];
      well(spawnSync(train, [...all, '--threads', '3', ...files(1)], options));
      const rows = measured(name(1, 'jsonl'));
      assert.ok(rows.length >= 2);
      for (const ranks of [2, 3, 4]) {
        const threads = ranks === 2 ? '2' : '1';
        const { stderr } = well(run(ranks, ...all, '--threads', threads, ...files(ranks)));
        assertSameFile(name(1, 'gguf'), name(ranks, 'gguf'));
        assert.deepEqual(measured(name(ranks, 'jsonl')), rows);
        assert.equal(stderr.match(/^wrote /gm).length, 1, stderr);
        assert.equal(/have nothing to do/.test(stderr), ranks === 4 && task !== 'names');
      }
    });
  }
}

/** Processes that this one has started. */
const childrenOf = (pid) =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);

/** What the system says of a process, undefined where there is none. */
function statusOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return undefined;
  }
}

/** Whether a process runs: it may be over, and nobody have asked what became of it. */
const isRunning = (pid) => /^State:\s+[^ZX]/m.test(statusOf(pid));

const standsStill = (pid) => !/^State:\s+[^ZXtT]/m.test(statusOf(pid));

/**
 * mpirun, interrupted once its ranks have learnt and a checkpoint is there; what becomes of it. A rank
 * that has not ended some seconds after it was told to is killed.
 */
async function interrupted(ranks, args, out, interrupt, secondsToSave = 3) {
  const log = file(`${out}.jsonl`);
  const learnt = () => (existsSync(log) ? statSync(log).size : 0);
  const before = learnt();
  const all = start(ranks, ...args, '--out', out, '--log', log);
  const limit = ['--mca', 'odls_base_sigkill_timeout', String(secondsToSave)];
  const child = spawn('mpirun', [...limit, ...all], {
    ...options,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk) => (stderr += chunk));
  const ended = new Promise((resolve) => {
    child.on('close', (code) => resolve({ code, stderr, processes }));
  });
  const begun = () => learnt() > before && existsSync(file(`${out}.checkpoint`));
  while (child.exitCode === null && !begun()) await sleep(2);
  assert.equal(child.exitCode, null, `it went on until it was stopped: ${stderr}`);
  const processes = childrenOf(child.pid);
  await interrupt(child, processes);
  return ended;
}

/** That a run ended as one that was stopped: it saved, said so once, and left nothing half done. */
function assertSaved({ code, stderr }, out) {
  assert.equal(code, 1, stderr);
  assert.equal(stderr.match(/stopped and saved/g)?.length, 1, stderr);
  assert.match(stderr, / mpirun -n \d train .* --resume\n/);
  assert.ok(!existsSync(file(out)));
}

/**
 * Stops by the signal that mpirun hands on without an end in mind. The ranks are held until each of
 * them has it: they are so fast that they could be done meanwhile.
 */
async function stop(child, processes) {
  const tell = (what) => processes.filter(isRunning).forEach((pid) => process.kill(pid, what));
  tell('SIGSTOP');
  while (!processes.every(standsStill)) await sleep(2);
  child.kill('SIGUSR1');
  while (child.exitCode === null && !processes.every(isTold)) await sleep(2);
  tell('SIGCONT');
}

const told = 1n << BigInt(os.constants.signals.SIGUSR1 - 1);

/** Whether a process that stands still is to end when it goes on. */
function isTold(pid) {
  const [, bits] = statusOf(pid)?.match(/^ShdPnd:\s+(.*)$/m) ?? [];
  return !bits || (BigInt(`0x${bits}`) & told) !== 0n;
}

const long = {
  names: [...names, '--epochs', '200', '--unknown', '0.1'],
  translate: [...pairs, '--epochs', '10', '--lr', '0.01', '--warmup', '2'],
};

for (const [task, args] of Object.entries(long)) {
  const every = [...args, '--checkpoint-every', '0.1', '--threads', '1'];
  const whole = `${task}-whole.gguf`;

  test(`${task}: stopped at mpirun it saves, and goes on with any number of ranks`, async () => {
    well(run(1, ...every, '--out', whole));
    const out = `${task}-parts.gguf`;
    const resume = [];
    for (const ranks of [3, 2]) {
      assertSaved(await interrupted(ranks, [...every, ...resume], out, stop), out);
      resume[0] = '--resume';
    }
    well(run(4, ...every, '--out', out, ...resume));
    assertSameFile(whole, out);
  });

  test(`${task}: a rank that is killed ends all, and leaves a checkpoint that is whole`, async () => {
    const out = `${task}-killed.gguf`;
    const result = await interrupted(3, every, out, (_, ranks) =>
      process.kill(ranks[1], 'SIGKILL'),
    );
    assert.notEqual(result.code, 0);
    const { processes } = result;
    for (let waits = 0; processes.some(isRunning) && waits < 50; waits++) await sleep(100);
    assert.deepEqual(processes.filter(isRunning), []);
    well(run(2, ...every, '--out', out, '--resume'));
    assertSameFile(whole, out);
  });
}

// These mpirun hands on only after a while, and after another it kills: the run has no end, and the
// time that it has to save is long. Meanwhile mpirun reads nothing, so its epochs take long enough
// that what it says of them fits into a pipe.
test('Ctrl-C at mpirun saves, as SIGTERM does, and the run goes on from there', async () => {
  const out = 'endless.gguf';
  const large = names.map((word) => (word === '24' ? '256' : word));
  const endless = [...large, '--epochs', '1000000', '--checkpoint-every', '0.1', '--threads', '1'];
  for (const [signal, more] of [
    ['SIGINT', []],
    ['SIGTERM', ['--resume']],
  ]) {
    const tell = (child) => child.kill(signal);
    assertSaved(await interrupted(2, [...endless, ...more], out, tell, 10), out);
  }
  const epochs = records(`${out}.jsonl`).filter(({ event }) => event === 'epoch');
  assert.deepEqual(
    epochs.map(({ epoch }) => epoch),
    epochs.map((_, i) => i + 1),
  );
});

/** Two ranks, each with arguments of its own. */
const differing = (first, second) =>
  spawnSync('mpirun', [...start(1, ...first), ':', '-n', '1', train, ...second], options);

/** All that was said, but for what the network is. */
const said = ({ stderr }) => lines(stderr).filter((line) => !/parameters|asking/.test(line));

const short = ['--hidden', '8', '--embedding', '8', '--epochs', '1', '--ngrams', '0'];
const on = (data, ...more) => ['names', '--data', data, ...short, '--out', 'none.gguf', ...more];

test('what none can read is told once', () => {
  const result = run(3, ...on('nowhere.tsv'));
  assert.equal(result.status, 1);
  assert.deepEqual(said(result), ['train names: nowhere.tsv: No such file or directory']);
});

test('a rank that cannot read its file ends all of them with its message', () => {
  const result = differing(on(sample('names.tsv')), on('nowhere.tsv'));
  assert.equal(result.status, 1);
  assert.equal(said(result).length, 1, result.stderr);
  assert.match(said(result)[0], /^train.*: rank 1 on .*: nowhere\.tsv: No such file or directory$/);
  assert.ok(!existsSync(file('none.gguf')));
});

test('ranks that would not train the same are refused', () => {
  copyFileSync(sample('names.tsv'), file('other.tsv'));
  writeFileSync(file('other.tsv'), 'Extra\tName\n', { flag: 'a' });
  for (const [other, what] of [
    [on('other.tsv'), 'data='],
    [on(sample('names.tsv'), '--seed', '7'), 'seed=7'],
  ]) {
    const result = differing(on(sample('names.tsv')), other);
    assert.equal(result.status, 1);
    assert.equal(said(result).length, 1, result.stderr);
    assert.ok(said(result)[0].includes(`rank 1 on `), result.stderr);
    assert.ok(said(result)[0].includes(`: it has ${what}`), result.stderr);
  }
});

test('wrong usage and help are told once', () => {
  const wrong = run(3, 'names', '--nonsense');
  assert.equal(wrong.status, 2);
  assert.equal(said(wrong).length, 2, wrong.stderr);
  const help = well(run(3, '--help'));
  assert.equal(help.stdout.match(/^usage/gm).length, 1);
});
