/**
 * Types of recur's JavaScript module. A wrong argument is a `TypeError`; every other error of a call
 * is an `Error` whose message comes from the core. All offsets in text are in UTF-16 code units, as
 * JavaScript counts them.
 */

import type { TranslationInspection } from './recur-inspector.js';
import type { Inspection, Trainer, TrainerData, TrainerOptions } from './recur-trainer.js';
export type * from './recur-inspector.js';
export type * from './recur-trainer.js';

/** A build of the WASM modules: plain WebAssembly, with 128-bit SIMD, or with relaxed SIMD as well. */
export type Flavour = 'scalar' | 'simd128' | 'relaxed';

/** All of them, slowest first. */
export const flavours: readonly Flavour[];

/**
 * A kind of models. Each has a WASM module of its own; those of trainers and inspectors do all that those of
 * classifiers and translators do, too.
 */
export type ModelKind = 'classifier' | 'translator' | 'trainer' | 'inspector';

export interface EngineOptions {
  /** Force a flavour instead of the fastest that this runtime supports. */
  flavour?: Flavour;
  /**
   * What the engine is to load: only the modules for these are fetched, all at the same time.
   * Classifiers and translators unless given; trainers, and inspectors, which look inside of
   * translators, are otherwise fetched at their first use.
   */
  models?: readonly [ModelKind, ...ModelKind[]];
  /**
   * The bytes of `recur-<kind>-<flavour>.wasm`, by the kind of models. Those that are not given are
   * fetched from beside `recur.js`, or read where that is a file (Node).
   */
  wasmBinaries?: Partial<Record<ModelKind, WasmBinary | Promise<WasmBinary>>>;
}

export type WasmBinary = ArrayBuffer | Uint8Array;

/** Loads the WASM modules. Rejects if one cannot be had, or this runtime cannot compile it. */
export function createEngine(options?: EngineOptions): Promise<Engine>;

/** The flavour that `createEngine` picks here. */
export function detectFlavour(): Promise<Flavour>;

export interface Engine {
  readonly flavour: Flavour;
  /** Version of recur, as in package.json. */
  readonly version: string;
  /** Size of all its WASM memory in bytes; it grows with need and never shrinks, 0 after `free`. */
  readonly memoryBytes: number;
  /**
   * Reads a GGUF file written by `train names`. The bytes are copied. Throws if they are not one,
   * saying what is wrong, or if the engine was created for other models.
   */
  loadClassifier(bytes: ArrayBuffer | Uint8Array): Classifier;
  /** The same of a file written by `train translate`. */
  loadTranslator(bytes: ArrayBuffer | Uint8Array): Translator;
  /**
   * A classifier that learns, here and now. Rejects with a `RangeError` that names the option for a bad
   * one, and with "train:12: ..." for a line that is none.
   */
  createTrainer(options: TrainerOptions, data: TrainerData): Promise<Trainer>;
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
  /** The share of each label in the data that was learnt; null where the file does not tell. */
  readonly shares: Float32Array | null;
  /** Every string, number and boolean in the file's metadata, by key: licence, attribution, scores, ... */
  readonly metadata: Readonly<Record<string, string | number | boolean>>;
}

export interface Ranked {
  label: string;
  /** Calibrated probability in [0, 1]. */
  probability: number;
}

export interface LetterStep {
  /** The letter that was read, as the classifier's alphabet has it; "\uFFFD" for one that it lacks. */
  letter: string;
  /** Where the character that it came from starts in the text (UTF-16 offset). */
  index: number;
  /** What the model believes after this letter, as if the name ended here; in the order of `info.labels`. */
  probabilities: Float32Array;
}

export interface Classification {
  /** The letters the model read. */
  letters: string;
  /**
   * What the answer rests on: the letters; where the alphabet lacks most of them, the script that they
   * belong to, if the file says which labels are at home there; or nothing, and then there is none.
   */
  from: 'letters' | 'script' | 'nothing';
  /** The script of what was read, by its code in ISO 15924: "Latn", "Grek", ... */
  script: string | null;
  /** What was read, the surname or all (UTF-16 offsets). */
  read: { start: number; end: number };
  /** Most probable first, `top` of them. Empty if the answer is from nothing. */
  ranking: Ranked[];
  /** Only when asked for: one entry for each of the first 64 letters. Empty unless from letters. */
  steps?: LetterStep[];
}

/**
 * The shares of the labels that an answer supposes: the same for each, those of the data that was
 * learnt, between these two the square roots of the latter, or weights of any sum, where labels that
 * are not named have none. Answers under one follow
 * from those under another by the ratio of the shares (Saerens et al. 2002).
 */
export type Prior = 'equal' | 'balanced' | 'data' | Readonly<Record<string, number>>;

export interface Classifications {
  /** [texts, labels], row after row; of 0 where an answer is from nothing. */
  probabilities: Float32Array;
  /** What each answer rests on, as in a `Classification`. */
  from: Classification['from'][];
}

export interface ClassifyOptions {
  /** Labels in the ranking: 5 unless given; more than there are means all of them. */
  top?: number;
  /** Whether answers after each letter are wanted too. */
  steps?: boolean;
  /**
   * Reads all of the text, instead of the surname in a full name: its last word with the particles
   * before it ("van der Berg"), or what stands before a comma.
   */
  whole?: boolean;
  /**
   * Unless given, what the file says (`info.metadata['recur.prior.default']`) or 'equal'; 'data' where
   * `info.shares` is null, as then there is no other.
   */
  prior?: Prior;
}

export interface Classifier {
  readonly info: ClassifierInfo;
  /** Throws if the text has more than 10,000 letters. */
  classify(text: string, options?: ClassifyOptions): Classification;
  /**
   * The same under the data's prior, all labels ranked, and what is inside the cells meanwhile. Fetches
   * the trainers' module at its first use and reads the weights again: the bytes that were given to
   * `loadClassifier` must still be there. With the right label also what reaches each letter of its loss.
   * Rejects for a text of more than 1,000 letters.
   */
  inspect(text: string, options?: { label?: string; whole?: boolean }): Promise<Inspection>;
  /**
   * Many texts at once, about twice as fast as one by one. Fetches the trainers' module at its first use
   * and reads the weights again, like `inspect`. A text of more than 10,000 letters has no answer. Rejects
   * for more than 65,536 texts.
   */
  classifyMany(
    texts: readonly string[],
    options?: Pick<ClassifyOptions, 'whole' | 'prior'>,
  ): Promise<Classifications>;
  /** Frees its memory; using it afterwards throws. A second call does nothing. */
  free(): void;
}

export interface TranslatorInfo {
  /** Of the file; empty where it does not say. */
  readonly name: string;
  readonly license: string;
  readonly attribution: string;
  /** Languages: "en", "fr"; empty where the file does not say. */
  readonly source: string;
  readonly target: string;
  /** What the network reads and writes: pieces of words, or the words of a small vocabulary. */
  readonly kind: 'subword' | 'tutorial';
  readonly parameters: number;
  /** Of WASM memory that the weights and vocabularies take. */
  readonly bytes: number;
  readonly limits: {
    /** Read of one sentence, its end counted; more are left out, and `truncated` tells. */
    readonly tokens: number;
    /** In one text, of which more is an error. */
    readonly sentences: number;
    readonly bytes: number;
  };
  /** Every string, number and boolean in the file's metadata, by key. */
  readonly metadata: Readonly<Record<string, string | number | boolean>>;
}

export interface TranslateOptions {
  /** Width of the search, 1 to 64; 4 unless given. 1 is greedy, and fastest. */
  beam?: number;
  /** Translations of each sentence, at most `beam`; 1 unless given. */
  nbest?: number;
  /** Whether sentences come with their tokens and attention. */
  attention?: boolean;
  /**
   * How numbers and clock times are set in French, 'french' unless given: as French sets them
   * (1,299.99 as 1 299,99, 3:45 p.m. as 15 h 45), or as they stand.
   */
  numbers?: 'french' | 'as-is';
  /** Ends the request: it rejects with the signal's reason. */
  signal?: AbortSignal;
  /**
   * Called every few milliseconds for each sentence that has changed, with the best translation of
   * it so far; its words may still change while a beam is searched.
   */
  onToken?: (partial: { sentence: number; text: string }) => void;
}

/** A piece of a text; words are made of pieces without a gap between them. */
export interface Token {
  text: string;
  start: number;
  end: number;
}

export interface TranslatedSentence {
  /** Where it stands in the text. */
  start: number;
  end: number;
  /** As it was read: one kind of space and apostrophe, in Unicode's composed form; `spans` as they are. */
  source: string;
  text: string;
  /** Log probability, normalised by the length. */
  score: number;
  /** Further translations, best first: at most `nbest` - 1, as none is given twice. */
  alternatives: { text: string; score: number }[];
  /** Only with `attention`; ranges in `source`. The last stands for the end of the sentence. */
  sourceTokens: Token[];
  /** Only with `attention`; ranges in `text`. */
  targetTokens: Token[];
  /**
   * Only with `attention`: [target tokens, source tokens], row after row; where the network looked
   * when it wrote each token. Rows sum to 1.
   */
  attention?: Float32Array;
  /** The sentence, or its translation, was longer than is possible. */
  truncated: boolean;
  /** Words of the source that the network does not know; empty for subwords. */
  unknown: string[];
  /**
   * What was not translated, in the order of the source: links, numbers, emoji, code, unknown names;
   * and where it is in `text`, as it stands or, of numbers, as French sets them. Empty for a
   * translator that learnt without it.
   */
  spans: { source: Token; target: Token }[];
  /** Nothing in it was to be translated: it has no letters, or is a name alone. */
  copied: boolean;
}

export interface Translation {
  /** The sentences' translations, with the line breaks of the text. */
  text: string;
  sentences: TranslatedSentence[];
  /** Spent on it, other things that had their turn meanwhile left out. */
  milliseconds: number;
}

export interface Translator {
  readonly info: TranslatorInfo;
  /**
   * Translates any text: lines longer than 40 bytes are cut into sentences, of which up to 32 are
   * worked on at once. It works for a few milliseconds at a time and lets other things have their
   * turn between; requests made meanwhile wait for it, so end what is no longer wanted by its
   * signal. Rejects for a text beyond the limits.
   */
  translate(text: string, options?: TranslateOptions): Promise<Translation>;
  /**
   * Translates one sentence and tells what is inside the network meanwhile. Fetches the inspectors'
   * module at its first use and reads the weights again, so the bytes that were given to
   * `loadTranslator` must still be there; unless the engine was created for inspectors alone.
   * Works until it is done; a `translate` that is under way goes on behind it. Rejects for a text of several
   * sentences.
   */
  inspect(text: string, options?: { beam?: number }): Promise<TranslationInspection>;
  /** Frees its memory; requests under way reject, and so does using it afterwards. */
  free(): void;
}
