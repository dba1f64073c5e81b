/* Makes the page work offline after the first visit.
 *
 * One cache holds one build, complete or not at all: each file is checked against the digest that
 * the build recorded, so a download that is damaged, or that belongs to a newer build, stops the
 * installation instead of mixing in. Assets have their hash in their name; a page therefore finds
 * in the cache only files of its own build, and everything else on the network. */

const BUILD = '__BUILD__';
// Of the WASM modules, only those of the flavour that the page says it runs.
const flavour = new URL(location.href).searchParams.get('flavour');
const FILES = /* __FILES__ */ [].filter(
  ([path]) => !/-(scalar|simd128|relaxed)-[^/]*$/.test(path) || path.includes(`-${flavour}-`),
);

// Other copies of the page may live on the same origin, and caches are the origin's.
const FAMILY = `recur ${registration.scope} `;
const CACHE = FAMILY + BUILD;
const locate = (path) => new URL(path, registration.scope).href;
const ours = new Set(FILES.map(([path]) => locate(path)));

async function install() {
  const cache = await caches.open(CACHE);
  await Promise.all(
    FILES.map(async ([path, integrity]) => {
      const url = locate(path);
      const response = await fetch(url, { integrity, cache: 'no-cache' });
      if (!response.ok) throw new Error(`${url}: HTTP ${response.status}`);
      await cache.put(url, response);
    }),
  );
}

async function activate() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(FAMILY) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await clients.claim();
}

/* The newest page that can be had, else the one that is kept. */
async function page(request) {
  try {
    const response = await fetch(request);
    if (response.ok || response.type === 'opaqueredirect') return response;
    return (await kept(locate('./'))) ?? response;
  } catch (error) {
    const response = await kept(locate('./'));
    if (response) return response;
    throw error;
  }
}

async function asset(request) {
  return (await kept(request.url)) ?? fetch(request);
}

const kept = async (url) => (await caches.open(CACHE)).match(url);

addEventListener('install', (event) => event.waitUntil(install()));
addEventListener('activate', (event) => event.waitUntil(activate()));
addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET') return;
  const url = request.url.replace(/[?#].*$/, '');
  if (request.mode === 'navigate') {
    if (url === locate('./') || url === locate('index.html')) event.respondWith(page(request));
  } else if (ours.has(request.url) && request.cache !== 'reload') {
    event.respondWith(asset(request));
  }
});
