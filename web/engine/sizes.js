/**
 * What was loaded, as this browser measured it: bytes of the bodies as they crossed the wire.
 * @typedef {{ page: number, module: number, weights: number }} Sizes
 * @param {ReturnType<typeof import('./client.js').createClient>} client
 * @returns {Promise<Sizes>}
 */
export async function measureSizes(client) {
  const entries = [
    ...performance.getEntriesByType('navigation'),
    ...performance.getEntriesByType('resource'),
  ];
  const sizes = { page: await client.call('transferred'), module: 0, weights: 0 };
  for (const { name, encodedBodySize } of entries) {
    if (name.startsWith('data:')) continue;
    if (name.includes('.wasm')) sizes.module += encodedBodySize;
    else if (name.includes('.gguf')) sizes.weights += encodedBodySize;
    else sizes.page += encodedBodySize;
  }
  return sizes;
}
