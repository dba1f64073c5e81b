import { createEngine } from '../../../build/wasm/recur.js';
import { fetchKept } from '../../engine/kept.js';
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

  /** Fetches weights here: so many bytes to read and check would keep the page from its work. Parts are
   * how much of them has come. */
  async load({ name, file }, { post }) {
    const { bytes } = await fetchKept(file, { progress: post });
    translators.get(name)?.free();
    translators.set(name, (await engine).loadTranslator(bytes));
  },

  inspect: ({ name, text }) => translators.get(name).inspect(text),
});
