import { MODULES, NAMES, SMALL_TRANSLATORS, TRANSLATORS } from './assets.js';
import { fetchFile, readFile } from './fetch.js';

/* Files too large to be part of the page, or for few: fetched when they are asked for, and then kept on this device
 * in a cache of their own, which no newer build throws away as long as it wants the same files. */

// Of the page, whichever script or worker asks.
const here = import.meta.url;
const NAME = `recur-kept ${new URL('..', here)}`;

/** Pages that are neither from https nor localhost, and private windows of some browsers, have none. */
async function openCache() {
  try {
    return await caches.open(NAME);
  } catch {
    return null;
  }
}

/** @param {import('./assets.js').File} file @returns {Promise<boolean>} whether it is on this device */
export async function isKept(file) {
  return Boolean(await (await openCache())?.match(file.url));
}

/**
 * The file from this device, else from the network, and then it is kept.
 * @param {import('./assets.js').File} file
 * @param {import('./fetch.js').FetchOptions} [options]
 * @returns {Promise<{ bytes: Uint8Array<ArrayBuffer>, kept: boolean }>}
 * @throws {import('./fetch.js').LoadError}
 */
export async function fetchKept(file, options = {}) {
  const cache = await openCache();
  const copy = options.fresh ? undefined : await cache?.match(file.url);
  if (copy) {
    try {
      return { bytes: await readFile(copy, file, options.progress), kept: true };
    } catch {
      await cache.delete(file.url); // damaged: from the network, then
    }
  }
  const bytes = await fetchFile(file, options);
  return { bytes, kept: await keep(cache, file, bytes) };
}

async function keep(cache, file, bytes) {
  if (!cache) return false;
  const { trainer, inspector } = MODULES;
  const kept = [TRANSLATORS, SMALL_TRANSLATORS, trainer, inspector, ...Object.values(NAMES)];
  const wanted = kept.flatMap(Object.values).map((other) => other?.url);
  try {
    for (const { url } of await cache.keys()) if (!wanted.includes(url)) await cache.delete(url);
    await cache.put(file.url, new Response(bytes));
    return true;
  } catch {
    return false; // no room; the browser's own cache may have it
  }
}
