import { createEngine } from '../../build/wasm/recur.js';
import { serve } from '../engine/serve.js';
import { createTurns } from '../engine/turns.js';

/** One network that learns, in its own thread. */

const SLICE = 30; // milliseconds of learning before messages have their turn
const REPORT_EVERY = 100; // milliseconds
const EVALUATE_EVERY = 500; // milliseconds, or more where it takes long:
const EVALUATE_SHARE = 0.05; // of the time, at most
const NAMES_MOST = 200; // behind a cell of the confusion matrix
const DRIVERS_FROM = 400; // names that are looked through for what drives a unit
const DRIVERS = 5;

/** @type {import('../../wasm/recur.js').Engine | null} */
let engine = null;
/** @type {import('../../wasm/recur-trainer.js').Trainer | null} */
let trainer = null;
/** The same at the start of training, made when it is first wanted. */
let untrained = null;
let made = null;
/** Label of each example that is kept apart, by index. */
let truth = [];
let predicted = [];
let watched = '';
let running = false;
const turns = createTurns();

function evaluate() {
  const begin = performance.now();
  const { predicted: found, ...scores } = trainer.evaluate();
  predicted = found;
  const end = performance.now();
  return { scores, end, took: end - begin };
}

const ranking = () => (watched.trim() ? trainer.classify(watched) : []);

const actions = {
  async create({ flavour, wasmBinary, options, data }) {
    engine ??= await createEngine({
      flavour,
      models: ['trainer'],
      wasmBinaries: { trainer: wasmBinary },
    });
    forget();
    made = { options, data };
    trainer = await engine.createTrainer(options, data);
    const { labels, letters, parameters, examples } = trainer;
    const at = new Map(labels.map((label, i) => [label, i]));
    truth = Array.from({ length: examples.dev }, (_, i) => at.get(trainer.dev(i).label));
    return {
      info: { labels: [...labels], letters: [...letters], parameters, examples: { ...examples } },
      evaluation: evaluate().scores,
      ranking: ranking(),
    };
  },

  /** Learns until `pause`; parts tell how it goes, and the result of what came after the last. */
  async run(_, { post }) {
    running = true;
    let evaluated = { end: performance.now(), took: 0 };
    let since = performance.now();
    let told = since;
    let sum = null;
    const report = () => {
      const now = performance.now();
      const due = Math.max(EVALUATE_EVERY, evaluated.took / EVALUATE_SHARE);
      let scores;
      if (!running || now - evaluated.end > due) ({ scores, ...evaluated } = evaluate());
      const part = { ...sum, milliseconds: now - since, evaluation: scores, ranking: ranking() };
      sum = null;
      told = since = performance.now();
      return part;
    };
    try {
      while (running) {
        sum = added(sum, trainer.step(SLICE));
        if (performance.now() - told >= REPORT_EVERY) post(report());
        await turns.next();
      }
      return report();
    } finally {
      running = false;
    }
  },

  pause() {
    running = false;
  },

  step() {
    const begin = performance.now();
    const done = trainer.step(0);
    const milliseconds = performance.now() - begin;
    return { ...done, milliseconds, evaluation: evaluate().scores, ranking: ranking() };
  },

  /** The name whose ranking is told with all that follows. */
  watch({ text }) {
    watched = text;
    return trainer ? ranking() : [];
  },

  set({ lr, batch }) {
    if (lr !== undefined) trainer.setLearningRate(lr);
    if (batch !== undefined) trainer.setBatch(batch);
  },

  /** The names of one label that were taken for another, as of the last evaluation. */
  names({ row, column }) {
    const found = [];
    let count = 0;
    truth.forEach((label, i) => {
      if (label !== row || predicted[i] !== column) return;
      count++;
      if (found.length < NAMES_MOST) found.push(trainer.dev(i).text);
    });
    return { names: found, count };
  },

  /** What is inside while a text is read, now and, if that is wanted, as it was before it learnt. */
  async inspect({ text, label, start }) {
    const now = trainer.inspect(text, label);
    if (!start) return { now };
    untrained ??= await engine.createTrainer(made.options, made.data);
    return { now, start: untrained.inspect(text, label) };
  },

  /** The names that a unit is highest and lowest for, at whichever letter that is. */
  async drivers({ layer, direction, unit }) {
    const found = [];
    const count = trainer.examples.dev;
    const stride = Math.max(1, Math.floor(count / DRIVERS_FROM));
    const asked = trainer;
    for (let i = 0; i < count; i += stride) {
      const { text } = trainer.dev(i);
      const { shape, hidden } = trainer.inspect(text);
      const [, directions, letters, units] = shape;
      const from = (layer * directions + direction) * letters;
      for (let t = 0; t < letters; t++)
        found.push({ text, letter: t, value: hidden[(from + t) * units + unit] });
      if (i % (20 * stride) === 0) await turns.next();
      if (trainer !== asked) return { highest: [], lowest: [] };
    }
    return { highest: extreme(found, 1), lowest: extreme(found, -1) };
  },

  save: () => trainer.save(),
};

/** The most of each name, and of those the first few. */
function extreme(found, sign) {
  const best = new Map();
  for (const entry of found) {
    const before = best.get(entry.text);
    if (!before || sign * entry.value > sign * before.value) best.set(entry.text, entry);
  }
  return [...best.values()].sort((a, b) => sign * (b.value - a.value)).slice(0, DRIVERS);
}

function added(sum, done) {
  if (!sum) return done;
  const examples = sum.examples + done.examples;
  const loss = (sum.loss * sum.examples + done.loss * done.examples) / examples;
  return { ...done, steps: sum.steps + done.steps, examples, loss };
}

function forget() {
  trainer?.free();
  untrained?.free();
  trainer = untrained = null;
  predicted = [];
}

serve(actions);
