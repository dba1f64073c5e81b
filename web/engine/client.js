import { LoadError } from './fetch.js';
import { addFetched } from './sizes.js';

/**
 * Calls to a worker as promises, by request id.
 * @param {Worker} worker
 */
export function createClient(worker) {
  /** @type {Map<number, { resolve: (value: unknown) => void, reject: (error: Error) => void,
   *   onPart?: (part: unknown) => void }>} */
  const pending = new Map();
  let lastId = 0;
  let broken = null;

  worker.addEventListener('message', ({ data: { id, part, result, error, kind, fetched } }) => {
    if (fetched) {
      addFetched(fetched);
      return;
    }
    if (!pending.has(id)) return; // given up meanwhile
    const { resolve, reject, onPart } = pending.get(id);
    if (part !== undefined) {
      onPart?.(part);
      return;
    }
    pending.delete(id);
    if (error === undefined) resolve(result);
    else reject(kind ? new LoadError(kind, error) : new Error(error));
  });
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    broken = new Error(event.message || 'the worker did not start');
    for (const { reject } of pending.values()) reject(broken);
    pending.clear();
  });

  return {
    /**
     * @param {string} action a key of the worker's table
     * @param {unknown} [payload]
     * @param {Transferable[]} [transfer]
     * @param {{ signal?: AbortSignal, onPart?: (part: unknown) => void }} [options] signal: gives the
     *   call up, and tells the worker; onPart: gets what the worker has before the whole result
     */
    call(action, payload, transfer = [], { signal, onPart } = {}) {
      if (broken) return Promise.reject(broken);
      if (signal?.aborted) return Promise.reject(signal.reason);
      return new Promise((resolve, reject) => {
        const id = ++lastId;
        pending.set(id, { resolve, reject, onPart });
        worker.postMessage({ id, action, payload }, transfer);
        signal?.addEventListener('abort', () => {
          if (!pending.delete(id)) return;
          worker.postMessage({ abort: id });
          reject(signal.reason);
        });
      });
    },
    close: () => worker.terminate(),
  };
}

/**
 * Asks one question at a time; of those that come meanwhile only the newest is kept. An answer is
 * shown only if no newer question waits, so what is shown never belongs to an older text.
 * @template Question, Reply
 * @param {(question: Question) => Promise<Reply>} ask
 * @param {(question: Question, outcome: { reply?: Reply, error?: Error }) => void} show
 * @returns {(question: Question | null) => void} null: forget what was asked
 */
export function latestOnly(ask, show) {
  let newest = null;
  let asking = false;

  async function run() {
    asking = true;
    let asked = null;
    while (newest !== asked && newest !== null) {
      asked = newest;
      const outcome = await ask(asked).then(
        (reply) => ({ reply }),
        (error) => ({ error }),
      );
      if (newest === asked) show(asked, outcome);
    }
    asking = false;
  }

  return (question) => {
    newest = question;
    if (!asking) run();
  };
}

/**
 * Asks at once, and gives up what was asked before: for questions that take long.
 * @template Question, Reply
 * @param {(question: Question, signal: AbortSignal) => Promise<Reply>} ask
 * @param {(question: Question, outcome: { reply?: Reply, error?: Error }) => void} show
 * @returns {(question: Question | null) => void} null: give up what was asked
 */
export function newestOnly(ask, show) {
  let controller = null;
  return async (question) => {
    controller?.abort();
    if (question === null) return;
    const { signal } = (controller = new AbortController());
    const outcome = await ask(question, signal).then(
      (reply) => ({ reply }),
      (error) => ({ error }),
    );
    if (!signal.aborted) show(question, outcome);
  };
}
