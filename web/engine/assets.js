import scalar from '../../build/wasm/recur-scalar.wasm?file';
import simd128 from '../../build/wasm/recur-simd128.wasm?file';
import relaxed from '../../build/wasm/recur-relaxed.wasm?file';
import rnn from '../../data/weights/names-rnn.gguf?file';
import lstm from '../../data/weights/names-lstm.gguf?file';
import gru from '../../data/weights/names-gru.gguf?file';

/** @typedef {{ url: string, bytes: number, sha256: string }} File */

/** @type {Record<import('../../wasm/recur.js').Flavour, File>} */
export const MODULES = { scalar, simd128, relaxed };

/** @type {Record<import('../state.js').Cell, File>} */
export const WEIGHTS = { rnn, lstm, gru };
