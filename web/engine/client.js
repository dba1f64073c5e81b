/**
 * Calls to a worker as promises, by request id.
 * @param {Worker} worker
 */
export function createClient(worker) {
  /** @type {Map<number, { resolve: (value: unknown) => void, reject: (error: Error) => void }>} */
  const pending = new Map();
  let lastId = 0;
  let broken = null;

  worker.addEventListener('message', ({ data: { id, result, error } }) => {
    const { resolve, reject } = pending.get(id);
    pending.delete(id);
    if (error === undefined) resolve(result);
    else reject(new Error(error));
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
     */
    call(action, payload, transfer = []) {
      if (broken) return Promise.reject(broken);
      return new Promise((resolve, reject) => {
        const id = ++lastId;
        pending.set(id, { resolve, reject });
        worker.postMessage({ id, action, payload }, transfer);
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
