import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';

/**
 * `import file from './weights.gguf?file'` gives `{ url, bytes, sha256 }`: where the hashed copy lies,
 * and what must arrive from there. So progress needs no Content-Length, which a compressing host
 * leaves out, and a damaged download is told from a good one.
 * @returns {import('vite').Plugin}
 */
export function fileWithDigest() {
  return {
    name: 'recur:file',
    enforce: 'pre',
    async load(id) {
      if (!id.endsWith('?file')) return null;
      const path = id.slice(0, -'?file'.length);
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
