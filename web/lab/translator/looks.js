import { detectFlavour } from '../../../build/wasm/recur.js';
import { MODULES, SMALL_TRANSLATORS, TRANSLATORS } from '../../engine/assets.js';
import { createClient, latestOnly } from '../../engine/client.js';
import { fetchKept } from '../../engine/kept.js';

/** The small ones by the score of their attention, and the translator of the page where it was built in. */
export const FULL = 'full';
export const SCORES = Object.keys(SMALL_TRANSLATORS);
export const NETWORKS = TRANSLATORS.main ? [...SCORES, FULL] : SCORES;
/** @type {Network} that nobody has looked into yet */
export const UNSEEN = { phase: 'waiting', share: 0, found: null };
export const FULL_BYTES = TRANSLATORS.main?.bytes ?? 0;

/**
 * Looks into translators, each fetched when it is first wanted.
 * @param {() => void} drawn something is new
 *
 * @typedef {import('../../../wasm/recur-inspector.js').TranslationInspection} TranslationInspection
 * @typedef {object} Network
 * @property {'waiting' | 'loading' | 'ready' | 'failed'} phase
 * @property {number} share of the download that is here
 * @property {Error} [error]
 * @property {{ text: string, inside?: TranslationInspection, error?: Error } | null} found the newest look,
 *   which may be of an older text
 */
export function createLooks(drawn) {
  let client = null;
  let started = null;
  /** @type {Map<string, Network & { ask: (text: string | null) => void, asked: string }>} */
  const networks = new Map();

  async function start() {
    client = createClient(
      new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'recur look' }),
    );
    const flavour = await detectFlavour();
    const { buffer } = (await fetchKept(MODULES.inspector[flavour])).bytes;
    await client.call('start', { flavour, wasmBinary: buffer }, [buffer]);
  }

  /** Rejects if the module cannot be had, and then asks anew the next time. */
  function module() {
    started ??= start().catch((error) => {
      client.close();
      started = null;
      throw error;
    });
    return started;
  }

  function create(name) {
    const network = { ...UNSEEN, asked: null };
    network.ask = latestOnly(
      (text) => client.call('inspect', { name, text }),
      (text, { reply, error }) => {
        network.found = { text, inside: reply, error };
        drawn();
      },
    );
    networks.set(name, network);
    return network;
  }

  async function load(name, network) {
    Object.assign(network, { phase: 'loading', share: 0, error: undefined });
    const file = name === FULL ? TRANSLATORS.main : SMALL_TRANSLATORS[name];
    const onPart = (loaded) => {
      network.share = loaded / file.bytes;
      drawn();
    };
    try {
      await module();
      await client.call('load', { name, file }, [], { onPart });
      network.phase = 'ready';
    } catch (error) {
      Object.assign(network, { phase: 'failed', error });
    }
    drawn();
  }

  return {
    /** What there is of a network and text; fetches and asks what is missing. @returns {Network} */
    look(name, text) {
      const network = networks.get(name) ?? create(name);
      if (network.phase === 'waiting') load(name, network);
      if (network.phase === 'ready' && network.asked !== text) {
        network.asked = text;
        network.ask(text);
      }
      return network;
    },
    /** Of all that could not be fetched. */
    retry() {
      for (const network of networks.values())
        if (network.phase === 'failed') network.phase = 'waiting';
      drawn();
    },
  };
}
