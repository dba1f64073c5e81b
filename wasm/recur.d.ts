/**
 * Types of recur's JavaScript module. A wrong argument is a `TypeError`; every other error of a call
 * is an `Error` whose message comes from the core.
 */

/** A build of the WASM module: plain WebAssembly, with 128-bit SIMD, or with relaxed SIMD as well. */
export type Flavour = 'scalar' | 'simd128' | 'relaxed';

/** All of them, slowest first. */
export const flavours: readonly Flavour[];

export interface EngineOptions {
  /** Force a flavour instead of the fastest that this runtime supports. */
  flavour?: Flavour;
  /**
   * The bytes of `recur-<flavour>.wasm`. By default they are fetched from beside the module, or read
   * where that is a file (Node).
   */
  wasmBinary?: ArrayBuffer | Uint8Array | Promise<ArrayBuffer | Uint8Array>;
}

/** Loads the WASM module. Rejects if it cannot be had, or this runtime cannot compile it. */
export function createEngine(options?: EngineOptions): Promise<Engine>;

/** The flavour that `createEngine` picks here. */
export function detectFlavour(): Promise<Flavour>;

export interface Engine {
  readonly flavour: Flavour;
  /** Version of recur, as in package.json. */
  readonly version: string;
  /** Size of the WASM memory in bytes; it grows with need and never shrinks, 0 after `free`. */
  readonly memoryBytes: number;
  /**
   * Reads a GGUF file written by `train names`. The bytes are copied. Throws if they are not one,
   * saying what is wrong.
   */
  loadClassifier(bytes: ArrayBuffer | Uint8Array): Classifier;
  /** Frees the engine with everything loaded into it; using either afterwards throws. */
  free(): void;
}

export interface ClassifierInfo {
  readonly cell: 'rnn' | 'lstm' | 'gru';
  readonly layers: number;
  readonly hidden: number;
  readonly directions: 1 | 2;
  readonly parameters: number;
  /** Labels in the order of every `probabilities` array. */
  readonly labels: readonly string[];
  /** Every string, number and boolean in the file's metadata, by key: licence, attribution, scores, ... */
  readonly metadata: Readonly<Record<string, string | number | boolean>>;
}

export interface Ranked {
  label: string;
  /** Calibrated probability in [0, 1]. */
  probability: number;
}

export interface LetterStep {
  /** The folded letter that was read: one of "a-zA-Z .,;'", or "\uFFFD" for anything else. */
  letter: string;
  /** Where the character that it came from starts in the text (UTF-16 offset). */
  index: number;
  /** What the model believes after this letter, as if the name ended here; in the order of `info.labels`. */
  probabilities: Float32Array;
}

export interface Classification {
  /** The letters the model read. */
  letters: string;
  /** Most probable first, `top` of them. Empty if the text has no letters. */
  ranking: Ranked[];
  /** Only when asked for: one entry for each of the first 64 letters. */
  steps?: LetterStep[];
}

export interface Classifier {
  readonly info: ClassifierInfo;
  /**
   * Throws if the text has more than 10,000 letters. `top` is 5 unless given; one above the number
   * of labels means all of them.
   */
  classify(text: string, options?: { top?: number; steps?: boolean }): Classification;
  /** Frees its memory; using it afterwards throws. A second call does nothing. */
  free(): void;
}
