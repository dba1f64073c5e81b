// A program against recur's types; package.test.mjs only compiles it.
import {
  createEngine,
  detectFlavour,
  flavours,
  type Classification,
  type Classifications,
  type Classifier,
  type Engine,
  type Flavour,
  type Inspection,
  type Trainer,
  type Translation,
  type TranslationInspection,
  type Translator,
} from '../../build/wasm/recur.js';
import { together, type Together } from '../../build/wasm/recur-together.js';

export async function main(weights: ArrayBuffer): Promise<string[]> {
  const flavour: Flavour = flavours[0] ?? (await detectFlavour());
  const engine: Engine = await createEngine({
    flavour,
    models: ['classifier', 'translator'],
    wasmBinaries: { translator: Promise.resolve(new Uint8Array()) },
  });
  const classifier: Classifier = engine.loadClassifier(weights);
  const result: Classification = classifier.classify('Anna', { top: 3, steps: true });
  const belief: Float32Array | undefined = result.steps?.[0]?.probabilities;
  const first: number | undefined = result.ranking[0]?.probability;
  const { cell, labels, metadata } = classifier.info;
  const licence = metadata['general.license'];
  const inside: Inspection = await classifier.inspect('Anna', { label: labels[0] });
  const forget: Float32Array | undefined = inside.gates.forget;
  const arriving: number | undefined = inside.gradient?.[0];
  const all: Together = together([classifier, classifier]);
  const single: Classification | undefined = all.classify('Anna', { prior: 'data' }).each[0];
  const many: Classifications = await all.classifyMany(['Anna'], { whole: true });
  const basis: 'letters' | 'script' | 'nothing' | undefined = many.from[0];
  classifier.free();

  const trainer: Trainer = await engine.createTrainer(
    { recipe: 'tutorial', cell: 'lstm', layers: 2, optimizer: 'adam', lr: 0.01 },
    { train: 'Anna\tItalian\n' },
  );
  const { loss, epoch }: { loss: number; epoch: number } = trainer.step(10);
  const confused: Uint32Array = trainer.evaluate().confusion;
  const likeliest: string | undefined = trainer.classify('Anna')[0]?.label;
  const saved: Uint8Array = trainer.save();
  trainer.free();

  const translator: Translator = engine.loadTranslator(weights);
  const translation: Translation = await translator.translate('Good morning.', {
    beam: 4,
    nbest: 2,
    attention: true,
    signal: AbortSignal.timeout(1000),
    onToken: ({ sentence, text }) => console.log(sentence, text),
  });
  const alternative: string | undefined = translation.sentences[0]?.alternatives[0]?.text;
  const place: number | undefined = translation.sentences[0]?.sourceTokens[0]?.start;
  const looked: number | undefined = translation.sentences[0]?.attention?.[0];
  const limit: number = translator.info.limits.tokens;
  const look: TranslationInspection = await translator.inspect('Good morning.', { beam: 1 });
  const state: number | undefined = look.encoder.hidden[look.encoder.shape[3] ?? 0];
  const pieces: number | undefined = look.sourceWords[0]?.tokens.length;
  translator.free();
  engine.free();

  // @ts-expect-error there is no such flavour
  await createEngine({ flavour: 'mmx' });
  // @ts-expect-error nor such models
  await createEngine({ models: ['summarizer'] });
  // @ts-expect-error an engine is for something
  await createEngine({ models: [] });
  // @ts-expect-error a text is a string
  classifier.classify(7);
  // @ts-expect-error steps are there only when asked for
  result.steps[0];
  // @ts-expect-error an alternative is no more than a text and its score
  translation.sentences[0].alternatives[0].attention;
  // @ts-expect-error what is told of a classifier stays
  classifier.info.hidden = 1;

  // @ts-expect-error there is no such option
  await engine.createTrainer({ size: 3 }, { train: '' });
  // @ts-expect-error a trainer learns from something
  await engine.createTrainer({}, {});

  const numbers = [first, belief?.length, place, looked, limit, arriving, loss, epoch].map(String);
  numbers.push(String(state), String(pieces));
  numbers.push(...[forget, confused, saved, likeliest].map((some) => String(some?.length)));
  return [
    cell,
    ...labels,
    String(licence),
    alternative ?? '',
    single?.from ?? basis ?? '',
    ...numbers,
    engine.version,
  ];
}
