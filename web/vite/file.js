import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { relative } from 'node:path';

/**
 * `import file from './weights.gguf?file'` gives `{ url, bytes, sha256 }`: where the hashed copy lies,
 * and what must arrive from there. So progress needs no Content-Length, which a compressing host
 * leaves out, and a damaged download is told from a good one. With `?file-if-any`, a file that is not
 * there gives null, and the build says so.
 * @returns {import('vite').Plugin}
 */
export function fileWithDigest() {
  return {
    name: 'recur:file',
    enforce: 'pre',
    async resolveId(id, importer, options) {
      if (!id.endsWith('?file-if-any')) return null;
      // An alias may lead elsewhere; a file that is missing resolves to nothing.
      const [path, query] = id.split('?');
      const found = await this.resolve(path, importer, { ...options, skipSelf: true });
      return `${found?.id ?? path}?${query}`;
    },
    async load(id) {
      const [path, query] = id.split('?');
      if (query !== 'file' && query !== 'file-if-any') return null;
      if (query === 'file-if-any' && !existsSync(path)) {
        this.warn(`${relative(process.cwd(), path)} is missing: the page is built without it`);
        return 'export default null;';
      }
      const { size } = await stat(path);
      const sha256 = createHash('sha256')
        .update(await readFile(path))
        .digest('hex');
      this.addWatchFile(path);
      return `
        import url from ${JSON.stringify(`${path}?url`)};
        export default { url: new URL(url, import.meta.url).href, bytes: ${size}, sha256: '${sha256}' };`;
    },
  };
}
