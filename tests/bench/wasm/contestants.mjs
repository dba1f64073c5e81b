// Who runs the two networks of networks.mjs, in node and in a page alike. `world` is what differs:
// { where, read(path): the bytes of a file of the repository, or null, tensorflow(): see tfjs.mjs }.

import { timeOf } from '../time_of.mjs';
import { classifier, decoder } from './networks.mjs';

/** What the rows call the networks, and how far from what it should be a variant's answer may be. */
const NETWORKS = {
  classifier: 'names classifier, 8 letters',
  decoder: 'decoder step, 11.4 M weights',
};
const ALLOWED = { f32: 1e-5, int8: 0.03 };

/** What gives { version, contestants: [{ network, variant, run, output }] } for the networks. */
const loaders = {
  async recur(world, networks) {
    const { load } = await import('./ours.mjs');
    return load(world.read, networks);
  },
  async ort(world, networks) {
    const ort = await import('onnxruntime-web/wasm');
    const { load } = await import('./ort.mjs');
    return load(ort, networks);
  },
  async tfjs(world, networks) {
    const { tf, setWasmPaths, folder } = await world.tensorflow();
    const { load } = await import('./tfjs.mjs');
    return load(tf, setWasmPaths, folder, networks);
  },
};

/** Hands records as the native programs print them to `tell`: the version, then a row for each. */
export async function compete(name, world, tell) {
  const file = new TextDecoder().decode(await world.read('build/bench/classifier.json'));
  const networks = { classifier: classifier(JSON.parse(file)), decoder: decoder() };
  const wanted = {
    classifier: networks.classifier.probabilities,
    decoder: networks.decoder.logits,
  };
  const { version, contestants } = await loaders[name](world, networks);
  tell({ version });
  for (const { network, variant, run, output } of contestants) {
    const error = distance(await output(), wanted[network]);
    const allowed = ALLOWED[variant.split(' ')[0]];
    if (!(error <= allowed)) {
      throw new Error(`${name}, ${network} ${variant}: off by ${error}, allowed is ${allowed}`);
    }
    tell({
      name: `${NETWORKS[network]}, ${world.where}`,
      variant,
      unit: 'ms',
      ...(await timeOf(run)),
    });
  }
}

/** The length of the difference, as a share of the length of what it should be. */
function distance(got, want) {
  if (got.length !== want.length) return NaN;
  const square = (sum, value) => sum + value * value;
  const difference = want.map((value, i) => value - got[i]);
  return Math.sqrt(difference.reduce(square, 0) / want.reduce(square, 0));
}
