// A program against recur's types; package.test.mjs only compiles it.
import {
  createEngine,
  detectFlavour,
  flavours,
  type Classification,
  type Classifier,
  type Engine,
  type Flavour,
} from '../../build/wasm/recur.js';

export async function main(weights: ArrayBuffer): Promise<string[]> {
  const flavour: Flavour = flavours[0] ?? (await detectFlavour());
  const engine: Engine = await createEngine({
    flavour,
    wasmBinary: Promise.resolve(new Uint8Array()),
  });
  const classifier: Classifier = engine.loadClassifier(weights);
  const result: Classification = classifier.classify('Anna', { top: 3, steps: true });
  const belief: Float32Array | undefined = result.steps?.[0]?.probabilities;
  const first: number | undefined = result.ranking[0]?.probability;
  const { cell, labels, metadata } = classifier.info;
  const licence = metadata['general.license'];
  classifier.free();
  engine.free();

  // @ts-expect-error there is no such flavour
  await createEngine({ flavour: 'mmx' });
  // @ts-expect-error a text is a string
  classifier.classify(7);
  // @ts-expect-error steps are there only when asked for
  result.steps[0];
  // @ts-expect-error what is told of a classifier stays
  classifier.info.hidden = 1;

  return [cell, ...labels, String(licence), String(first ?? belief?.length), engine.version];
}
