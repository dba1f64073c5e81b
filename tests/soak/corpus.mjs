// ./run soak corpus: pairs of many times the memory that they may take.
import { spawn } from 'node:child_process';
import { createWriteStream, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { bin, workshop } from './workshop.mjs';

const maker = path.join(bin, '../tests/soak/make_pairs');
const NETWORK = '--embedding 64 --hidden 128 --encoder-hidden 64 --attentional 64';

/** Made-up pairs of so many MB. */
async function makePairs(file, seed, megabytes) {
  const child = spawn(maker, [String(seed), String(megabytes * 1e6)]);
  const out = createWriteStream(file);
  child.stdout.pipe(out);
  await finished(out);
}

/**
 * The largest memory that a running program has had, in MB, and its seconds of processor time; null
 * once it has ended.
 */
function usage(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  if (!status.includes('VmHWM')) return null;
  const times = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/.*\) /s, '').split(' ');
  return {
    megabytes: Number(/VmHWM:\s*(\d+)/.exec(status)[1]) / 1024,
    processor: (Number(times[11]) + Number(times[12])) / 100,
  };
}

/** Trains on a file of so many MB with --memory, in MiB, until so many steps are done. */
async function trainSome(shop, { memory, steps, tokens, layer, threads, told }) {
  const args = ['translate', '--data', 'pairs.tsv', '--out', 'out.gguf', '--restart'];
  args.push(...NETWORK.split(' '), '--vocabulary', '4000', '--memory', String(memory));
  args.push('--threads', String(threads), '--epochs', '1', '--text-layer', layer);
  args.push('--evaluate-every', String(steps), '--tokens', String(tokens));
  const child = spawn(path.join(bin, 'train'), args, {
    cwd: shop.folder,
    env: { ...process.env, OMP_WAIT_POLICY: 'passive' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const begun = performance.now();
  const result = { steps: 0 };
  let stderr = '';
  const look = (found) => {
    const now = usage(child.pid);
    if (now === null) return;
    result.megabytes = Math.round(now.megabytes);
    if (found === null || result.pairs !== undefined) return;
    result.pairs = Number(found[1].replaceAll(',', ''));
    result.parts = Number(found[2]);
    result.read = { processor: now.processor, seconds: (performance.now() - begun) / 1000 };
  };
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
    told(stderr.trimEnd().split('\n').at(-1));
    const evaluation = /step +([\d,]+) +loss/.exec(stderr);
    if (child.exitCode !== null || result.steps > 0) return;
    look(/read ([\d,]+) pairs.* in (\d+) parts?\n/.exec(stderr));
    if (evaluation === null) return;
    result.steps = Number(evaluation[1].replaceAll(',', ''));
    child.kill('SIGINT');
  });
  await new Promise((resolve) => child.on('close', resolve));
  if (result.steps === 0) throw new Error(stderr);
  return result;
}

export async function soakCorpus({
  megabytes,
  memory,
  seed = 1,
  steps = 20,
  tokens = 4096,
  layer = 'yes',
  threads = 1,
  told = () => {},
}) {
  const shop = workshop(process.env.RECUR_SOAK_FOLDER);
  try {
    await makePairs(shop.file('pairs.tsv'), seed, megabytes);
    const bytes = statSync(shop.file('pairs.tsv')).size;
    return { bytes, ...(await trainSome(shop, { memory, steps, tokens, layer, threads, told })) };
  } finally {
    shop.remove();
  }
}
