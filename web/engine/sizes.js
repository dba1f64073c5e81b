/**
 * What was loaded, as this browser measured it: bytes of the bodies as they crossed the wire.
 * @typedef {{ page: number, module: number, weights: number }} Sizes
 * @param {ReturnType<typeof import('./client.js').createClient>} client
 * @param {import('./assets.js').File[]} weights those that are in use; one that was on this device
 *   already crossed no wire this time, and counts with its size
 * @returns {Promise<Sizes>}
 */
export async function measureSizes(client, weights) {
  const entries = [
    ...performance.getEntriesByType('navigation'),
    ...performance.getEntriesByType('resource'),
  ];
  const sizes = { page: await client.call('transferred'), module: 0, weights: 0 };
  const fetched = new Set();
  for (const { name, encodedBodySize } of entries) {
    fetched.add(name);
    if (name.startsWith('data:')) continue;
    if (name.includes('.wasm')) sizes.module += encodedBodySize;
    else if (name.includes('.gguf')) sizes.weights += encodedBodySize;
    else sizes.page += encodedBodySize;
  }
  for (const { url, bytes } of weights) if (!fetched.has(url)) sizes.weights += bytes;
  return sizes;
}
