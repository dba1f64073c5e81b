// Two processes of one thread beside one of two threads: what it costs that sums go between them.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outputOf, path } from './programs.mjs';

export const title = 'Training by two processes of one thread (MPI), and by one of two';

const train = path('build/mpi/bin/train');
const small = ['--epochs', '1', '--checkpoint-every', '1e9'];
const tasks = {
  translator: {
    speed: 'tokens_per_s',
    unit: 'tokens/s',
    args: [
      ...['translate', '--data', path('data/pairs/press.tsv')],
      ...['--dev', path('data/sample/eng-fra.dev.tsv'), '--tokens', '4096'],
      ...['--evaluate-every', '6'],
    ],
  },
  names: {
    speed: 'names_per_s',
    unit: 'names/s',
    args: [
      ...['names', '--data', path('data/names/world.tsv'), '--ngrams', '0'],
      ...['--dev', path('data/names/world.dev.tsv'), '--hidden', '128', '--batch', '256'],
    ],
  },
};

/** The records of its log, or null where MPI or the program is not there. */
async function logOf(ranks, args) {
  const folder = mkdtempSync(join(tmpdir(), 'recur-bench-'));
  try {
    const files = ['--out', join(folder, 'a.gguf'), '--log', join(folder, 'log.jsonl')];
    const all = [train, ...args, ...small, ...files, '--threads', ranks === 1 ? '2' : '1'];
    const options = ['--oversubscribe', '--allow-run-as-root', '--bind-to', 'none'];
    if ((await outputOf('mpirun', [...options, '-n', String(ranks), ...all])) === null) return null;
    return readFileSync(join(folder, 'log.jsonl'), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map(JSON.parse);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const one = (name, unit, value) => ({ name, unit, value, low: value, high: value });

function speed(name, { speed, unit }, records) {
  const samples = records.map((record) => record[speed]).filter(Number.isFinite);
  const sorted = samples.toSorted((a, b) => a - b);
  const value = sorted[Math.floor(sorted.length / 2)];
  return { name, unit, value, low: sorted[0], high: sorted.at(-1) };
}

async function measure(ranks) {
  const rows = [];
  for (const [name, task] of Object.entries(tasks)) {
    const records = await logOf(ranks, task.args);
    if (records === null) return { rows: [], skipped: 'mpirun is not installed' };
    rows.push(speed(name, task, records));
    if (ranks === 1) continue;
    const end = records.find(({ event }) => event === 'end');
    rows.push(
      one(`${name}, sent by a process in a step`, 'MB', end.sums_bytes / end.step / 1e6),
      one(`${name}, time in sums`, '%', (100 * end.sums_seconds) / end.seconds),
    );
  }
  return { rows };
}

export const contestants = [
  { name: 'two processes', measure: () => measure(2) },
  { name: 'one process', measure: () => measure(1) },
];
