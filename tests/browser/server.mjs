import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
};

/** The page as built; another folder for trying things out. */
export const PAGE = process.env.RECUR_PAGE ?? new URL('../../build/page', import.meta.url).pathname;

/**
 * A plain static host with the page under a sub-path, no special headers, and faults on demand.
 * @returns {Promise<{ url: string, requests: string[], fault: object, close: () => Promise<void> }>}
 *   requests: paths asked for, from the first on. fault: by a part of the path, what goes wrong with
 *   it: `(bytes) => bytes` changes the file, a number is the status instead, a promise delays it.
 *   change: by name, how a file is served differently.
 */
export async function servePage(root = PAGE, base = '/some/where/') {
  const requests = [];
  const host = { requests, fault: {}, change: {} };

  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
    requests.push(path);
    const name = path.startsWith(base) ? path.slice(base.length) || 'index.html' : null;
    if (name === null || name.split('/').includes('..')) return response.writeHead(404).end();
    const [, fault] = Object.entries(host.fault).find(([part]) => path.includes(part)) ?? [];
    if (typeof fault === 'number') return response.writeHead(fault).end();
    if (fault instanceof Promise) await fault;
    try {
      const bytes = await readFile(join(root, name));
      const body =
        typeof fault === 'function'
          ? fault(Buffer.from(bytes))
          : (host.change[name]?.(bytes) ?? bytes);
      response.writeHead(200, {
        'content-type': TYPES[extname(name)] ?? 'application/octet-stream',
        'content-length': body.length,
      });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, 'localhost', resolve));
  host.url = `http://localhost:${server.address().port}${base}`;
  host.close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return host;
}
