// ./run soak differential: random networks on every variant of the kernels, natively and in WASM,
// against the reference; and what the reference computes in WASM against what it computes natively.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { bin, root } from './workshop.mjs';

export const FLAVOURS = ['scalar', 'simd128', 'relaxed'];

const native = [path.join(bin, '../tests/soak/differential')];
const wasm = (flavour) => [
  process.execPath,
  path.join(root, 'tests/wasm/wasi.mjs'),
  path.join(root, `build/wasm-${flavour}/tests/soak/differential.wasm`),
];

export const isBuilt = (flavour) => existsSync(wasm(flavour).at(-1));

function run([program, ...args], options) {
  const { status, stdout } = spawnSync(program, args.concat(options), {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return { right: status === 0, lines: stdout.trimEnd().split('\n') };
}

/** One row for each variant, [name, how many, faults, worst], and a row for each fault. */
function variantsOf(program, prefix, times, seed) {
  const { right, lines } = run(program, ['--cases', times, '--seed', seed]);
  const verdicts = lines.filter((line) => /: (ok|FAILED)$/.test(line));
  const faults = lines.filter((line) => !verdicts.includes(line));
  const rows = verdicts.map((line) => {
    const [, name, told, verdict] = /^(\S+)\s+(.*): (ok|FAILED)$/.exec(line);
    return [prefix + name, `${times} networks`, verdict === 'ok' ? '0 faults' : '1 faults', told];
  });
  if (!right && !rows.some((row) => row[2] !== '0 faults')) {
    rows.push([prefix, `${times} networks`, '1 faults', 'did not end well']);
  }
  return rows.concat(faults.filter((line) => line !== '').map((line) => ['', '', '', line]));
}

/** What the reference says in WASM, value by value, beside what it says natively. */
function referenceIn(flavour, times, seed) {
  const options = ['--cases', times, '--seed', seed, '--print'];
  const numbers = (program) => run(program, options).lines.map((line) => line.split(' '));
  const here = numbers(native);
  const there = numbers(wasm(flavour));
  let worst = 0;
  let faults = here.length === there.length ? 0 : 1;
  for (const [index, [number, part, most, ...values]] of here.entries()) {
    const [otherNumber, otherPart, , ...others] = there[index] ?? [];
    const differences = values.map((value, i) => Math.abs(value - others[i]));
    const same = number === otherNumber && part === otherPart && others.length === values.length;
    if (!same || !differences.every((difference) => difference <= most)) faults++;
    worst = Math.max(worst, ...differences);
  }
  const told = `largest difference from the native one ${worst.toExponential(1)}`;
  return [`wasm ${flavour}: ref`, `${times} networks`, `${faults} faults`, told];
}

/** All that runs on this machine, or only natively, or only one flavour. */
export function differNatively(times, seed) {
  return variantsOf(native, '', times, seed);
}
export function differIn(flavour, times, seed) {
  const rows = variantsOf(wasm(flavour), 'wasm ', times, seed);
  return [...rows, referenceIn(flavour, times, seed)];
}

export function soakDifferential({ times, seed, told = () => {} }) {
  told('native', 1, 1 + FLAVOURS.length);
  const rows = differNatively(times, seed);
  for (const [i, flavour] of FLAVOURS.entries()) {
    told(flavour, i + 2, 1 + FLAVOURS.length);
    rows.push(...differIn(flavour, times, seed));
  }
  return rows;
}
