import classifierScalar from '../../build/wasm/recur-classifier-scalar.wasm?file';
import classifierSimd128 from '../../build/wasm/recur-classifier-simd128.wasm?file';
import classifierRelaxed from '../../build/wasm/recur-classifier-relaxed.wasm?file';
import translatorScalar from '../../build/wasm/recur-translator-scalar.wasm?file';
import translatorSimd128 from '../../build/wasm/recur-translator-simd128.wasm?file';
import translatorRelaxed from '../../build/wasm/recur-translator-relaxed.wasm?file';
import trainerScalar from '../../build/wasm/recur-trainer-scalar.wasm?file';
import trainerSimd128 from '../../build/wasm/recur-trainer-simd128.wasm?file';
import trainerRelaxed from '../../build/wasm/recur-trainer-relaxed.wasm?file';
import inspectorScalar from '../../build/wasm/recur-inspector-scalar.wasm?file';
import inspectorSimd128 from '../../build/wasm/recur-inspector-simd128.wasm?file';
import inspectorRelaxed from '../../build/wasm/recur-inspector-relaxed.wasm?file';
import table from '../../build/table/recur-table.wasm?file';
import rnn from '../../data/weights/names-rnn.gguf?file';
import lstm from '../../data/weights/names-lstm.gguf?file';
import gru from '../../data/weights/names-gru.gguf?file';
import worldRnn from '../../data/weights/names-world-rnn.gguf?file-if-any';
import worldLstm from '../../data/weights/names-world-lstm.gguf?file-if-any';
import worldGru from '../../data/weights/names-world-gru.gguf?file-if-any';
import sampleNames from '../../data/sample/names.tsv?file';
import sampleDev from '../../data/sample/names.dev.tsv?file';
import worldNames from '../../data/names/world.tsv?file';
import worldDev from '../../data/names/world.dev.tsv?file';
import smallDot from '../../data/weights/en-fr-small-dot.gguf?file';
import smallGeneral from '../../data/weights/en-fr-small-general.gguf?file';
import smallAdditive from '../../data/weights/en-fr-small-additive.gguf?file';
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
  trainer: { scalar: trainerScalar, simd128: trainerSimd128, relaxed: trainerRelaxed },
  inspector: { scalar: inspectorScalar, simd128: inspectorSimd128, relaxed: inspectorRelaxed },
};

/** What reads tables of names. @type {File} */
export const TABLE = table;

const present = (files) => Object.fromEntries(Object.entries(files).filter(([, file]) => file));

/**
 * By list of names and cell, what this build of the page has.
 * @type {Record<import('../page/state.js').List, Partial<Record<import('../page/state.js').Cell, File>>>}
 */
export const WEIGHTS = {
  world: present({ rnn: worldRnn, lstm: worldLstm, gru: worldGru }),
  tutorial: { rnn, lstm, gru },
  own: {}, // comes in the page
};

/** Names to learn, `name<TAB>label` a line. @type {Record<'sample' | 'world', { train: File, dev: File }>} */
export const NAMES = {
  sample: { train: sampleNames, dev: sampleDev },
  world: { train: worldNames, dev: worldDev },
};

/** @type {Record<import('../page/state.js').TranslatorName, File | null>} null: this build has none */
export const TRANSLATORS = { main, tutorial };

/** Small translators of the sample's sentences, by the score of their attention. @type {Record<string, File>} */
export const SMALL_TRANSLATORS = { dot: smallDot, general: smallGeneral, additive: smallAdditive };
