// ./run soak: what a day of bad luck does to the programs, tried on purpose, and counted.
import { parseArgs } from 'node:util';
import { soakCorpus } from './corpus.mjs';
import { soakDifferential } from './differential.mjs';
import { TARGETS, soakFuzz } from './fuzz.mjs';
import { soakKills } from './kills.mjs';
import { soakMemory } from './memory.mjs';
import { soakThreads } from './threads.mjs';

const HELP = `usage: ./run soak kills|memory|fuzz|differential|threads|page|corpus [OPTION...]

  kills    kill -9 at random moments of training, converting, classifying and translating; disks
           that are full, folders that may not be written in, file systems that fail
  memory   allocation after allocation fails in each program on tiny inputs
  fuzz     libFuzzer over the readers of everything that comes from outside; after it the targets,
           all unless told: ${TARGETS.join(', ')}
  differential
           random classifiers and translators on every kernel variant that runs here, natively and
           in WASM (scalar, SIMD, relaxed SIMD), against the reference: probabilities within 1e-5,
           log-probabilities of tokens within 1e-4, with weights in int8 within 0.5, all but 50 of
           1,000 within 1e-4, gradients, over the largest, all but 5 of 1,000 within 1e-4; greedy
           translations that part only where both tokens are as good as equal. A network that fails
           is named as build/native/tests/soak/differential takes it: --seed N --case N
  threads  training, translating and their unit tests with four threads under clang's thread
           sanitizer, which hears of OpenMP's threads by its tool Archer
  page     one page in Chromium in which somebody types, translates and trains for a day: what the
           page and each worker hold (objects alive, WASM memory) after the first hundred of each,
           and at the end; WASM memory may not grow, objects by 15 % or 1 MB at most

  corpus   train translate on made-up pairs, --megabytes of them, with --memory: how many pairs it
           counts a minute, and what memory it has at most until it has done a hundred steps. The
           file lies in the folder that RECUR_SOAK_FOLDER names, or among temporary ones

  --megabytes N, --memory N
               of corpus (1000, and MiB: 256)
  --text-layer yes|no
               of corpus: with it, all pairs are read by the text layer as well, which takes most of
               the time (yes)
  --times N    kills in all (1000); allocations of a program at most (all); networks (1000);
           trainings (1000), for each of which there are 10 translations and 1,000 keystrokes
  --seconds N  of each training (60)
  --seed N     of the moments, of the allocations that are taken, of the networks, names and
           sentences (1)
  --minutes N  of each fuzz target (10)
  --keep       inputs that reach new code join tests/fuzz/corpus
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    help: { type: 'boolean', short: 'h' },
    times: { type: 'string' },
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '10' },
    seconds: { type: 'string', default: '60' },
    keep: { type: 'boolean' },
    megabytes: { type: 'string', default: '1000' },
    memory: { type: 'string', default: '256' },
    'text-layer': { type: 'string', default: 'yes' },
  },
});

function usage(message) {
  process.stderr.write(`run soak: ${message}\ntry ./run soak --help\n`);
  process.exit(2);
}

function whole(name, usual) {
  const value = Number(values[name] ?? usual);
  if (!Number.isInteger(value) || value < 1) usage(`--${name} takes a number from 1`);
  return value;
}

const told = (name, done, all) => {
  if (process.stderr.isTTY) process.stderr.write(`\r${name}: ${done} of ${all}\x1b[K`);
};

async function corpus() {
  const megabytes = whole('megabytes');
  const layer = values['text-layer'];
  if (!['yes', 'no'].includes(layer)) usage('--text-layer takes yes or no');
  const of = { megabytes, memory: whole('memory'), seed: whole('seed'), steps: 100, layer };
  const told = (line) => process.stderr.isTTY && process.stderr.write(`\r${line}\x1b[K`);
  const { pairs, parts, read, megabytes: most } = await soakCorpus({ ...of, told });
  const rate = (seconds) => Math.round((60 * pairs) / seconds);
  return [
    ['pairs', `${pairs} of ${megabytes} MB, in ${parts} parts`],
    ['pairs a minute', `${rate(read.seconds)}, by processor time ${rate(read.processor)}`],
    ['memory', `${most} MB at most`],
  ];
}

const [what, ...targets] = positionals;
const unknown = targets.find((name) => what !== 'fuzz' || !TARGETS.includes(name));

const SOAKS = {
  kills: () => soakKills({ times: whole('times', 1000), seed: whole('seed'), told }),
  memory: () => soakMemory({ most: whole('times', 1e9), seed: whole('seed'), told }),
  differential: () => soakDifferential({ times: whole('times', 1000), seed: whole('seed'), told }),
  threads: () => soakThreads({ told }),
  // Its helpers look into the built page at once.
  page: async () =>
    (await import('./page.mjs')).soakPage({
      times: whole('times', 1000),
      seed: whole('seed'),
      seconds: whole('seconds'),
      told,
    }),
  corpus,
  fuzz: () =>
    soakFuzz({
      targets: targets.length > 0 ? targets : TARGETS,
      minutes: whole('minutes'),
      keep: values.keep,
      told,
    }),
};

if (values.help) {
  process.stdout.write(HELP);
} else {
  if (!(what in SOAKS)) usage(`one of ${Object.keys(SOAKS).join(', ')} is needed`);
  if (unknown !== undefined) usage(`'${unknown}' is none of ${TARGETS.join(', ')}`);
  const rows = await SOAKS[what]();
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  for (const row of rows) process.stdout.write(`${row.join('\t')}\n`);
  const found = rows.some(
    (row) => /^[1-9]\d* faults$/.test(row[2]) || !/nothing|^$/.test(row[4] ?? ''),
  );
  if (found) process.exitCode = 1;
}
