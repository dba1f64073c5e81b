import { measureBy, path } from './programs.mjs';

export const title = 'Matrix products M x N x K, one thread; our B is packed beforehand';

/**
 * OpenBLAS with the kernels that it chooses, and with those for two other kinds of core: on some
 * machines they are faster. The best of the three counts, row by row.
 */
async function openblas({ openblas: library }) {
  const best = new Map();
  let result;
  for (const core of [undefined, 'Haswell', 'SkylakeX']) {
    const found = await measureBy(
      path('build/native/tests/bench/bench_openblas'),
      ['--library', library],
      { OPENBLAS_CORETYPE: core, OPENBLAS_L2_SIZE: undefined },
    );
    result ??= found;
    for (const row of found.rows) {
      if (!(best.get(row.name)?.value >= row.value)) best.set(row.name, row);
    }
  }
  const version = result.version && `${result.version}, or for Haswell or SkylakeX where faster`;
  return { ...result, version, rows: [...best.values()] };
}

export const contestants = [
  { name: 'recur', measure: () => measureBy(path('build/native/tests/bench/bench_gemm'), []) },
  { name: 'OpenBLAS', measure: openblas },
];
