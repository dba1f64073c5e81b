import { createClient } from './client.js';

const create = () =>
  createClient(
    new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'recur' }),
  );

let first = create();

/** The worker that started with the page, from the second call on another. */
export function startWorker() {
  const client = first ?? create();
  first = null;
  return client;
}
