import { createHash } from 'node:crypto';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';

// The translators' weights are kept by web/engine/kept.js, for those who open the translator, and what trains and
// looks inside, with the world's names, for those who open the lab.
const NOT_FOR_OFFLINE =
  /^sw\.js$|\.map$|^preview\.png$|\/en-fr-[\w-]+\.gguf$|\/world(?:\.dev)?-[\w-]+\.tsv$|\/recur-(?:trainer|inspector)-\w+-[\w-]+\.wasm$/;

/**
 * Writes `sw.js` beside the finished page: the source of `web/sw.js` with the list of every file of
 * this build and its digest. The list is taken from the disk at the very end, so that it is what a
 * host will serve.
 * @returns {import('vite').Plugin}
 */
export function serviceWorker() {
  let source, outDir;
  return {
    name: 'recur:service-worker',
    apply: 'build',
    configResolved(config) {
      source = join(config.root, 'sw.js');
      outDir = resolve(config.root, config.build.outDir);
    },
    async closeBundle() {
      const names = await readdir(outDir, { recursive: true, withFileTypes: true });
      const files = [];
      for (const entry of names.filter((entry) => entry.isFile())) {
        const path = join(entry.parentPath, entry.name);
        const name = relative(outDir, path).split(sep).join('/');
        if (NOT_FOR_OFFLINE.test(name)) continue;
        const digest = createHash('sha256')
          .update(await readFile(path))
          .digest('base64');
        files.push([name === 'index.html' ? './' : name, `sha256-${digest}`]);
      }
      files.sort(([a], [b]) => (a < b ? -1 : 1));
      const list = JSON.stringify(files);
      const build = createHash('sha256').update(list).digest('hex').slice(0, 12);
      const text = (await readFile(source, 'utf8'))
        .replace("'__BUILD__'", `'${build}'`)
        .replace('/* __FILES__ */ []', list);
      await writeFile(join(outDir, 'sw.js'), text);
    },
  };
}
