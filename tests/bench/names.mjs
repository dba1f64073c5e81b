import { existsSync } from 'node:fs';
import { measureBy, path } from './programs.mjs';

export const title =
  'Training of the names networks: one-hot letters, a layer of 128, SGD, one thread';

export const contestants = [
  {
    name: 'recur',
    measure: ({ data }) =>
      measureBy(path('build/native/tests/bench/bench_names'), ['--json', '--data', data]),
  },
  {
    name: 'PyTorch',
    measure: ({ data, python }) =>
      measureBy(python, [path('tests/bench/torch_names.py'), '--data', data]),
  },
  {
    // Debian has no package of it, so that it is there is all that can be told.
    name: 'KANN',
    measure: async () => ({
      rows: [],
      skipped: ['/usr/include/kann.h', '/usr/local/include/kann.h'].some(existsSync)
        ? 'kann.h is installed, but no program here measures it'
        : 'kann.h is not installed',
    }),
  },
];
