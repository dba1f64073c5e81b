// ./run soak memory: programs whose n-th allocation fails, for every n. Each time a program fails
// with a reason and leaves its files as they were, or does what it does otherwise, to the bit.
import { TINY_NAMES, TINY_PAIRS, addData, addNetworks, random, workshop } from './workshop.mjs';

const short = (args) => args.join(' ').replace('--epochs 4', '--epochs 1').split(' ');
const table = ['--column', 'name', '--in', 'few.csv', '--out', 'out'];

export const PROGRAMS = {
  'train names': { command: ['train', ...short(TINY_NAMES), '--restart', '--out', 'out'] },
  'train translate': { command: ['train', ...short(TINY_PAIRS), '--restart', '--out', 'out'] },
  'train translate --memory': {
    command: ['train', ...short(TINY_PAIRS), '--memory', '0.02', '--unique', 'yes'].concat([
      '--restart',
      '--out',
      'out',
    ]),
  },
  'train convert': {
    command: ['train', 'convert', '--model', 'pairs.gguf', '--type', 'q8_0', '--out', 'out'].concat(
      ['--shortlist', 'few.tsv'],
    ),
  },
  classify: { command: ['classify', '--model', 'names.gguf', 'Kowalski', "O'Neill"] },
  'classify --inspect': {
    command: ['classify', '--model', 'names.gguf', '--json', '--inspect', 'Kowalski'],
  },
  'classify --column': { command: ['classify', '--model', 'names.gguf', ...table] },
  translate: {
    command: ['translate', '--model', 'pairs.gguf', '--nbest', '2', '--json', '--attention'],
    input: 'few.txt',
  },
  'translate --pairs': {
    command: ['translate', '--model', 'pairs.gguf', '--pairs', 'forward', '--beam', '2'],
    input: 'few.txt',
  },
  'evaluate names': {
    command: ['evaluate', 'names', '--json', '--model', 'names.gguf', '--data', 'names.dev.tsv'],
  },
  'evaluate translate': {
    command: ['evaluate', 'translate', '--model', 'pairs.gguf', '--beam', '2', '--data', 'few.tsv'],
  },
  'evaluate inspect': { command: ['evaluate', 'inspect', '--json', '--model', 'pairs.gguf'] },
};

function addLittle(shop) {
  const some = (name, count) => String(shop.read(name)).split('\n').slice(0, count).join('\n');
  shop.write('few.csv', `${some('table.csv', 5)}\n`);
  shop.write('few.tsv', `${some('pairs.tsv', 4)}\n`);
  shop.write('few.txt', `${some('pairs.txt', 2)}\n`);
}

/** What differs from a program that found memory, or null. times: what a program prints of them. */
function fault(shop, result, plain, whole) {
  if (result.signal !== null) return `died of ${result.signal}`;
  const left = shop.names().find((name) => name.endsWith('.tmp'));
  if (left !== undefined) return `left ${left}`;
  const old = String(shop.read('out')) === 'what was there';
  if (result.status === 0) {
    if (!timeless(result.stdout).equals(timeless(plain.stdout))) return 'said something else';
    return whole === null || shop.read('out').equals(whole) ? null : 'wrote something else';
  }
  if (result.status !== 1) return `ended with ${result.status}: ${result.stderr}`;
  if (result.stderr.length === 0) return 'failed without a word';
  // What comes after the file may fail as well.
  return old || whole === null || shop.read('out').equals(whole) ? null : 'broke the old file';
}

const timeless = (bytes) =>
  Buffer.from(String(bytes).replaceAll(/[\d,.]+ (s|ms|names\/s|sentences\/s)\b/g, ''));

/** One program; at most `most` allocations are tried, the same for a seed: the first, where programs
 * begin, and others at random. */
export function starve(name, most, seed, told = () => {}) {
  const { command, input = null } = PROGRAMS[name];
  const shop = workshop();
  const next = random(seed);
  try {
    addData(shop);
    addNetworks(shop);
    addLittle(shop);
    shop.write('out', 'what was there');
    const plain = shop.well(command, {}, input);
    const whole = String(shop.read('out')) === 'what was there' ? null : shop.read('out');
    const { allocations } = shop.measure(command, input);
    const faults = [];
    let tried = 0;
    for (let n = 1; n <= allocations; n++) {
      if (allocations > most && n > most / 4 && next() >= most / allocations) continue;
      shop.write('out', 'what was there');
      shop.drop('out.checkpoint');
      const result = shop.run(command, { ALLOCATION: n }, input);
      const wrong = fault(shop, result, plain, whole);
      if (wrong !== null) faults.push(`allocation ${n} of ${allocations}: ${wrong}`);
      for (const file of shop.names()) if (file.endsWith('.tmp')) shop.drop(file);
      told(++tried);
    }
    return { allocations, tried, faults };
  } finally {
    shop.remove();
  }
}

/** Every program. Rows of [program, how often, what went wrong]. */
export async function soakMemory({ most, seed, told = () => {} }) {
  const rows = [];
  for (const [i, name] of Object.keys(PROGRAMS).entries()) {
    const { allocations, tried, faults } = starve(name, most, seed + i, (done) =>
      told(name, done, most),
    );
    rows.push([name, `${tried} of ${allocations} allocations`, `${faults.length} faults`]);
    for (const text of faults) rows.push(['', '', text]);
  }
  return rows;
}
