import { detectFlavour } from '../../build/wasm/recur.js';
import { MODULES } from './assets.js';
import { LoadError, fetchFile } from './fetch.js';
import { startWorker } from './thread.js';

/**
 * The worker with the WASM modules in it, which every view shares: each asks for the one of its models.
 * @param {ReturnType<typeof import('../page/state.js').createStore>} store
 */
export function createModule(store) {
  /** @type {ReturnType<typeof startWorker> | null} */
  let client = startWorker();
  /** @type {Map<import('./assets.js').ModelKind, { sent: Promise<unknown>, ready: Promise<void> }>} */
  const modules = new Map();

  /** Fetches a module; what comes in `call` is the worker's answer to it. */
  async function send(to, kind, fresh) {
    const flavour = await detectFlavour();
    const { buffer } = await fetchFile(MODULES[kind][flavour], { fresh });
    return { call: to.call('start', { kind, flavour, wasmBinary: buffer }, [buffer]) };
  }

  function add(kind, fresh) {
    const sent = send(client, kind, fresh);
    const ready = (async () => {
      const { call } = await sent;
      store.set({ engine: await call.catch(asLoadError) });
    })();
    modules.set(kind, { sent, ready });
    ready.catch(() => {
      modules.delete(kind);
      if (modules.size > 0) return;
      client.close(); // which may be the broken part
      client = null;
    });
  }

  return {
    /**
     * Fetches the module for a kind of models, at the same time as the worker starts, unless both are
     * here. `sent`: the worker has its bytes, and takes weights from then on; `ready`: it runs.
     */
    use(kind, fresh) {
      client ??= startWorker();
      if (!modules.has(kind)) add(kind, fresh);
      return { client, ...modules.get(kind) };
    },
    get client() {
      return client;
    },
  };
}

export function asLoadError(error) {
  throw error instanceof LoadError ? error : new LoadError('engine', error.message);
}
