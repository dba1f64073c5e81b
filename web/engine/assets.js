import scalar from '../../build/wasm/recur-scalar.wasm?file';
import simd128 from '../../build/wasm/recur-simd128.wasm?file';
import relaxed from '../../build/wasm/recur-relaxed.wasm?file';
import rnn from '../../data/weights/names-rnn.gguf?file';
import lstm from '../../data/weights/names-lstm.gguf?file';
import gru from '../../data/weights/names-gru.gguf?file';
import main from '#translators/en-fr.gguf?file-if-any';
import tutorial from '#translators/en-fr-tutorial.gguf?file-if-any';

/** @typedef {{ url: string, bytes: number, sha256: string }} File */

/** @type {Record<import('../../wasm/recur.js').Flavour, File>} */
export const MODULES = { scalar, simd128, relaxed };

/** @type {Record<import('../state.js').Cell, File>} */
export const WEIGHTS = { rnn, lstm, gru };

/** @type {Record<import('../state.js').TranslatorName, File | null>} null: this build has none */
export const TRANSLATORS = { main, tutorial };
