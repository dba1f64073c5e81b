import { outputOf, path } from './programs.mjs';

export const title = 'Every kernel of every variant, the fastest of many runs';

export const contestants = [
  {
    name: 'recur',
    measure: async () => ({
      rows: [],
      text: await outputOf(path('build/native/tests/kernels/check_kernels'), ['--bench']),
    }),
  },
];
