import type { Token } from './recur.js';

/** A word as people count them, and the indices of its tokens. */
export interface Word extends Token {
  tokens: number[];
}

/** What a GRU did at each step, in the words of torch.nn's equations. */
export interface Steps {
  shape: number[];
  gates: { reset: Float32Array; update: Float32Array; candidate: Float32Array };
  /** The state after each step. */
  hidden: Float32Array;
}

/**
 * A look inside a translator while it reads a sentence and writes its translation. Everything is empty
 * where nothing is to be translated.
 */
export interface TranslationInspection {
  /** As it was read; its tokens and words are ranges in it. */
  source: string;
  /** The best translation, likewise. */
  text: string;
  score: number;
  /**
   * S and T of them. The last of the source stands for the end of the sentence, as does that of the
   * target unless the translation was cut off.
   */
  sourceTokens: Token[];
  targetTokens: Token[];
  /** The ends are words of their own, of no text. */
  sourceWords: Word[];
  targetWords: Word[];
  /** [T, S] where the network looked when it wrote each token. */
  attention: Float32Array;
  /**
   * [target words, source words] A word looks where its tokens look on average, and is looked at by the
   * sum over its tokens.
   */
  wordAttention: Float32Array;
  /**
   * [layers, directions, S, hidden] Tokens are in the order of the sentence in both directions, of which
   * the second reads the last one first.
   */
  encoder: Steps;
  /** [T, hidden] of the steps that write the target's tokens, and [hidden] the state before the first. */
  decoder: Steps & { initial: Float32Array };
}
