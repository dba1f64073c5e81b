import { watchFetched } from './fetched.js';

/**
 * Answers calls of a client (client.js) in a worker: a message `{ id, action, payload }` by
 * `{ id, result }` or `{ id, error, kind }`, and by any number of `{ id, part }` before; `{ abort: id }` ends it.
 * `{ fetched }` tells what the worker fetched.
 * @param {Record<string, (payload: unknown, context: { signal: AbortSignal,
 *   post: (part: unknown) => void }) => unknown>} actions
 */
export function serve(actions) {
  /** By id, what ends a request. @type {Map<number, AbortController>} */
  const controllers = new Map();

  addEventListener('message', async ({ data: { id, action, payload, abort } }) => {
    if (abort !== undefined) {
      controllers.get(abort)?.abort();
      return;
    }
    const controller = new AbortController();
    controllers.set(id, controller);
    const post = (part) => postMessage({ id, part });
    try {
      const result = await actions[action](payload, { signal: controller.signal, post });
      postMessage({ id, result });
    } catch (error) {
      postMessage({ id, error: error.message, kind: error.kind });
    }
    controllers.delete(id);
  });
  watchFetched((fetched) => postMessage({ fetched }));
}
