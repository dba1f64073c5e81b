import classifierScalar from '../../build/wasm/recur-classifier-scalar.wasm?file';
import classifierSimd128 from '../../build/wasm/recur-classifier-simd128.wasm?file';
import classifierRelaxed from '../../build/wasm/recur-classifier-relaxed.wasm?file';
import translatorScalar from '../../build/wasm/recur-translator-scalar.wasm?file';
import translatorSimd128 from '../../build/wasm/recur-translator-simd128.wasm?file';
import translatorRelaxed from '../../build/wasm/recur-translator-relaxed.wasm?file';
import rnn from '../../data/weights/names-rnn.gguf?file';
import lstm from '../../data/weights/names-lstm.gguf?file';
import gru from '../../data/weights/names-gru.gguf?file';
import main from '#translators/en-fr.gguf?file-if-any';
import tutorial from '#translators/en-fr-tutorial.gguf?file-if-any';

/** @typedef {{ url: string, bytes: number, sha256: string }} File */

/**
 * @typedef {import('../../wasm/recur.js').ModelKind} ModelKind
 * @type {Record<ModelKind, Record<import('../../wasm/recur.js').Flavour, File>>}
 */
export const MODULES = {
  classifier: { scalar: classifierScalar, simd128: classifierSimd128, relaxed: classifierRelaxed },
  translator: { scalar: translatorScalar, simd128: translatorSimd128, relaxed: translatorRelaxed },
};

/** @type {Record<import('../page/state.js').Cell, File>} */
export const WEIGHTS = { rnn, lstm, gru };

/** @type {Record<import('../page/state.js').TranslatorName, File | null>} null: this build has none */
export const TRANSLATORS = { main, tutorial };
