/**
 * Tells the browser in the page's head to fetch at once what scripts will ask for later.
 * @param {{ script: string, files: string[] }} wanted script: name of a chunk that is imported later;
 *   files: names that they have before the build
 * @returns {import('vite').Plugin}
 */
export function preload({ script, files }) {
  return {
    name: 'recur:preload',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle }) {
        const built = Object.values(bundle);
        const chunk = built.find((found) => found.isDynamicEntry && found.name === script);
        const assets = files.map((file) => built.find(({ names }) => names?.includes(file)));
        if (!chunk || !assets.every(Boolean)) throw new Error('what to preload was not built');
        return [
          ...[chunk.fileName, ...chunk.imports].map((name) => link('modulepreload', name)),
          ...assets.map(({ fileName }) => link('preload', fileName, { as: 'fetch' })),
        ].filter(({ attrs }) => !html.includes(attrs.href));
      },
    },
  };
}

function link(rel, fileName, attrs = {}) {
  const href = `./${fileName}`;
  return { tag: 'link', attrs: { rel, ...attrs, crossorigin: true, href }, injectTo: 'head' };
}
