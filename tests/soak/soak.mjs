// ./run soak: what a day of bad luck does to the programs, tried on purpose, and counted.
import { parseArgs } from 'node:util';
import { soakKills } from './kills.mjs';

const HELP = `usage: ./run soak kills|memory|fuzz [OPTION...]

  kills    kill -9 at random moments of training, converting, classifying and translating; disks
           that are full, folders that may not be written in, file systems that fail

  --times N    kills in all (1000)
  --seed N     of the moments (1)
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    help: { type: 'boolean', short: 'h' },
    times: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
  },
});

function usage(message) {
  process.stderr.write(`run soak: ${message}\ntry ./run soak --help\n`);
  process.exit(2);
}

function whole(name) {
  const value = Number(values[name]);
  if (!Number.isInteger(value) || value < 1) usage(`--${name} takes a number from 1`);
  return value;
}

const told = (name, done, all) => {
  if (process.stderr.isTTY) process.stderr.write(`\r${name}: ${done} of ${all}\x1b[K`);
};

const SOAKS = {
  kills: () => soakKills({ times: whole('times'), seed: whole('seed'), told }),
};

if (values.help) {
  process.stdout.write(HELP);
} else {
  if (positionals.length !== 1 || !(positionals[0] in SOAKS)) usage(`one of ${Object.keys(SOAKS)}`);
  const rows = await SOAKS[positionals[0]]();
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  for (const row of rows) process.stdout.write(`${row.join('\t')}\n`);
}
