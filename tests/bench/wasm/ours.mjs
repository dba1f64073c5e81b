// recur as a contestant, in every flavour with SIMD: the classifier through the module that pages
// embed, text in and ranking out, and the decoder's step through decoder_step.c.

import { createEngine, flavours } from '../../../build/wasm/recur.js';

function classifierContestant(engine, flavour, file, { text }) {
  const model = engine.loadClassifier(file);
  const { labels } = model.info;
  const output = () => {
    const { ranking } = model.classify(text, { top: labels.length });
    const shares = new Map(ranking.map(({ label, probability }) => [label, probability]));
    return labels.map((label) => shares.get(label));
  };
  return {
    network: 'classifier',
    variant: `f32 ${flavour}`,
    run: () => model.classify(text),
    output,
  };
}

async function decoderContestant(binary, flavour, network) {
  const { instance } = await WebAssembly.instantiate(binary);
  const wasm = instance.exports;
  wasm._initialize?.();
  const step = wasm.decoder_new();
  if (step === 0) throw new Error('out of memory');
  const tensors = [
    network.embeddings,
    network.gru.weightIh,
    network.gru.weightHh,
    network.gru.biasIh,
    network.gru.biasHh,
    network.outWeight,
    network.outBias,
    network.state,
    network.memory,
  ];
  tensors.forEach((data, index) => {
    const at = wasm.decoder_tensor(step, index);
    new Float32Array(wasm.memory.buffer, at, data.length).set(data);
  });
  wasm.decoder_prepare(step);
  const logits = () => {
    wasm.decoder_step(step, network.word);
    return new Float32Array(wasm.memory.buffer, wasm.decoder_logits(step), network.words);
  };
  return {
    network: 'decoder',
    variant: `int8 ${flavour}`,
    run: () => wasm.decoder_step(step, network.word),
    output: logits,
  };
}

/** See contestants.mjs. */
export async function load(read, { classifier, decoder }) {
  const file = await read('build/bench/classifier.gguf');
  const classifiers = [];
  const decoders = [];
  for (const flavour of flavours.filter((name) => name !== 'scalar')) {
    const binary = await read(`build/bench/decoder-${flavour}.wasm`);
    if (binary === null) continue; // this machine cannot build it
    const engine = await createEngine({ flavour, models: ['classifier'] });
    classifiers.push(classifierContestant(engine, flavour, file, classifier));
    decoders.push(await decoderContestant(binary, flavour, decoder));
  }
  return { contestants: [...classifiers, ...decoders] };
}
