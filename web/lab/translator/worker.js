import { createEngine } from '../../../build/wasm/recur.js';
import { serve } from '../../engine/serve.js';

/** Translators that are looked into, in a thread of their own. */

/** @type {Promise<import('../../../wasm/recur.js').Engine>} */
let engine;
/** By name. @type {Map<string, import('../../../wasm/recur.js').Translator>} */
const translators = new Map();

serve({
  async start({ flavour, wasmBinary }) {
    const wasmBinaries = { inspector: wasmBinary };
    engine = createEngine({ flavour, models: ['inspector'], wasmBinaries });
    await engine;
  },

  async load({ name, bytes }) {
    translators.get(name)?.free();
    translators.set(name, (await engine).loadTranslator(bytes));
  },

  inspect: ({ name, text }) => translators.get(name).inspect(text),
});
