import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/**
 * `vite preview` compresses texts alone: this sends the WASM modules compressed too, as hosts do.
 * @returns {import('vite').Plugin}
 */
export function compressedWasm() {
  return {
    name: 'recur:compressed-wasm',
    configurePreviewServer({ middlewares, config }) {
      const assets = resolve(config.root, config.build.outDir, config.build.assetsDir);
      middlewares.use(async (request, response, next) => {
        const [, name] = /\/([\w.-]+\.wasm)$/.exec(request.url) ?? [];
        const welcome =
          request.method === 'GET' && /\bgzip\b/.test(request.headers['accept-encoding']);
        if (!name || !welcome) return next();
        const bytes = await readFile(resolve(assets, name)).catch(() => null);
        if (!bytes) return next();
        response.setHeader('Content-Type', 'application/wasm');
        response.setHeader('Content-Encoding', 'gzip');
        response.setHeader('Vary', 'Accept-Encoding');
        response.end(await promisify(gzip)(bytes));
      });
    },
  };
}
