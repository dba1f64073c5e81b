// What the parts of recur.js share: the calls of a WASM module, its texts and its properties.

export function checkOneOf(names, name, what) {
  if (names.includes(name)) return;
  throw new TypeError(`${what} is one of ${names.join(', ')}, not ${String(name)}`);
}

export function asBytes(value, what) {
  const type = Object.prototype.toString.call(value); // in whatever realm it was made
  if (type === '[object Uint8Array]') return value;
  if (type === '[object ArrayBuffer]') return new Uint8Array(value);
  throw new TypeError(`${what} is neither an ArrayBuffer nor a Uint8Array`);
}

export const encoder = new TextEncoder();
export const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
export const utf16 = new TextDecoder('utf-16le', { ignoreBOM: true });

/** The exports of one instance (recur.h), with failures turned into errors. */
export class Core {
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

/** Frees what a page dropped without free(); a handle freed already does no harm. */
export const dropped = new FinalizationRegistry(({ core, handle }) => core.release(handle));

export const list = (length, item) => Array.from({ length }, (_, index) => item(index));

// recur_model_property and recur_metadata_kind in recur.h. One by one, so that the bundler writes the numbers.
export const PARAMETERS = 0;
export const METADATA = 1;
export const LAYERS = 2;
export const HIDDEN = 3;
export const DIRECTIONS = 4;
export const LABELS = 5;
export const BYTES = 6;
export const SENTENCE_TOKENS = 7;
export const TEXT_SENTENCES = 8;
export const TEXT_BYTES = 9;
const KIND_STRING = 0;
const KIND_BOOLEAN = 2;

export function readMetadata(core, handle) {
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

/** UTF-16 offsets of the characters at these byte offsets, which never fall, of UTF-8 `bytes`. */
export function utf16Offsets(bytes, sources) {
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
