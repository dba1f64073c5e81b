// ./run soak threads: the thread sanitizer over training and translating with four threads. OpenMP of
// clang tells it, through the tool Archer, what waits for what; else it would see races everywhere.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { TINY_NAMES, TINY_PAIRS, addData, root, workshop } from './workshop.mjs';

const build = path.join(root, 'build/thread');

/** With four threads, and batches of as many shards. */
const four = (args) => {
  const words = { '--threads 1': '--threads 4', '--batch 16': '--batch 128' };
  words['--tokens 256'] = '--tokens 8192';
  words['--epochs 4'] = '--epochs 20';
  const line = Object.entries(words).reduce((all, pair) => all.replace(...pair), args.join(' '));
  return line.split(' ');
};

/** In this order: what comes later reads the networks of what comes before. */
const PROGRAMS = {
  'unit tests of the trainer': ['tests/unit/fit/test_trainer'],
  'unit tests of learning names': ['tests/unit/fit/test_names_fit'],
  'train names': ['bin/train', ...four(TINY_NAMES), '--out', 'names.gguf'],
  'train translate': ['bin/train', ...four(TINY_PAIRS), '--type', 'f32', '--out', 'pairs.gguf'],
  'train translate --objective risk': [
    ...['bin/train', 'translate', '--init', 'pairs.gguf', '--data', 'pairs.tsv', '--threads', '4'],
    ...['--dev', 'pairs.dev.tsv', '--objective', 'risk', '--epochs', '1', '--out', 'risk.gguf'],
  ],
  'evaluate names': ['bin/evaluate', 'names', '--model', 'names.gguf', '--data', 'names.dev.tsv'],
  translate: ['bin/translate', '--model', 'pairs.gguf', '--threads', '4'],
  'translate --pairs': [
    ...['bin/translate', '--model', 'pairs.gguf', '--threads', '4', '--pairs', 'forward'],
  ],
};

/** The folder of the tool, whatever the version of clang. */
function archer() {
  const versions = readdirSync('/usr/lib').filter((name) => name.startsWith('llvm-'));
  const files = versions.map((name) => `/usr/lib/${name}/lib/libarcher.so`);
  return files.join(':');
}

/** Rows of [program, threads, races, what it said]. */
export function soakThreads({ told = () => {} } = {}) {
  const shop = workshop();
  try {
    addData(shop);
    const sources = String(shop.read('pairs.tsv')).replaceAll(/\t.*/g, '');
    const env = {
      ...process.env,
      OMP_NUM_THREADS: '4',
      OMP_TOOL_LIBRARIES: archer(),
      TSAN_OPTIONS: 'ignore_noninstrumented_modules=1 history_size=7 exitcode=66',
    };
    return Object.entries(PROGRAMS).flatMap(([name, [program, ...args]], i, all) => {
      told(name, i + 1, all.length);
      const test = program.startsWith('tests/');
      const { status, stderr } = spawnSync(path.join(build, program), args, {
        cwd: test ? path.join(root, path.dirname(program)) : shop.folder,
        env,
        input: sources,
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      });
      const races = stderr.match(/^WARNING: ThreadSanitizer/gm)?.length ?? 0;
      const faults = races + (status === 0 || races > 0 ? 0 : 1);
      const rows = [[name, '4 threads', `${faults} faults`]];
      return faults === 0 ? rows : [...rows, ['', '', '', stderr.slice(0, 4000)]];
    });
  } finally {
    shop.remove();
  }
}
