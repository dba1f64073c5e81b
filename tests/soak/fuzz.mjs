// ./run soak fuzz: libFuzzer over every target of tests/fuzz, beginning from its corpus; what reaches
// new code joins the corpus where that is asked for.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from './workshop.mjs';

const corpora = path.join(root, 'tests/fuzz/corpus');
const fuzzers = path.join(root, 'build/fuzz/tests/fuzz');

export const TARGETS = readdirSync(corpora).filter((name) => !name.startsWith('.'));

/** Adds to a folder what of another reaches code that its files do not, however often it does. */
function merge(fuzzer, into, from) {
  const before = readdirSync(into).length;
  spawnSync(fuzzer, ['-merge=1', '-use_counters=0', into, from], { stdio: 'ignore' });
  return readdirSync(into).length - before;
}

/** One target for so many minutes. What ends it is kept in build/fuzz/found. */
function fuzz(target, minutes, keep) {
  const fuzzer = path.join(fuzzers, `fuzz_${target}`);
  const corpus = path.join(corpora, target);
  const fresh = mkdtempSync(path.join(tmpdir(), `recur-fuzz-${target}-`));
  const found = path.join(root, 'build/fuzz/found/');
  mkdirSync(found, { recursive: true });
  try {
    const limits = ['-rss_limit_mb=4096', '-timeout=60', '-max_len=65536', '-print_final_stats=1'];
    const { status, stderr } = spawnSync(
      fuzzer,
      [
        ...limits,
        `-max_total_time=${Math.round(60 * minutes)}`,
        `-artifact_prefix=${found}${target}-`,
      ].concat([fresh, corpus]),
      { encoding: 'utf8', maxBuffer: 1 << 28 },
    );
    const runs = /number_of_executed_units: (\d+)/.exec(stderr)?.[1] ?? '?';
    const added = keep && status === 0 ? merge(fuzzer, corpus, fresh) : 0;
    const verdict = status === 0 ? 'nothing found' : stderr.split('\n').slice(-40).join('\n');
    return [target, `${minutes} minutes`, `${runs} inputs`, `${added} kept`, verdict];
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** Rows of [target, how long, how often, what was kept, verdict]. */
export function soakFuzz({ targets, minutes, keep, told = () => {} }) {
  return targets.map((target, i) => {
    if (!existsSync(path.join(fuzzers, `fuzz_${target}`))) throw new Error(`no fuzz_${target}`);
    told(target, i + 1, targets.length);
    return fuzz(target, minutes, keep);
  });
}
