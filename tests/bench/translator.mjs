import { measureBy, path } from './programs.mjs';

export const title =
  'Training of a translator: GRU 512 with attention, 8,000 words, batches of 128, one thread';

const ours = path('build/native/tests/bench/bench_translator');

function torch({ python }, ...flags) {
  return measureBy(python, [path('tests/bench/torch_translator.py'), ...flags]);
}

export const contestants = [
  { name: 'recur', measure: () => measureBy(ours, []) },
  { name: 'PyTorch', measure: torch },
  { name: 'PyTorch, compiled', measure: (options) => torch(options, '--compile') },
];
