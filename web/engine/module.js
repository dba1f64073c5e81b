import { detectFlavour } from '../../build/wasm/recur.js';
import { MODULES } from './assets.js';
import { LoadError, fetchFile } from './fetch.js';
import { startWorker } from './thread.js';

/**
 * The worker with the WASM module in it, which every view shares.
 * @param {ReturnType<typeof import('../state.js').createStore>} store
 */
export function createModule(store) {
  /** @type {{ client: ReturnType<typeof startWorker>, ready: Promise<void> } | null} */
  let running = null;
  let setUnderway;

  /** Starts the worker and fetches the module at the same time. */
  function start(fresh) {
    const client = startWorker();
    client.call('hello').then(setUnderway, setUnderway);
    const ready = (async () => {
      const flavour = await detectFlavour();
      const { buffer } = await fetchFile(MODULES[flavour], { fresh });
      const payload = { flavour, wasmBinary: buffer };
      const engine = await client.call('start', payload, [buffer]).catch(asLoadError);
      store.set({ engine });
    })();
    running = { client, ready };
    ready.catch(() => {
      client.close();
      running = null;
    });
  }

  return {
    /** Starts it unless it runs. `ready`: the module is in the worker. */
    use(fresh) {
      if (!running) start(fresh);
      return running;
    },
    get client() {
      return running?.client ?? null;
    },
    /** The worker runs, or never will. */
    underway: new Promise((resolve) => (setUnderway = resolve)),
  };
}

export function asLoadError(error) {
  throw new LoadError('engine', error.message);
}
