// ./run soak kills: programs that are killed at any moment, or whose file system fails, lose nothing.
import { spawnSync } from 'node:child_process';
import { chmodSync, closeSync, copyFileSync, mkdirSync, openSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import {
  TINY_NAMES,
  TINY_PAIRS,
  addData,
  addNetworks,
  bin,
  random,
  workshop,
} from './workshop.mjs';

const TRAINING = { 'train names': TINY_NAMES, 'train translate': TINY_PAIRS };

/** Commands that write one file: whole, in the place of another, or as far as they came. */
const WRITING = {
  'train convert': {
    command: ['train', 'convert', '--model', 'pairs.gguf', '--type', 'q8_0', '--shortlist'].concat([
      'pairs.tsv',
      '--out',
      'new',
    ]),
  },
  'classify --out': {
    command: ['classify', '--model', 'names.gguf', '--column', 'name', '--in', 'table.csv'].concat([
      '--out',
      'new',
    ]),
  },
  'classify > file': { command: ['classify', '--model', 'names.gguf'], input: 'names.txt' },
  'translate > file': { command: ['translate', '--model', 'pairs.gguf'], input: 'pairs.txt' },
};

function check(holds, what, detail = '') {
  if (!holds) throw new Error(`${what}${detail === '' ? '' : `: ${detail}`}`);
}

/** A moment to die at: at an operation on files, after a while, or after so many words. */
function moment(next, { operations, duration, words }) {
  const kind = next();
  if (kind < 0.6) return { faults: { KILL: 1 + Math.floor(next() * operations) } };
  if (kind < 0.9) return { delay: next() * duration };
  return { said: 1 + Math.floor(next() * words) };
}

function measured(shop, command, input) {
  const began = performance.now();
  const words = shop.well(command, {}, input).stderr.length;
  const duration = performance.now() - began;
  return { ...shop.measure(command, input), duration, words };
}

/** Every evaluation of the run is in the log, whatever else is. */
function checkLog(shop, evaluations) {
  const text = String(shop.read('out.log'));
  check(text.endsWith('\n'), 'the log ends within a line');
  const rows = text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
  const found = new Set(
    rows.filter((row) => row.dev_loss !== undefined).map((row) => row.step ?? row.epoch),
  );
  check(found.size === evaluations, `the log has ${found.size} of ${evaluations} evaluations`);
}

/** Training that is killed over and over, resumed from its checkpoint each time. */
export async function killTraining(name, times, seed, told = () => {}) {
  const shop = workshop();
  const next = random(seed);
  try {
    addData(shop);
    const plain = ['train', ...TRAINING[name], '--log', 'out.log', '--out', 'out'];
    const facts = measured(shop, [...plain, '--restart'], undefined);
    const whole = shop.read('out');
    const epochs = 4;
    const clean = shop.names();
    const tally = { kills: 0, chains: 0 };
    const old = Buffer.from('what was there');
    for (let fresh = true; tally.kills < times || !fresh;) {
      if (fresh) {
        shop.drop('out.log');
        if (next() < 0.5) shop.write('out', old);
        else shop.drop('out');
      }
      const before = shop.has('out') ? shop.read('out') : null;
      const command = shop.has('out.checkpoint') ? [...plain, '--resume'] : plain;
      const result = await shop.killed(command, tally.kills < times ? moment(next, facts) : {});
      const after = shop.has('out') ? shop.read('out') : null;
      check(
        after === null ? before === null : after.equals(whole) || before?.equals(after),
        'the file that stood there is neither the old nor the new one',
      );
      if (shop.has('out.checkpoint')) {
        shop.well(['evaluate', 'inspect', '--json', '--model', 'out.checkpoint']);
      }
      fresh = result.signal !== 'SIGKILL' || (!shop.has('out.checkpoint') && after?.equals(whole));
      if (result.signal === 'SIGKILL') {
        tally.kills++;
        told(tally);
      } else {
        check(result.code === 0, 'a run that was not killed failed', result.stderr);
      }
      if (!fresh) continue;
      tally.chains++;
      check(after?.equals(whole), 'the weights are not those of an uninterrupted run');
      check(shop.names().join() === clean.join(), 'files were left over', shop.names().join(' '));
      if (result.signal === null) checkLog(shop, epochs);
    }
    return tally;
  } finally {
    shop.remove();
  }
}

/** Programs that write a file, killed while they do. */
export async function killWriting(name, times, seed, told = () => {}) {
  const { command, input } = WRITING[name];
  const shop = workshop();
  const next = random(seed);
  try {
    addData(shop);
    addNetworks(shop);
    const facts = measured(shop, command, input);
    const replaces = input === undefined;
    const whole = replaces ? shop.read('new') : shop.well(command, {}, input).stdout;
    const old = Buffer.from('what was there');
    const tally = { kills: 0, chains: 0 };
    shop.write('new', old);
    const clean = shop.names();
    while (tally.kills < times) {
      shop.write('new', old);
      const out = replaces ? 'ignore' : openSync(shop.file('new'), 'w');
      const result = await shop.killed(command, { ...moment(next, facts), input, out });
      if (!replaces) closeSync(out);
      const got = shop.read('new');
      if (replaces) check(got.equals(old) || got.equals(whole), 'neither the old file nor the new');
      else check(whole.subarray(0, got.length).equals(got), 'something else was written');
      if (result.signal !== 'SIGKILL') {
        check(result.code === 0, 'it failed', result.stderr);
        check(got.equals(whole), 'it ended without its file');
      } else {
        tally.kills++;
        told(tally);
      }
    }
    if (replaces) {
      shop.well(command);
      check(shop.read('new').equals(whole), 'afterwards it writes something else');
    }
    check(shop.names().join() === clean.join(), 'files were left over', shop.names().join(' '));
    return { ...tally, chains: times };
  } finally {
    shop.remove();
  }
}

/** One command whose files cannot be written: exit code 1, a reason, and all as it was. */
function checkRefused(shop, command, faults, reason) {
  const old = Buffer.from('what was there');
  shop.write('out', old);
  const before = shop.names();
  const result = shop.run(command, faults);
  check(result.status === 1, `${command.join(' ')}: ended with ${result.status} ${result.signal}`);
  check(reason.test(String(result.stderr)), 'it gives another reason', String(result.stderr));
  check(shop.read('out').equals(old), 'the file that stood there has changed');
  const left = shop.names().filter((file) => !/^out\.(checkpoint|log)$/.test(file));
  check(left.join() === before.join(), 'files were left over', left.join(' '));
  shop.drop('out.checkpoint');
}

const fileCommands = () => [
  ['train', ...TINY_NAMES, '--out', 'out', '--restart'],
  ['train', ...TINY_PAIRS, '--out', 'out', '--restart'],
  ['train', 'convert', '--model', 'pairs.gguf', '--type', 'q8_0', '--out', 'out'],
  ['classify', '--model', 'names.gguf', '--column', 'name', '--in', 'table.csv', '--out', 'out'],
];

/** File systems that fail: fsync, rename, write and open, each with its reason. */
export function failingCalls() {
  const shop = workshop();
  let tried = 0;
  try {
    addData(shop);
    addNetworks(shop);
    const { EIO, ENOSPC, EACCES, EDQUOT } = constants.errno;
    for (const command of fileCommands()) {
      for (const [call, number, reason] of [
        ['fsync', EIO, /Input\/output error/],
        ['rename', EIO, /Input\/output error/],
        ['write', ENOSPC, /No space left on device/],
        ['write', EDQUOT, /quota/],
        ['open', EACCES, /Permission denied/],
      ]) {
        if (call === 'write' && command[0] === 'classify') continue; // writes by a stream
        checkRefused(shop, command, { FAIL: `${call}:${number}` }, reason);
        tried++;
      }
    }
    return { tried };
  } finally {
    shop.remove();
  }
}

/** A folder that may not be written in; root may all the same, so another user has to try. */
export function readOnlyFolder() {
  const shop = workshop();
  try {
    addData(shop);
    addNetworks(shop);
    shop.write('out', 'what was there');
    // Beside the data, where anybody may run them.
    for (const program of ['train', 'classify']) {
      copyFileSync(path.join(bin, program), shop.file(program));
    }
    chmodSync(shop.folder, 0o555);
    let tried = 0;
    for (const command of fileCommands()) {
      const before = shop.names();
      const [program, ...args] = command;
      const nobody = process.getuid() === 0 ? ['setpriv', '--reuid=65534', '--clear-groups'] : [];
      const all = [...nobody, shop.file(program), ...args];
      const result = spawnSync(all[0], all.slice(1), { cwd: shop.folder, encoding: 'utf8' });
      check(result.status === 1, `${command.join(' ')}: ended with ${result.status}`);
      check(/Permission denied/.test(result.stderr), 'another reason', result.stderr);
      check(shop.names().join() === before.join(), 'something was written');
      check(String(shop.read('out')) === 'what was there', 'the old file has changed');
      tried++;
    }
    return { tried };
  } finally {
    chmodSync(shop.folder, 0o755);
    shop.remove();
  }
}

/** Disks of any size that are too small; null where none can be made. */
export function fullDisk() {
  const shop = workshop();
  const disk = shop.file('disk');
  mkdirSync(disk);
  const mount = (size) =>
    spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'recur-soak', disk]).status === 0;
  let tried = 0;
  try {
    if (process.getuid() !== 0 || !mount('4k')) return null;
    spawnSync('umount', [disk]);
    addData(shop);
    addNetworks(shop);
    for (const command of fileCommands()) {
      const out = command.indexOf('out');
      const there = command.toSpliced(out, 1, 'disk/out');
      shop.well(there);
      const whole = shop.read('disk/out');
      shop.drop('disk/out');
      for (let kib = 4, full = true; full; kib *= 2) {
        check(mount(`${kib}k`), 'no small disk');
        shop.write('disk/out', 'old');
        const result = shop.run(there);
        const got = shop.read('disk/out');
        full = result.status !== 0;
        check(got.equals(full ? Buffer.from('old') : whole), `${kib} KiB: neither old nor new`);
        if (full) {
          check(result.status === 1, `${kib} KiB: ended with ${result.status} ${result.signal}`);
          check(/No space left/.test(result.stderr), 'another reason', String(result.stderr));
        }
        const temporary = spawnSync('ls', ['-A', disk], { encoding: 'utf8' }).stdout;
        check(!temporary.includes('.tmp'), 'temporary files are left', temporary);
        spawnSync('umount', [disk]);
        tried++;
      }
    }
    return { tried };
  } finally {
    spawnSync('umount', [disk], { stdio: 'ignore' });
    shop.remove();
  }
}

/** All of it: about `times` kills. Rows of [what, how often, note]. */
export async function soakKills({ times, seed, told = () => {} }) {
  const names = [...Object.keys(TRAINING), ...Object.keys(WRITING)];
  const each = Math.ceil(times / names.length);
  const rows = [];
  for (const [i, name] of names.entries()) {
    const kill = name in TRAINING ? killTraining : killWriting;
    const tally = await kill(name, each, seed + i, ({ kills }) => told(name, kills, each));
    rows.push([name, `${tally.kills} kills`, name in TRAINING ? `${tally.chains} runs` : '']);
  }
  rows.push(['fsync, rename, write, open fail', `${failingCalls().tried} programs`, '']);
  rows.push(['a folder that may not be written in', `${readOnlyFolder().tried} programs`, '']);
  const disks = fullDisk();
  const skipped = 'skipped: no tmpfs can be mounted';
  rows.push(['a full disk', disks === null ? skipped : `${disks.tried} programs`, '']);
  return rows;
}
