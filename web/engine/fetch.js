const PROGRESS_EVERY = 50; // milliseconds

/** Why a file did not arrive. `detail` is for the curious, in English. */
export class LoadError extends Error {
  /** @param {'network' | 'missing' | 'corrupt' | 'engine' | 'stopped'} kind @param {string} detail */
  constructor(kind, detail) {
    super(detail);
    this.kind = kind;
  }
}

/**
 * Fetches a file and checks that it is the one that was built.
 * @param {import('./assets.js').File} file
 * @param {FetchOptions} [options]
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 * @throws {LoadError}
 *
 * @typedef {{ progress?: (loaded: number) => void, fresh?: boolean, signal?: AbortSignal }} FetchOptions
 *   fresh: ask the server even if the browser has a copy, for the copy may be the damage; signal: stops
 */
export async function fetchFile(file, { progress, fresh = false, signal } = {}) {
  const response = await reach(() =>
    fetch(file.url, { cache: fresh ? 'reload' : 'default', signal }),
  );
  if (!response.ok) throw new LoadError('missing', `HTTP ${response.status}`);
  return readFile(response, file, progress);
}

/**
 * The body of a response, if it is the file that was built.
 * @param {Response} response
 * @param {import('./assets.js').File} file
 * @param {(loaded: number) => void} [progress]
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 * @throws {LoadError}
 */
export async function readFile(response, file, progress = () => {}) {
  const bytes = new Uint8Array(file.bytes);
  let loaded = 0;
  let told = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reach(() => reader.read());
    if (done) break;
    if (loaded + value.length > bytes.length) {
      reader.cancel().catch(() => {});
      throw new LoadError('corrupt', `more than ${bytes.length} bytes`);
    }
    bytes.set(value, loaded);
    loaded += value.length;
    const now = performance.now();
    if (now - told < PROGRESS_EVERY && loaded < bytes.length) continue;
    told = now;
    progress(loaded);
  }
  if (loaded < bytes.length) throw new LoadError('corrupt', `${loaded} of ${bytes.length} bytes`);
  await check(bytes, file.sha256);
  return bytes;
}

async function reach(action) {
  try {
    return await action();
  } catch (error) {
    throw new LoadError(error.name === 'AbortError' ? 'stopped' : 'network', error.message);
  }
}

/** Pages that are neither from https nor localhost have no digests; the engine's own checks remain. */
async function check(bytes, sha256) {
  if (!globalThis.crypto?.subtle) return;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (hex !== sha256)
    throw new LoadError(
      'corrupt',
      `SHA-256 ${hex.slice(0, 12)}… instead of ${sha256.slice(0, 12)}…`,
    );
}
