// Trainers, and looks inside of classifiers: a script and a WASM module of their own, which recur.js
// imports when it is first asked for them. recur-trainer.d.ts documents what a trainer does.

export const trainer = {
  scalar: () => new URL('./recur-trainer-scalar.wasm', import.meta.url),
  simd128: () => new URL('./recur-trainer-simd128.wasm', import.meta.url),
  relaxed: () => new URL('./recur-trainer-relaxed.wasm', import.meta.url),
};

const CELLS = ['rnn', 'lstm', 'gru'];
const RECIPES = ['default', 'tutorial'];
// The order of recur_learning in recur.h, with the values of those that are words.
const OPTIONS = {
  duplicates: ['keep', 'drop'],
  several: ['each', 'together'],
  unmarked: 0,
  letters: ['tutorial', 'data'],
  rare: 0,
  layers: 0,
  hidden: 0,
  directions: 0,
  embedding: 0,
  pooling: ['last', 'all'],
  letterCase: ['keep', 'title'],
  dropout: 0,
  dropoutEmbedding: 0,
  optimizer: ['sgd', 'adam', 'adamw'],
  schedule: ['constant', 'cosine', 'inverse-sqrt'],
  batch: 0,
  epochs: 0,
  lr: 0,
  beta2: 0,
  momentum: 0,
  weightDecay: 0,
  warmup: 0,
  clip: 0,
  smoothing: 0,
  unknown: 0,
  average: 0,
  seed: 0,
};
const NAMES = Object.keys(OPTIONS);
// And of recur_trained and recur_inside.
const [LOSS, EXAMPLES, EPOCH, STEPS, RATE, TRAIN, DEV, LETTERS, DEV_LOSS, TOP1, TOP3, RECALL] =
  Array(12).keys();
const [HIDDEN, CELL, GRADIENT, GATES] = Array(4).keys();
const WHOLE = 2;
const ALL_GATES = 4;
const BASES = ['nothing', 'letters', 'script'];

const encoder = new TextEncoder();

function find(name, words, value) {
  const index = words.indexOf(value);
  if (index < 0) throw new RangeError(`${name}: ${value} is none of ${words.join(', ')}`);
  return index;
}

/** Calls recur_trainer_<call> with an option and its value. */
function setOption(core, call, name, value, ...args) {
  const option = find('the options', NAMES, name);
  const number = OPTIONS[name] ? find(name, OPTIONS[name], value) : value;
  if (typeof number !== 'number') throw new RangeError(`${name}: ${value} is not a number`);
  if (core.number(`trainer_${call}`, ...args, option, number) < 0) {
    throw new RangeError(`${name}: ${core.text('error')}`);
  }
}

/** Classifier is that of recur.js, which works over this core as well. */
export const open = (core, Classifier) => new Trainers(core, Classifier);

class Trainers {
  #core;
  #Classifier;

  constructor(core, Classifier) {
    this.#core = core;
    this.#Classifier = Classifier;
  }

  create({ recipe = 'default', cell = 'gru', ...options } = {}, { train, dev } = {}) {
    const core = this.#core;
    for (const [name, text] of Object.entries({ train, dev })) {
      if (typeof (text ?? '') !== 'string') throw new TypeError(`data.${name} is not a string`);
    }
    core.count('trainer_recipe', find('recipe', RECIPES, recipe), find('cell', CELLS, cell));
    for (const [name, value] of Object.entries(options)) {
      if (value !== undefined) setOption(core, 'option', name, value);
    }
    const texts = [train ?? '', dev ?? ''];
    core.input(encoder.encode(texts.join('')));
    const sizes = texts.map((text) => encoder.encode(text).length);
    const handle = core.count('trainer_new', ...sizes, dev === undefined);
    return new Trainer(core, handle, this.#look(handle));
  }

  /** What looks inside the classifier of that file. */
  look(bytes) {
    return this.#look(this.#core.load('classifier', bytes));
  }

  #look(handle) {
    return new Look(this.#core, handle, new this.#Classifier(this.#core, handle));
  }
}

class Look {
  #core;
  #handle;
  #classifier; // of the same handle

  constructor(core, handle, classifier) {
    this.#core = core;
    this.#handle = handle;
    this.#classifier = classifier;
    this.info = classifier.info;
  }

  classifyMany(texts, { whole, prior } = {}) {
    const core = this.#core;
    const { labels } = this.info;
    this.#classifier.classify('', { prior }); // which sets it
    const ended = texts.map((text) => `${text.replaceAll('\0', '\uFFFD')}\0`);
    const bytes = encoder.encode(ended.join(''));
    core.input(bytes);
    const count = core.count('classify_many', this.#handle, bytes.length, whole ? WHOLE : 0);
    const probabilities = core.array(Float32Array, 'probabilities', count * labels.length);
    const from = [...core.array(Uint8Array, 'bases', count)].map((basis) => BASES[basis]);
    return { probabilities, from };
  }

  classify(text, whole) {
    return this.#classifier.classify(text, { top: this.info.labels.length, whole, prior: 'data' });
  }

  inspect(text, { label, whole }) {
    const core = this.#core;
    const { cell, labels, layers, directions, hidden } = this.info;
    const index = label === undefined ? -1 : find('label', labels, label);
    const result = this.classify(text, whole);
    const bytes = encoder.encode(text);
    core.input(bytes);
    const letters = core.count('inspect', this.#handle, bytes.length, whole ? WHOLE : 0, index);
    const read = (tensor, length) =>
      core.array(Float32Array, 'inspect_values', letters * length, tensor);
    const slots = layers * directions;
    const names = Array.from({ length: ALL_GATES }, (_, gate) =>
      core.number('inspect_gate', gate) === 0 ? null : core.text('inspect_gate', gate),
    ).filter(Boolean);
    Object.assign(result, {
      cell,
      shape: [layers, directions, letters, hidden],
      gates: Object.fromEntries(
        names.map((name, gate) => [name, read(GATES + gate, slots * hidden)]),
      ),
      hidden: read(HIDDEN, slots * hidden),
      cellState: cell === 'lstm' ? read(CELL, slots * hidden) : null,
    });
    if (index < 0) return result;
    const loss = core.number('inspect_loss');
    return Object.assign(result, { loss, gradient: read(GRADIENT, slots) });
  }

  free() {
    this.#classifier.free();
  }
}

class Trainer {
  #core;
  #handle;
  #look;

  constructor(core, handle, look) {
    this.#core = core;
    this.#handle = handle;
    this.#look = look;
    const { cell, labels, parameters } = look.info;
    const letters = core.array(Uint32Array, 'trainer_letters', this.#number(LETTERS), handle);
    Object.assign(this, {
      cell,
      labels,
      parameters,
      letters: [...String.fromCodePoint(...letters)],
      examples: { train: this.#number(TRAIN), dev: this.#number(DEV) },
    });
  }

  step(milliseconds = 0) {
    const end = performance.now() + milliseconds;
    const sum = { steps: 0, examples: 0, loss: 0 };
    do {
      this.#core.count('trainer_step', this.#handle);
      sum.steps++;
      sum.examples += this.#number(EXAMPLES);
      sum.loss += this.#number(LOSS);
    } while (performance.now() < end);
    sum.loss /= sum.examples;
    return {
      ...sum,
      epoch: this.#number(EPOCH),
      step: this.#number(STEPS),
      learningRate: this.#number(RATE),
    };
  }

  evaluate() {
    const core = this.#core;
    const examples = core.count('trainer_evaluate', this.#handle);
    return {
      examples,
      loss: this.#number(DEV_LOSS),
      accuracy: this.#number(TOP1),
      top3: this.#number(TOP3),
      macroRecall: this.#number(RECALL),
      confusion: core.array(Uint32Array, 'trainer_confusion', this.labels.length ** 2),
      predicted: core.array(Int32Array, 'trainer_predicted', examples),
    };
  }

  dev(index) {
    const label = this.#core.count('trainer_dev_label', this.#handle, index);
    const text = this.#core.text('trainer_dev_text', this.#handle, index);
    return { text, label: this.labels[label] };
  }

  classify(text) {
    return this.#look.classify(text, true).ranking;
  }

  inspect(text, label) {
    return this.#look.inspect(text, { label, whole: true });
  }

  setLearningRate(rate) {
    setOption(this.#core, 'set', 'lr', rate, this.#handle);
  }

  setBatch(size) {
    setOption(this.#core, 'set', 'batch', size, this.#handle);
  }

  save() {
    const bytes = this.#core.count('trainer_save', this.#handle);
    return this.#core.array(Uint8Array, 'trainer_file', bytes);
  }

  free() {
    this.#look.free();
  }

  #number(which) {
    return this.#core.number('trainer_number', this.#handle, which);
  }
}
