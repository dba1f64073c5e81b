import { bodiesOf, watchFetched } from './fetched.js';

/**
 * What was loaded, as this browser measured it: bytes of the bodies as they crossed the wire.
 * @typedef {{ page: number, module: number, weights: number }} Sizes
 */

/** By address, what the page and its workers fetched. @type {Map<string, number>} */
const fetched = new Map();
let changed = () => {};

function count(bodies) {
  for (const { url, bytes } of bodies) fetched.set(url, Math.max(bytes, fetched.get(url) ?? 0));
}

/** Takes what a thread fetched. @param {import('./fetched.js').Body[]} bodies */
export function addFetched(bodies) {
  count(bodies);
  changed();
}

/** What the page fetched and was not counted yet. @type {() => import('./fetched.js').Body[]} */
let rest = () => [];

/** Counts what the page fetches and has fetched. @param {() => void} listener is told of more, often */
export function watchSizes(listener) {
  changed = listener;
  rest = watchFetched(addFetched);
}

/**
 * @param {import('./assets.js').File[]} weights those that are in use; one that was on this device
 *   already crossed no wire this time, and counts with its size
 * @returns {Sizes}
 */
export function measureSizes(weights) {
  count([...bodiesOf(performance.getEntriesByType('navigation')), ...rest()]);
  const sizes = { page: 0, module: 0, weights: 0 };
  for (const [url, bytes] of fetched) {
    if (url.startsWith('data:')) continue;
    if (url.includes('.wasm')) sizes.module += bytes;
    else if (url.includes('.gguf')) sizes.weights += bytes;
    else sizes.page += bytes;
  }
  for (const { url, bytes } of weights) if (!fetched.has(url)) sizes.weights += bytes;
  return sizes;
}
