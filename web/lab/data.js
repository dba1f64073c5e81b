import { NAMES, TABLE } from '../engine/assets.js';
import { fetchFile } from '../engine/fetch.js';
import { fetchKept } from '../engine/kept.js';
import { asUneven } from './uneven.js';

/* The names that the networks learn. */

/**
 * @typedef {object} Examples
 * @property {string} train `name<TAB>label` a line
 * @property {string} [dev] the same of those to evaluate on; unless given, the trainer keeps some apart
 */

const text = async (file) => new TextDecoder().decode((await fetchKept(file)).bytes);

/**
 * @param {'sample' | 'world' | 'uneven'} name
 * @returns {Promise<Examples>}
 * @throws {import('../engine/fetch.js').LoadError}
 */
export async function fetchExamples(name) {
  if (name === 'uneven') return { train: asUneven(await text(NAMES.world.train)) };
  const { train, dev } = NAMES[name];
  const [names, kept] = await Promise.all([text(train), text(dev)]);
  return { train: names, dev: kept };
}

/**
 * One's own table of names.
 * @param {ReturnType<typeof import('../engine/client.js').createClient>} client
 * @param {Uint8Array} bytes
 * @param {import('../engine/examples.js').Examples['chosen'] | null} columns
 * @returns {Promise<import('../engine/examples.js').Examples>}
 */
export async function readOwn(client, bytes, columns) {
  const wasmBinary = await fetchFile(TABLE);
  return client.call('readExamples', { wasmBinary, bytes, columns });
}

/* One's own names stay in this tab unless they are to be kept, and then on this device alone. */

const KEPT = `recur-lab ${new URL('.', location.href)}`;
const KEY = new URL('own-names', location.href).href;

/** @param {Uint8Array | null} bytes null: no longer @returns {Promise<boolean>} whether it was done */
export async function keepOwn(bytes) {
  try {
    if (!bytes) return await caches.delete(KEPT);
    await (await caches.open(KEPT)).put(KEY, new Response(bytes));
    return true;
  } catch {
    return false;
  }
}

/** @returns {Promise<Uint8Array | null>} */
export async function keptOwn() {
  try {
    const found = (await caches.has(KEPT)) && (await (await caches.open(KEPT)).match(KEY));
    return found ? new Uint8Array(await found.arrayBuffer()) : null;
  } catch {
    return null;
  }
}
