// recur's JavaScript module; recur.d.ts documents what it exports.
//
// One WASM instance is one engine, and owns all memory. A classifier here is a handle that the core
// checks at every use; pointers are read at once and never kept.

import { relaxedSimd, simd } from './wasm-feature-detect.js'; // the npm package, put there by the build

// Written out one by one, as bundlers look for exactly this form to give the files their names.
const locations = {
  scalar: () => new URL('./recur-scalar.wasm', import.meta.url),
  simd128: () => new URL('./recur-simd128.wasm', import.meta.url),
  relaxed: () => new URL('./recur-relaxed.wasm', import.meta.url),
};

export const flavours = Object.freeze(Object.keys(locations));

export async function detectFlavour() {
  if (await relaxedSimd()) return 'relaxed';
  return (await simd()) ? 'simd128' : 'scalar';
}

export async function createEngine({ flavour, wasmBinary } = {}) {
  flavour ??= await detectFlavour();
  if (!flavours.includes(flavour)) {
    throw new TypeError(`the flavour is one of ${flavours.join(', ')}, not ${String(flavour)}`);
  }
  const binary = asBytes(await (wasmBinary ?? read(locations[flavour]())), 'wasmBinary');
  const { instance } = await WebAssembly.instantiate(binary, {
    // Called after the memory grew. There is nothing to do, as no view of it outlives a call.
    env: { emscripten_notify_memory_growth() {} },
  });
  return new Engine(new Core(instance.exports), flavour);
}

async function read(url) {
  if (url.protocol === 'file:') {
    const node = 'node:fs/promises'; // by a variable, so that bundlers leave it alone
    const { readFile } = await import(/* @vite-ignore */ /* webpackIgnore: true */ node);
    return readFile(url);
  }
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url.href} answers with HTTP status ${response.status}`);
  return response.arrayBuffer();
}

function asBytes(value, what) {
  if (value instanceof Uint8Array) return value;
  if (Object.prototype.toString.call(value) === '[object ArrayBuffer]')
    return new Uint8Array(value);
  throw new TypeError(`${what} is neither an ArrayBuffer nor a Uint8Array`);
}

const encoder = new TextEncoder();
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const utf16 = new TextDecoder('utf-16le', { ignoreBOM: true });

/** The exports of one instance (recur_wasm.h), with failures turned into errors. */
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
  array(ArrayType, name, length) {
    if (length === 0) return new ArrayType(0);
    return new ArrayType(this.#wasm.memory.buffer, this.#pointer(name), length).slice();
  }

  /** Copies bytes to where the next call looks for them. */
  input(bytes) {
    const start = this.#pointer('input', bytes.length);
    new Uint8Array(this.#wasm.memory.buffer, start, bytes.length).set(bytes);
  }

  /** Frees a classifier, if it is still there. */
  release(handle) {
    this.#wasm?.recur_classifier_free(this.#engine, handle);
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
  #core;

  constructor(core, flavour) {
    this.#core = core;
    this.flavour = flavour;
    this.version = core.version;
    Object.freeze(this);
  }

  get memoryBytes() {
    return this.#core.memoryBytes;
  }

  loadClassifier(bytes) {
    const file = asBytes(bytes, 'the weight file');
    this.#core.input(file);
    return new Classifier(this.#core, this.#core.count('classifier_load', file.length));
  }

  free() {
    this.#core.free();
  }
}

/** Frees what a page dropped without free(); a handle freed already does no harm. */
const dropped = new FinalizationRegistry(({ core, handle }) => core.release(handle));

class Classifier {
  #core;
  #handle;

  constructor(core, handle) {
    this.#core = core;
    this.#handle = handle;
    dropped.register(this, { core, handle }, this);
    this.info = readInfo(core, handle);
    Object.freeze(this);
  }

  classify(text, { top = 5, steps = false } = {}) {
    if (typeof text !== 'string') throw new TypeError('the text is not a string');
    if (!Number.isInteger(top) || top < 1) throw new TypeError('top is not a whole number from 1');
    const bytes = encoder.encode(text); // a lone surrogate becomes U+FFFD
    this.#core.input(bytes);
    const count = this.#core.count('classify', this.#handle, bytes.length, steps ? 1 : 0);
    const { labels } = this.info;
    const probabilities = this.#core.array(
      Float32Array,
      'probabilities',
      count === 0 ? 0 : labels.length,
    );
    const letters = utf16.decode(this.#core.array(Uint16Array, 'letters', count));
    const result = { letters, ranking: rank(labels, probabilities, top) };
    if (steps) result.steps = readSteps(this.#core, labels.length, letters, bytes);
    return result;
  }

  free() {
    this.#core.release(this.#handle);
    dropped.unregister(this);
  }
}

// The order of recur_property and recur_metadata_kind in recur_wasm.h.
const LAYERS = 0;
const HIDDEN = 1;
const DIRECTIONS = 2;
const PARAMETERS = 3;
const LABELS = 4;
const METADATA = 5;
const KIND_STRING = 0;
const KIND_BOOLEAN = 2;

function readInfo(core, handle) {
  const property = (which) => core.count('classifier_property', handle, which);
  const list = (length, item) => Array.from({ length }, (_, index) => item(index));
  return Object.freeze({
    cell: core.text('classifier_cell', handle),
    layers: property(LAYERS),
    hidden: property(HIDDEN),
    directions: property(DIRECTIONS),
    parameters: property(PARAMETERS),
    labels: Object.freeze(
      list(property(LABELS), (index) => core.text('classifier_label', handle, index)),
    ),
    metadata: Object.freeze(
      Object.fromEntries(
        list(property(METADATA), (index) => [
          core.text('metadata_key', handle, index),
          readMetadata(core, handle, index),
        ]),
      ),
    ),
  });
}

function readMetadata(core, handle, index) {
  const kind = core.count('metadata_kind_of', handle, index);
  if (kind === KIND_STRING) return core.text('metadata_text', handle, index);
  const value = core.number('metadata_number', handle, index);
  return kind === KIND_BOOLEAN ? value !== 0 : value;
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
