import {
  encoder,
  utf8,
  utf16,
  dropped,
  list,
  readMetadata,
  utf16Offsets,
  PARAMETERS,
  LAYERS,
  HIDDEN,
  DIRECTIONS,
  LABELS,
} from './core.js';

const PRIORS = ['data', 'equal', 'balanced']; // and then weights
const BASES = ['nothing', 'letters', 'script'];
const CLASSIFY_STEPS = 1;
const CLASSIFY_WHOLE = 2;

export class Classifier {
  #core;
  #handle;
  #prior = 'data';
  #openLook;
  #look;

  constructor(core, handle, openLook) {
    this.#core = core;
    this.#handle = handle;
    this.#openLook = openLook;
    dropped.register(this, { core, handle }, this);
    this.info = readClassifierInfo(core, handle);
    Object.freeze(this);
  }

  classify(text, { top = 5, steps = false, whole = false, prior = usualPrior(this.info) } = {}) {
    if (typeof text !== 'string') throw new TypeError('the text is not a string');
    if (!Number.isInteger(top) || top < 1) throw new TypeError('top is not a whole number from 1');
    this.#suppose(prior);
    const bytes = encoder.encode(text); // a lone surrogate becomes U+FFFD
    this.#core.input(bytes);
    const how = (steps ? CLASSIFY_STEPS : 0) + (whole ? CLASSIFY_WHOLE : 0);
    const count = this.#core.count('classify', this.#handle, bytes.length, how);
    const { labels } = this.info;
    const from = BASES[this.#core.number('basis')];
    const probabilities = this.#core.array(
      Float32Array,
      'probabilities',
      from === 'nothing' ? 0 : labels.length,
    );
    const letters = utf16.decode(this.#core.array(Uint16Array, 'letters', count));
    const [start, end] = ['read_start', 'read_end'].map(
      (name) => utf8.decode(bytes.subarray(0, this.#core.number(name))).length,
    );
    const result = {
      letters,
      from,
      script: this.#core.text('script') || null,
      read: { start, end },
      ranking: rank(labels, probabilities, top),
    };
    if (steps) result.steps = readSteps(this.#core, labels.length, letters, bytes);
    return result;
  }

  async inspect(text, options = {}) {
    return (await this.#more()).inspect(text, options);
  }

  async classifyMany(texts, options) {
    return (await this.#more()).classifyMany(texts, options);
  }

  async #more() {
    return (this.#look ??= await this.#openLook());
  }

  /** Sets the prior of the answers to come, unless it is that of the last. */
  #suppose(prior) {
    if (prior === this.#prior && typeof prior === 'string') return;
    let kind = PRIORS.indexOf(prior);
    if (kind < 0) {
      if (Object(prior) !== prior) {
        throw new TypeError(`the prior is not ${PRIORS} or weights by label`);
      }
      kind = PRIORS.length;
      this.#core.input(new Uint8Array(readWeights(this.info.labels, prior).buffer));
    }
    this.#prior = undefined;
    this.#core.count('classifier_prior', this.#handle, kind);
    this.#prior = prior;
  }

  free() {
    this.#core.release(this.#handle);
    this.#look?.free();
    dropped.unregister(this);
  }
}

/** What the file says, or else equal shares if it tells those of its data. */
const usualPrior = ({ shares, metadata }) =>
  shares ? (metadata['recur.prior.default'] ?? 'equal') : 'data';

/** The weights in the order of the labels; those that are not named have none. */
function readWeights(labels, prior) {
  for (const [label, weight] of Object.entries(prior)) {
    if (!labels.includes(label)) throw new TypeError(`the prior of ${label} is of no label`);
    if (!(weight >= 0)) throw new TypeError(`the prior of ${label} is no number from 0 on`);
  }
  return Float32Array.from(labels, (label) => (Object.hasOwn(prior, label) ? prior[label] : 0));
}

/** What the file tells of the labels in its data, or null. */
function readShares(core, handle, count) {
  const told = core.number('classifier_shares', handle) !== 0;
  return told ? core.array(Float32Array, 'classifier_shares', count, handle) : null;
}

function readClassifierInfo(core, handle) {
  const property = (which) => core.count('property', handle, which);
  const labels = property(LABELS);
  return Object.freeze({
    cell: core.text('classifier_cell', handle),
    layers: property(LAYERS),
    hidden: property(HIDDEN),
    directions: property(DIRECTIONS),
    parameters: property(PARAMETERS),
    labels: Object.freeze(list(labels, (index) => core.text('classifier_label', handle, index))),
    shares: readShares(core, handle, labels),
    metadata: readMetadata(core, handle),
  });
}

/** The `top` most probable labels; equal ones stay in the order of the labels. */
function rank(labels, probabilities, top) {
  return Array.from(probabilities, (probability, index) => ({ label: labels[index], probability }))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, top);
}

function readSteps(core, labels, letters, bytes) {
  const count = core.count('step_count');
  const sources = utf16Offsets(bytes, core.array(Int32Array, 'step_sources', count));
  const rows = core.array(Float32Array, 'step_probabilities', count * labels);
  return sources.map((index, step) => ({
    letter: letters[step],
    index,
    probabilities: rows.slice(step * labels, (step + 1) * labels),
  }));
}
