// What the soaks share: tiny inputs, programs under faults, and random numbers with a seed.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const bin = path.resolve(root, process.env.RECUR_BIN ?? 'build/native/bin');
const shim = path.join(bin, '../tests/soak/faults.so');

/** Numbers in [0, 1) that depend on the seed alone (Steele and Vigna's mulberry32). */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** The environment of a program with such faults; see faults.c. */
export function faulty(faults) {
  const env = { ...process.env, OMP_NUM_THREADS: '1' };
  if (Object.keys(faults).length > 0) env.LD_PRELOAD = shim;
  for (const [name, value] of Object.entries(faults)) env[`FAULTS_${name}`] = String(value);
  return env;
}

const lines = (file, from, to) =>
  `${readFileSync(path.join(root, file), 'utf8').split('\n').slice(from, to).join('\n')}\n`;

/** A folder of its own with tiny data and networks; `remove` ends it. */
export function workshop(parent = tmpdir()) {
  const folder = mkdtempSync(path.join(parent, 'recur-soak-'));
  const file = (name) => path.join(folder, name);
  const shop = {
    folder,
    file,
    has: (name) => existsSync(file(name)),
    read: (name) => readFileSync(file(name)),
    write: (name, bytes) => writeFileSync(file(name), bytes),
    drop: (name) => rmSync(file(name), { force: true }),
    names: () => readdirSync(folder).sort(),
    remove: () => rmSync(folder, { recursive: true, force: true }),

    /** To its end. input: a file of the folder. */
    run(command, faults = {}, input = null) {
      const [program, ...args] = command;
      return spawnSync(path.join(bin, program), args, {
        cwd: folder,
        env: faulty(faults),
        input: input === null ? '' : readFileSync(file(input)),
        maxBuffer: 1 << 26,
        timeout: 120_000,
      });
    },

    /** Like run, but has to end well. */
    well(command, faults, input) {
      const result = shop.run(command, faults, input);
      if (result.status !== 0) throw new Error(`${command.join(' ')}: ${result.stderr}`);
      return result;
    },

    /** How many allocations and operations on files a command asks for. */
    measure(command, input) {
      shop.well(command, { REPORT: file('report') }, input);
      const [allocations, operations] = String(shop.read('report')).split(' ').map(Number);
      shop.drop('report');
      return { allocations, operations };
    },

    /** Starts a command and kills it: at an operation on files (faults), after `delay` ms, or when
     * it has said `said` bytes. Standard output goes to the descriptor `out`. */
    killed(command, { faults = {}, delay, said, input, out = 'ignore' }) {
      const [program, ...args] = command;
      return new Promise((resolve) => {
        const child = spawn(path.join(bin, program), args, {
          cwd: folder,
          env: faulty(faults),
          stdio: [input === undefined ? 'ignore' : 'pipe', out, 'pipe'],
        });
        let stderr = '';
        if (input !== undefined) {
          child.stdin.on('error', () => {});
          child.stdin.end(readFileSync(file(input)));
        }
        const timer = delay === undefined ? null : setTimeout(() => child.kill('SIGKILL'), delay);
        child.stderr.on('data', (chunk) => {
          stderr += chunk;
          if (said !== undefined && stderr.length >= said) child.kill('SIGKILL');
        });
        child.on('close', (code, signal) => {
          clearTimeout(timer);
          resolve({ code, signal, stderr });
        });
      });
    },
  };
  return shop;
}

export const TINY_NAMES = [
  ...['names', '--cell', 'gru', '--hidden', '8', '--embedding', '8', '--threads', '1'],
  ...['--epochs', '4', '--batch', '16', '--average', '0.9', '--data', 'names.tsv'],
  ...['--dev', 'names.dev.tsv', '--checkpoint-every', '0.1'],
];
export const TINY_PAIRS = [
  ...['translate', '--vocabulary', '400', '--embedding', '8', '--hidden', '16', '--threads', '1'],
  ...['--encoder-hidden', '8', '--attentional', '8', '--epochs', '4', '--tokens', '256'],
  ...['--data', 'pairs.tsv', '--dev', 'pairs.dev.tsv', '--checkpoint-every', '0.1'],
];

/** Puts the tiny data into a workshop. */
export function addData(shop) {
  shop.write('names.tsv', lines('data/sample/names.tsv', 0, 150));
  shop.write('names.dev.tsv', lines('data/sample/names.dev.tsv', 0, 20));
  shop.write('pairs.tsv', lines('data/sample/eng-fra.tsv', 0, 80));
  shop.write('pairs.dev.tsv', lines('data/sample/eng-fra.dev.tsv', 0, 6));
}

/** And the networks that learn from it, a table, and lines of both kinds. */
export function addNetworks(shop) {
  shop.well(['train', ...TINY_NAMES, '--out', 'names.gguf']);
  shop.well(['train', ...TINY_PAIRS, '--type', 'f32', '--out', 'pairs.gguf']);
  const names = String(shop.read('names.tsv')).split('\n').slice(0, -1);
  const column = names.map((line, i) => `${i},"${line.split('\t')[0]}"`).join('\r\n');
  shop.write('table.csv', `number,name\r\n${column}\r\n`);
  shop.write('names.txt', names.map((line) => `${line.split('\t')[0]}\n`).join(''));
  const pairs = String(shop.read('pairs.tsv')).split('\n').slice(0, 20);
  shop.write('pairs.txt', pairs.map((line) => `${line.split('\t')[0]}\n`).join(''));
}
