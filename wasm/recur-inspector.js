// Looks inside of translators: a script and a WASM module of their own, which recur.js imports when it
// is first asked for them. recur-inspector.d.ts documents what they give.

import { encoder, list, utf16Offsets } from './core.js';

export const inspector = {
  scalar: () => new URL('./recur-inspector-scalar.wasm', import.meta.url),
  simd128: () => new URL('./recur-inspector-simd128.wasm', import.meta.url),
  relaxed: () => new URL('./recur-inspector-relaxed.wasm', import.meta.url),
};

// The order of recur_translation_size and recur_translation_inside in recur.h.
const SIZES = [
  'sources',
  'targets',
  'sourceWords',
  'targetWords',
  'layers',
  'directions',
  'encoderHidden',
  'hidden',
];
const GATES = ['reset', 'update', 'candidate'];
const [ENCODER, DECODER, INITIAL, ATTENTION, WORD_ATTENTION] = [0, 4, 8, 9, 10];
// And of recur_sentence_property.
const SOURCE_TOKENS = 3;
const TARGET_TOKENS = 4;

export const open = (core) => new Inspectors(core);

class Inspectors {
  #core;

  constructor(core) {
    this.#core = core;
  }

  /** Looks inside the translator of that file; `handle` is its own where `core` is this module's. */
  look(bytes, core, handle) {
    return new Look(
      this.#core,
      core === this.#core ? handle : this.#core.load('translator', bytes),
    );
  }
}

class Look {
  #core;
  #handle;

  constructor(core, handle) {
    this.#core = core;
    this.#handle = handle;
  }

  inspect(text, { beam = 4 }) {
    if (typeof text !== 'string') throw new TypeError('the text is not a string');
    if (!Number.isInteger(beam)) throw new TypeError('beam is not a whole number');
    const core = this.#core;
    const bytes = encoder.encode(text);
    core.input(bytes);
    core.count('inspect_translation', this.#handle, bytes.length, beam);
    const size = Object.fromEntries(
      SIZES.map((name, index) => [name, core.number('inspect_size', index)]),
    );
    const { sources, targets, layers, directions, encoderHidden, hidden } = size;
    const source = core.text('sentence_source');
    const translated = core.text('sentence_text', 0);
    const sourceTokens = this.#tokens('source', SOURCE_TOKENS, source, sources);
    const targetTokens = this.#tokens('target', TARGET_TOKENS, translated, targets);
    const read = (tensor, length) =>
      core.array(Float32Array, 'inspect_translation_values', length, tensor);
    const steps = (first, ...shape) => {
      const length = shape.reduce((product, side) => product * side);
      return {
        shape,
        gates: Object.fromEntries(GATES.map((name, gate) => [name, read(first + gate, length)])),
        hidden: read(first + GATES.length, length),
      };
    };
    return {
      source,
      text: translated,
      score: core.number('sentence_score', 0),
      sourceTokens,
      targetTokens,
      sourceWords: this.#words('source', sourceTokens, size.sourceWords, source),
      targetWords: this.#words('target', targetTokens, size.targetWords, translated),
      attention: read(ATTENTION, targets * sources),
      wordAttention: read(WORD_ATTENTION, size.targetWords * size.sourceWords),
      encoder: steps(ENCODER, layers, directions, sources, encoderHidden),
      decoder: { ...steps(DECODER, targets, hidden), initial: read(INITIAL, targets && hidden) },
    };
  }

  free() {
    this.#core.release(this.#handle);
  }

  /** All tokens; one for the end is there although it has no range. */
  #tokens(side, property, text, all) {
    const count = all && this.#core.count('sentence', property);
    const ranges = this.#core.array(Int32Array, `${side}_ranges`, 2 * count);
    const places = utf16Offsets(encoder.encode(text), ranges);
    return list(all, (index) => {
      const [start = text.length, end = start] = places.slice(2 * index, 2 * index + 2);
      return { text: text.slice(start, end), start, end };
    });
  }

  /** From a word's first token that is more than nothing to its last. */
  #words(side, tokens, count, text) {
    const words = this.#core.array(Int32Array, `${side}_words`, tokens.length);
    return list(count, (word) => {
      const own = tokens.filter((token, index) => words[index] === word && token.text !== '');
      const start = own.length > 0 ? own[0].start : text.length;
      const end = own.length > 0 ? own.at(-1).end : text.length;
      const members = Array.from(words.keys()).filter((index) => words[index] === word);
      return { text: text.slice(start, end), start, end, tokens: members };
    });
  }
}
