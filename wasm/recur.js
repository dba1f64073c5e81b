// recur's JavaScript module; recur.d.ts documents what it exports.
//
// Classifiers and translators have WASM modules of their own, so that a page gets only the code that it
// runs. One instance owns all memory of its models. A model here is a handle that the core checks at
// every use; pointers are read at once and never kept.

import { relaxedSimd, simd } from 'wasm-feature-detect'; // bundled by the build

// Written out one by one, as bundlers look for exactly this form to give the files their names.
const locations = {
  classifier: {
    scalar: () => new URL('./recur-classifier-scalar.wasm', import.meta.url),
    simd128: () => new URL('./recur-classifier-simd128.wasm', import.meta.url),
    relaxed: () => new URL('./recur-classifier-relaxed.wasm', import.meta.url),
  },
  translator: {
    scalar: () => new URL('./recur-translator-scalar.wasm', import.meta.url),
    simd128: () => new URL('./recur-translator-simd128.wasm', import.meta.url),
    relaxed: () => new URL('./recur-translator-relaxed.wasm', import.meta.url),
  },
};

const kinds = Object.keys(locations);
export const flavours = Object.freeze(Object.keys(locations.classifier));

export async function detectFlavour() {
  if (await relaxedSimd()) return 'relaxed';
  return (await simd()) ? 'simd128' : 'scalar';
}

export async function createEngine({ flavour, models = kinds, wasmBinaries = {} } = {}) {
  flavour ??= await detectFlavour();
  checkOneOf(flavours, flavour, 'the flavour');
  if (models.length === 0) throw new TypeError('an engine is for at least one kind of models');
  for (const model of models) checkOneOf(kinds, model, 'a kind of models');
  const load = async (model) => [
    model,
    await instantiate(await (wasmBinaries[model] ?? read(locations[model][flavour]()))),
  ];
  return new Engine(Object.fromEntries(await Promise.all(models.map(load))), flavour);
}

function checkOneOf(names, name, what) {
  if (names.includes(name)) return;
  throw new TypeError(`${what} is one of ${names.join(', ')}, not ${String(name)}`);
}

async function instantiate(binary) {
  const { instance } = await WebAssembly.instantiate(asBytes(binary, 'a WASM binary'), {
    env: {
      recur_nfc(text, length, out) {
        const { memory } = instance.exports;
        const composed = utf8.decode(new Uint8Array(memory.buffer, text, length)).normalize('NFC');
        return encoder.encodeInto(composed, new Uint8Array(memory.buffer, out)).written;
      },
    },
  });
  return new Core(instance.exports);
}

async function read(url) {
  if (url.protocol === 'file:') {
    // No import, which bundlers would follow.
    return globalThis.process.getBuiltinModule('node:fs/promises').readFile(url);
  }
  const response = await fetch(url).catch((cause) => {
    throw new Error(`${url.href} cannot be fetched`, { cause });
  });
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (bytes[0] === 0) return bytes; // "\0asm"
  const type = response.headers.get('content-type');
  throw new Error(`${url.href} answers with HTTP status ${response.status}, ${type}, not WASM`);
}

function asBytes(value, what) {
  const type = Object.prototype.toString.call(value); // in whatever realm it was made
  if (type === '[object Uint8Array]') return value;
  if (type === '[object ArrayBuffer]') return new Uint8Array(value);
  throw new TypeError(`${what} is neither an ArrayBuffer nor a Uint8Array`);
}

const encoder = new TextEncoder();
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const utf16 = new TextDecoder('utf-16le', { ignoreBOM: true });

/** The exports of one instance (recur.h), with failures turned into errors. */
class Core {
  #wasm;
  #engine; // 0 once freed

  constructor(wasm) {
    wasm._initialize?.();
    this.#wasm = wasm;
    this.#engine = wasm.recur_engine_new();
    if (this.#engine === 0) throw new Error('out of memory');
  }

  get memoryBytes() {
    return this.#wasm === null ? 0 : this.#wasm.memory.buffer.byteLength;
  }

  get version() {
    return this.#string(this.#wasm.recur_version());
  }

  /** What recur_<name>(engine, ...args) returns. */
  number(name, ...args) {
    if (this.#wasm === null) throw new Error('the engine was freed');
    return this.#wasm[`recur_${name}`](this.#engine, ...args);
  }

  /** The same where a negative number is a failure. */
  count(name, ...args) {
    const result = this.number(name, ...args);
    if (result < 0) throw this.#error();
    return result;
  }

  /** A text that recur_<name> returns. */
  text(name, ...args) {
    return this.#string(this.#pointer(name, ...args));
  }

  /** A copy of the array of `length` elements that recur_<name> returns. */
  array(ArrayType, name, length, ...args) {
    if (length === 0) return new ArrayType(0);
    return new ArrayType(this.#wasm.memory.buffer, this.#pointer(name, ...args), length).slice();
  }

  /** Loads the file of a model of that kind; returns its handle. */
  load(kind, bytes) {
    const file = asBytes(bytes, 'the weight file');
    this.input(file);
    return this.count(`${kind}_load`, file.length);
  }

  /** Copies bytes to where the next call looks for them. */
  input(bytes) {
    const start = this.#pointer('input', bytes.length);
    new Uint8Array(this.#wasm.memory.buffer, start, bytes.length).set(bytes);
  }

  /** Frees a model, if it is still there. */
  release(handle) {
    this.#wasm?.recur_free(this.#engine, handle);
  }

  free() {
    this.#wasm?.recur_engine_free(this.#engine);
    this.#wasm = null; // and with it goes the memory
  }

  #pointer(name, ...args) {
    const pointer = this.number(name, ...args);
    if (pointer === 0) throw this.#error();
    return pointer;
  }

  #error() {
    return new Error(this.#string(this.#wasm.recur_error(this.#engine)));
  }

  #string(pointer) {
    const memory = new Uint8Array(this.#wasm.memory.buffer);
    return utf8.decode(memory.subarray(pointer, memory.indexOf(0, pointer)));
  }
}

class Engine {
  #cores; // by the kind of their models

  constructor(cores, flavour) {
    this.#cores = cores;
    this.flavour = flavour;
    this.version = Object.values(cores)[0].version;
    Object.freeze(this);
  }

  get memoryBytes() {
    return Object.values(this.#cores).reduce((sum, core) => sum + core.memoryBytes, 0);
  }

  loadClassifier(bytes) {
    return this.#load('classifier', Classifier, bytes);
  }

  loadTranslator(bytes) {
    return this.#load('translator', Translator, bytes);
  }

  free() {
    for (const core of Object.values(this.#cores)) core.free();
  }

  #load(kind, Model, bytes) {
    const core = this.#cores[kind];
    if (core === undefined) {
      throw new Error(`this engine has no ${kind}: name it in the models of createEngine`);
    }
    return new Model(core, core.load(kind, bytes));
  }
}

/** Frees what a page dropped without free(); a handle freed already does no harm. */
const dropped = new FinalizationRegistry(({ core, handle }) => core.release(handle));

class Classifier {
  #core;
  #handle;
  #prior = 'data';

  constructor(core, handle) {
    this.#core = core;
    this.#handle = handle;
    dropped.register(this, { core, handle }, this);
    this.info = readClassifierInfo(core, handle);
    Object.freeze(this);
  }

  classify(text, { top = 5, steps = false, whole = false, prior } = {}) {
    if (typeof text !== 'string') throw new TypeError('the text is not a string');
    if (!Number.isInteger(top) || top < 1) throw new TypeError('top is not a whole number from 1');
    this.#suppose(prior === undefined ? (this.info.shares === null ? 'data' : 'equal') : prior);
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

  /** Sets the prior of the answers to come, unless it is that of the last. */
  #suppose(prior) {
    if (prior === this.#prior && typeof prior === 'string') return;
    let kind = PRIORS.indexOf(prior);
    if (kind < 0) {
      if (prior === null || typeof prior !== 'object') {
        throw new TypeError("the prior is neither 'equal' nor 'data' nor weights by label");
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
    dropped.unregister(this);
  }
}

const list = (length, item) => Array.from({ length }, (_, index) => item(index));

// The order of recur_model_property, recur_sentence_property and recur_metadata_kind in recur.h.
const [PARAMETERS, METADATA, LAYERS, HIDDEN, DIRECTIONS, LABELS] = list(6, (index) => index);
const [BYTES, SENTENCE_TOKENS, TEXT_SENTENCES, TEXT_BYTES] = list(4, (index) => LABELS + 1 + index);
const [START, END, TRUNCATED, SOURCE_TOKENS, TARGET_TOKENS] = list(5, (index) => index);
const [UNKNOWN, SPANS, COPIED] = list(3, (index) => TARGET_TOKENS + 1 + index);
const PRIORS = ['data', 'equal']; // and then weights
const BASES = ['nothing', 'letters', 'script'];
const CLASSIFY_STEPS = 1;
const CLASSIFY_WHOLE = 2;
const KIND_STRING = 0;
const KIND_BOOLEAN = 2;

/** The weights in the order of the labels; those that are not named have none. */
function readWeights(labels, prior) {
  for (const [label, weight] of Object.entries(prior)) {
    if (!labels.includes(label)) throw new TypeError(`the prior names no label: ${label}`);
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

function readMetadata(core, handle) {
  const entries = list(core.count('property', handle, METADATA), (index) => [
    core.text('metadata_key', handle, index),
    readEntry(core, handle, index),
  ]);
  return Object.freeze(Object.fromEntries(entries));
}

function readEntry(core, handle, index) {
  const kind = core.count('metadata_kind_of', handle, index);
  if (kind === KIND_STRING) return core.text('metadata_text', handle, index);
  const value = core.number('metadata_number', handle, index);
  return kind === KIND_BOOLEAN ? value !== 0 : value;
}

class Translator {
  #core;
  #handle;
  #last = Promise.resolve(); // the request that was made last, done or given up

  constructor(core, handle) {
    this.#core = core;
    this.#handle = handle;
    dropped.register(this, { core, handle }, this);
    this.info = readTranslatorInfo(core, handle);
    Object.freeze(this);
  }

  async translate(text, options = {}) {
    const { beam = 4, nbest = 1, attention = false, numbers = 'french', signal, onToken } = options;
    if (typeof text !== 'string') throw new TypeError('the text is not a string');
    if (!Number.isInteger(beam)) throw new TypeError('beam is not a whole number');
    if (!Number.isInteger(nbest)) throw new TypeError('nbest is not a whole number');
    checkOneOf(['french', 'as-is'], numbers, 'numbers');
    const before = this.#last;
    let done;
    const mine = new Promise((resolve) => (done = resolve));
    this.#last = before.then(() => mine);
    try {
      await unlessAborted(before, signal);
      return await new Translating(this.#core, this.#handle, text, signal, onToken).run(
        beam,
        nbest,
        attention,
        numbers === 'french',
      );
    } finally {
      done();
    }
  }

  free() {
    this.#core.release(this.#handle);
    dropped.unregister(this);
  }
}

function readTranslatorInfo(core, handle) {
  const property = (which) => core.count('property', handle, which);
  const metadata = readMetadata(core, handle);
  const text = (key) => String(metadata[key] ?? '');
  return Object.freeze({
    name: text('general.name'),
    license: text('general.license'),
    attribution: text('general.attribution'),
    source: text('recur.source.language'),
    target: text('recur.target.language'),
    kind: metadata['recur.text'] === 'words' ? 'tutorial' : 'subword',
    parameters: property(PARAMETERS),
    bytes: property(BYTES),
    limits: Object.freeze({
      tokens: property(SENTENCE_TOKENS),
      sentences: property(TEXT_SENTENCES),
      bytes: property(TEXT_BYTES),
    }),
    metadata,
  });
}

/** The promise, or the signal's reason if that comes first. */
function unlessAborted(promise, signal) {
  if (signal === undefined) return promise;
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort);
    promise.then(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    });
  });
}

const SLICE = 8; // milliseconds of work before other things get their turn

/** Lets everything that waits in the event loop go first. */
const pause = globalThis.scheduler?.yield
  ? () => scheduler.yield()
  : () =>
      new Promise((resolve) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          port1.close(); // or Node would wait for more
          resolve();
        };
        port2.postMessage(null);
      });

/** One text on its way through the translator. */
class Translating {
  #core;
  #handle;
  #text;
  #signal;
  #onToken;
  #told = []; // by sentence: what onToken got last

  constructor(core, handle, text, signal, onToken) {
    this.#core = core;
    this.#handle = handle;
    this.#text = text;
    this.#signal = signal;
    this.#onToken = onToken;
  }

  async run(beam, nbest, attention, french) {
    this.#signal?.throwIfAborted();
    let since = performance.now();
    let milliseconds = 0;
    const bytes = encoder.encode(this.#text); // a lone surrogate becomes U+FFFD
    this.#core.input(bytes);
    const begin = [this.#handle, bytes.length, beam, nbest, attention ? 1 : 0, french ? 1 : 0];
    let left = this.#core.count('translate', ...begin);
    const sentences = new Array(left);
    while (left > 0) {
      const found = this.#core.count('translate_step', this.#handle);
      for (let index = 0; index < found; index++) this.#read(index, nbest, sentences);
      left -= found;
      const spent = performance.now() - since;
      if (spent < SLICE || left === 0) continue;
      milliseconds += spent;
      this.#tell();
      await pause();
      this.#signal?.throwIfAborted();
      since = performance.now();
    }
    milliseconds += performance.now() - since;
    return { text: this.#join(sentences, bytes), sentences, milliseconds };
  }

  #read(index, nbest, sentences) {
    const core = this.#core;
    const number = core.count('translate_found', this.#handle, index);
    const source = core.text('sentence_source');
    const results = list(nbest, (rank) => ({
      text: core.text('sentence_text', rank),
      score: core.number('sentence_score', rank),
    }));
    const [{ text, score }] = results;
    const sourceTokens = this.#tokens('source', SOURCE_TOKENS, source);
    const targetTokens = this.#tokens('target', TARGET_TOKENS, text);
    const cells = sourceTokens.length * targetTokens.length;
    sentences[number] = {
      start: core.count('sentence', START), // in bytes until all are there
      end: core.count('sentence', END),
      source,
      text,
      score,
      alternatives: distinct(results).slice(1),
      sourceTokens,
      targetTokens,
      attention: cells === 0 ? undefined : core.array(Float32Array, 'attention', cells),
      truncated: core.count('sentence', TRUNCATED) !== 0,
      unknown: this.#tokens('unknown', UNKNOWN, source).map((word) => word.text),
      spans: this.#spans(source, text),
      copied: core.count('sentence', COPIED) !== 0,
    };
    this.#report(number, text);
  }

  #tokens(side, property, text) {
    const count = this.#core.count('sentence', property);
    const ranges = this.#core.array(Int32Array, `${side}_ranges`, 2 * count);
    const places = utf16Offsets(encoder.encode(text), ranges);
    return list(count, (index) => {
      const [start, end] = places.slice(2 * index, 2 * index + 2);
      return { text: text.slice(start, end), start, end };
    });
  }

  /** What was not translated, by where it stands in the source; each with its place in the text. */
  #spans(source, text) {
    const count = this.#core.count('sentence', SPANS);
    if (count === 0) return [];
    const ranges = this.#core.array(Int32Array, 'span_ranges', 4 * count);
    const places = [source, text].map((whole) => utf16Table(encoder.encode(whole)));
    const token = (side, at) => {
      const [start, end] = [places[side][ranges[at]], places[side][ranges[at + 1]]];
      return { text: [source, text][side].slice(start, end), start, end };
    };
    return list(count, (index) => ({
      source: token(0, 4 * index),
      target: token(1, 4 * index + 2),
    }));
  }

  /** Tells how far the sentences are that are under way. */
  #tell() {
    if (this.#onToken === undefined) return;
    const open = this.#core.count('translate_open', this.#handle);
    for (let index = 0; index < open; index++) {
      const number = this.#core.count('translate_peek', this.#handle, index);
      this.#report(number, this.#core.text('sentence_text', 0));
    }
  }

  #report(sentence, text) {
    if (this.#onToken === undefined || this.#told[sentence] === text) return;
    this.#told[sentence] = text;
    this.#onToken({ sentence, text });
  }

  /** The whole text, its line breaks kept; and the sentences' ranges in UTF-16. */
  #join(sentences, bytes) {
    const places = utf16Offsets(
      bytes,
      sentences.flatMap(({ start, end }) => [start, end]),
    );
    let text = '';
    let at = 0;
    sentences.forEach((sentence, index) => {
      [sentence.start, sentence.end] = places.slice(2 * index, 2 * index + 2);
      const gap = this.#text.slice(at, sentence.start);
      const copied = sentence.copied && (sentences[index - 1]?.copied ?? true);
      text += (copied || lineEnd.test(gap) ? gap : index > 0 ? ' ' : '') + sentence.text;
      at = sentence.end;
    });
    const rest = this.#text.slice(at);
    return sentences.at(-1)?.copied || lineEnd.test(rest) ? text + rest : text;
  }
}

const lineEnd = /[\n\r\u0085\u2028\u2029]/;

/** Without the texts that an earlier one is like. */
function distinct(results) {
  const seen = new Set();
  return results.filter(({ text }) => !seen.has(text) && seen.add(text));
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

/** Of every byte offset of UTF-8 `bytes` that begins a character, its UTF-16 offset. */
function utf16Table(bytes) {
  return utf16Offsets(
    bytes,
    Array.from({ length: bytes.length + 1 }, (_, index) => index),
  );
}

/** UTF-16 offsets of the characters at these byte offsets, which never fall, of UTF-8 `bytes`. */
function utf16Offsets(bytes, sources) {
  let byte = 0;
  let units = 0;
  return Array.from(sources, (source) => {
    for (; byte < source; byte++) {
      const continues = (bytes[byte] & 0xc0) === 0x80;
      if (!continues) units += bytes[byte] >= 0xf0 ? 2 : 1; // four bytes: a surrogate pair
    }
    return units;
  });
}
