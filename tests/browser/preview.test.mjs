import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { preview } from 'vite';
import { PAGE } from './server.mjs';

async function withDemo(run) {
  const configFile = fileURLToPath(new URL('../../web/vite.config.js', import.meta.url));
  const host = await preview({ configFile, logLevel: 'error', preview: { port: 0 } });
  try {
    await run(host.resolvedUrls.local[0]);
  } finally {
    await host.close();
  }
}

test('./run demo serves the page, and nothing in the place of what there is not', () =>
  withDemo(async (origin) => {
    const status = async (path) => (await fetch(new URL(path, origin))).status;
    assert.equal(await status('./'), 200);
    assert.equal(await status('index.html'), 200);
    for (const path of ['robots.txt', 'favicon.ico', 'no/such/place'])
      assert.equal(await status(path), 404, path);
    assert.equal(await status('assets/none.wasm'), 404);
  }));

test('./run demo compresses WASM modules for who takes them so', () =>
  withDemo(async (origin) => {
    const modules = (await readdir(`${PAGE}/assets`)).filter((name) => name.endsWith('.wasm'));
    assert.ok(modules.length > 0);
    for (const name of modules)
      for (const encoding of ['gzip', 'identity']) {
        const headers = { 'accept-encoding': encoding };
        const response = await fetch(new URL(`assets/${name}`, origin), { headers });
        assert.equal(response.headers.get('content-type'), 'application/wasm');
        assert.equal(response.headers.get('content-encoding'), encoding === 'gzip' ? 'gzip' : null);
        const bytes = Buffer.from(await response.arrayBuffer());
        assert.ok(bytes.equals(await readFile(`${PAGE}/assets/${name}`)), name);
      }
  }));
