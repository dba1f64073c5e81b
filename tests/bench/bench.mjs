// ./run bench: how fast recur is on this machine beside its peers, in one run and one table.

import { parseArgs } from 'node:util';
import { printSection } from './table.mjs';

/** What each takes that ./run can build or install: it asks by --needs. */
const NEEDS = {
  gemm: ['native'],
  names: ['native'],
  translator: ['native'],
  wasm: ['native', 'wasm', 'browser', 'peers'],
  lab: ['native', 'wasm', 'browser', 'peers'],
  engine: ['wasm'],
  translate: ['native', 'wasm', 'browser'],
  mpi: ['mpi'],
  page: ['page', 'browser'],
  kernels: ['native'],
};
const SECTIONS = Object.keys(NEEDS);
const HELP = `usage: ./run bench [OPTION...] [SECTION...]

Measures recur and, where they are installed, its peers. A ratio above 1 means that recur is faster.

  gemm        matrix products; peer: OpenBLAS (libopenblas.so.0)
  names       training of the names networks; peer: PyTorch
  translator  a training step of a translator; peer: PyTorch
  wasm        the names classifier and a decoder step in node and Chromium; peers: ONNX Runtime Web
              and TensorFlow.js (npm packages of tests/bench)
  lab         training steps by the WASM module in node and Chromium, and natively; peer: TensorFlow.js
  engine      one classification by the WASM module in node
  translate   sentences and words a second by the WASM module in node and Chromium, and natively
  mpi         training by two processes of one thread; peer: one process of two threads
  page        opening the page, and typing in it
  kernels     every kernel of every variant (only by name, and not with --json)

  --json           print one JSON object a line
  --python FILE    the python that imports torch (or RECUR_BENCH_PYTHON; python3)
  --openblas FILE  the library with cblas_sgemm (libopenblas.so.0)
  --data FILE      the names to train on (data/sample/names.tsv)
  --weights FILE   the translator of \`translate\` (data/weights/en-fr.gguf)
  --pairs FILE     sentences in its source language, a tab and their translations
                   (data/sample/eng-fra.dev.tsv)
`;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    help: { type: 'boolean', short: 'h' },
    json: { type: 'boolean' },
    needs: { type: 'boolean' },
    python: { type: 'string', default: process.env.RECUR_BENCH_PYTHON ?? 'python3' },
    openblas: { type: 'string', default: 'libopenblas.so.0' },
    data: { type: 'string', default: 'data/sample/names.tsv' },
    weights: { type: 'string', default: 'data/weights/en-fr.gguf' },
    pairs: { type: 'string', default: 'data/sample/eng-fra.dev.tsv' },
  },
});

if (options.help) {
  process.stdout.write(HELP);
  process.exit();
}
const unknown = positionals.find((name) => !SECTIONS.includes(name));
if (unknown !== undefined) {
  console.error(`bench: no section called '${unknown}': ${SECTIONS.join(', ')}`);
  process.exit(2);
}
const chosen = positionals.length > 0 ? positionals : SECTIONS.filter((name) => name !== 'kernels');
if (options.needs) {
  console.log([...new Set(chosen.flatMap((name) => NEEDS[name]))].join('\n'));
  process.exit();
}

let failed = false;

/** What a step gives, or, where it fails, the reason. */
async function attempt(step) {
  try {
    return await step();
  } catch (error) {
    failed = true;
    console.error(error);
    return { rows: [], skipped: `failed: ${error.message.split('\n')[0]}` };
  }
}

for (const name of chosen) {
  const section = await attempt(() => import(`./${name}.mjs`));
  const { title = name, contestants = [{ name: 'recur', measure: () => section }] } = section;
  const results = [];
  for (const { name: who, measure } of contestants) {
    console.error(`bench: ${name}, ${who}`);
    results.push({ who, ...(await attempt(() => measure(options))) });
  }
  printSection({ section: name, title, results }, options.json);
}
process.exitCode = failed ? 1 : 0;
