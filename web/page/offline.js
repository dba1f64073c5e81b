/**
 * Registers the service worker once everything is here, so that saving for later never competes with
 * the first answer, and reports how far it is.
 * @param {ReturnType<typeof import('./state.js').createStore>} store
 */
export async function watchOffline(store) {
  if (!import.meta.env.PROD || !navigator.serviceWorker) {
    store.set({ offline: 'unsupported' });
    return;
  }
  const { list, weights } = store.state;
  const complete = Object.values(weights[list]).every(({ phase }) => phase === 'ready');
  if (!complete) return;
  try {
    const registration = await navigator.serviceWorker.register(
      `sw.js?flavour=${store.state.engine.flavour}`,
    );
    const worker = registration.active ?? registration.installing ?? registration.waiting;
    await reaches(worker, 'activated');
    store.set({ offline: 'ready' });
  } catch {
    store.set({ offline: 'failed' });
  }
}

function reaches(worker, state) {
  return new Promise((resolve, reject) => {
    const look = () => {
      if (worker.state === state) resolve();
      else if (worker.state === 'redundant') reject(new Error('not installed'));
    };
    worker.addEventListener('statechange', look);
    look();
  });
}
