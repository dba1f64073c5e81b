import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { preview } from 'vite';

test('./run demo serves the page, and nothing in the place of what there is not', async () => {
  const configFile = fileURLToPath(new URL('../../web/vite.config.js', import.meta.url));
  const host = await preview({ configFile, logLevel: 'error', preview: { port: 0 } });
  try {
    const [origin] = host.resolvedUrls.local;
    const status = async (path) => (await fetch(new URL(path, origin))).status;
    assert.equal(await status('./'), 200);
    assert.equal(await status('index.html'), 200);
    for (const path of ['robots.txt', 'favicon.ico', 'no/such/place'])
      assert.equal(await status(path), 404, path);
  } finally {
    await host.close();
  }
});
