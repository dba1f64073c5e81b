import type { Classification, Ranked } from './recur.js';

/** What a network is trained with. Whatever is not given is what the recipe has. */
export interface TrainerOptions {
  /**
   * Where all other defaults come from: 'default' is that of `train names` without teachers, by the
   * labels alone, 'tutorial' the classic character-RNN tutorial (one name a step, one-hot letters, SGD).
   */
  recipe?: 'default' | 'tutorial';
  cell?: 'rnn' | 'lstm' | 'gru';
  layers?: number;
  /** Size of each layer and direction. */
  hidden?: number;
  directions?: 1 | 2;
  /** Size of the letters' embedding; 0 feeds them one-hot. */
  embedding?: number;
  /** What the output layer sees: the last state, or last, maximum and mean. */
  pooling?: 'last' | 'all';
  /** The tutorial's 57 letters, or those that the data has. */
  letters?: 'tutorial' | 'data';
  /** A letter of the data stands in so many names; others are unknown. */
  rare?: number;
  letterCase?: 'keep' | 'title';
  /** Lines that repeat a name with its label. */
  duplicates?: 'keep' | 'drop';
  /** Whether a name with several labels is learnt line by line or once, with all of them. */
  several?: 'each' | 'together';
  /** Share of the names with marks that are learnt without them. */
  unmarked?: number;
  optimizer?: 'sgd' | 'adam' | 'adamw';
  /** Learning rate at its peak. */
  lr?: number;
  schedule?: 'constant' | 'cosine' | 'inverse-sqrt';
  /** Passes over the data that the schedule is for; training may go on beyond them. */
  epochs?: number;
  /** Share of the steps over which the learning rate rises from 0. */
  warmup?: number;
  /** Names a step. */
  batch?: number;
  momentum?: number;
  beta2?: number;
  weightDecay?: number;
  /** Limit of the gradient's norm; 0 for none. */
  clip?: number;
  /** Between layers and before the output layer. */
  dropout?: number;
  /** On the embedded letters. */
  dropoutEmbedding?: number;
  /** Of the labels. */
  smoothing?: number;
  /** Share of the letters that are replaced by the unknown letter. */
  unknown?: number;
  /** Decay of a moving average of the weights, which is then what is evaluated and saved; 0 for none. */
  average?: number;
  /** A whole number from 0 to 2^53 - 1: same seed, options, data and flavour, same weights. */
  seed?: number;
}

/** `name<TAB>label` a line, as `train names` reads them. */
export interface TrainerData {
  train: string;
  /** Empty for none. Unless given, about one name in ten of `train` is kept for it. */
  dev?: string;
}

export interface TrainerStep {
  /** Updates of the weights in this call, and names learnt. */
  steps: number;
  examples: number;
  /** Mean cross-entropy over these names, nats. */
  loss: number;
  /** Passes over the data so far, with the part of the running one. */
  epoch: number;
  /** Updates so far. */
  step: number;
  /** Of the last update. */
  learningRate: number;
}

export interface TrainerEvaluation {
  /** Of the dev set; all scores are 0 without one. */
  examples: number;
  /** Mean cross-entropy, nats. */
  loss: number;
  /** Share of the names whose label is first, and among the first three. */
  accuracy: number;
  top3: number;
  /** Mean over the labels of the share of their names that are recognised. */
  macroRecall: number;
  /** [labels, labels] names by label (rows) and by what is first (columns). */
  confusion: Uint32Array;
  /** [examples] index of the label that is first, in the order of `trainer.dev`. */
  predicted: Int32Array;
}

/** A look inside the cells while a text is read. */
export interface Inspection extends Classification {
  cell: 'rnn' | 'lstm' | 'gru';
  /**
   * [layers, directions, letters, hidden] of all arrays. Letters are in the order of the text in both
   * directions, of which the second reads the last one first. No letters, and empty arrays, unless the
   * answer is from letters.
   */
  shape: [layers: number, directions: number, letters: number, hidden: number];
  /**
   * By name, in the words of torch.nn's equations: input, forget, candidate and output of the LSTM,
   * reset, update and candidate of the GRU, none of the RNN.
   */
  gates: Readonly<Record<string, Float32Array>>;
  /** The hidden state after each letter. */
  hidden: Float32Array;
  /** Likewise the LSTM's cell state; null of other cells. */
  cellState: Float32Array | null;
  /** Only with a label: the cross-entropy of that label, nats, of the network without calibration. */
  loss?: number;
  /** Only with a label: [layers, directions, letters] norm of dLoss / dh after each letter. */
  gradient?: Float32Array;
}

/**
 * A network that learns in memory. Nothing goes on by itself: each call works and returns, so give it a
 * worker of its own. The weights are the same to the bit for the same seed, options, data, flavour and
 * changes on the way, however the steps are spread over calls.
 */
export interface Trainer {
  readonly cell: 'rnn' | 'lstm' | 'gru';
  readonly labels: readonly string[];
  /** The alphabet; the unknown letter comes behind it. */
  readonly letters: readonly string[];
  readonly parameters: number;
  /** Names that are learnt in an epoch, and those that are kept to evaluate on. */
  readonly examples: { readonly train: number; readonly dev: number };
  /** Learns for that long, at least one step. Throws where the loss is no longer finite. */
  step(milliseconds?: number): TrainerStep;
  evaluate(): TrainerEvaluation;
  /** The i-th example of the dev set. */
  dev(index: number): { text: string; label: string };
  /** All labels, most probable first, as the network is now. Empty where nothing can be read. */
  classify(text: string): Ranked[];
  /** The same and what is inside; throws a `RangeError` for a label that is none. */
  inspect(text: string, label?: string): Inspection;
  /** The rate from now on, whatever the schedule. */
  setLearningRate(rate: number): void;
  /** Names a step from now on. The running epoch begins anew. */
  setBatch(size: number): void;
  /** The GGUF file, calibrated on the dev set, that `loadClassifier` and `classify` read. */
  save(): Uint8Array;
  /** Frees its memory; using it afterwards throws. */
  free(): void;
}
