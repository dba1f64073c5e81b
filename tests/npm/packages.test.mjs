// The npm packages as others have them: packed, installed into a scratch project, and run from static
// files, under Vite, webpack and esbuild, and in Node.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build, createServer } from 'vite';
import { launchChromium } from '../browser/browsers.mjs';
import { servePage } from '../browser/server.mjs';

const path = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const project = mkdtempSync(join(tmpdir(), 'recur-npm-'));
const file = (name) => join(project, name);
const installed = (name) => file(`node_modules/${name}`);
const require = createRequire(import.meta.url);
const readme = readFileSync(path('npm/recur/README.md'), 'utf8');
const EXPECTED = /^Polish \| Où est le pont.*$/;

/** A program that puts into `said` what the networks say, or what went wrong. */
const app = (imports, read) => `${imports}
async function main() {
  const engine = await createEngine();
  const read = ${read};
  const { ranking } = engine.loadClassifier(await read(names)).classify('Kowalczyk');
  const translator = engine.loadTranslator(await read(french));
  const { text } = await translator.translate('Where is the bridge?');
  return ranking[0].label + ' | ' + text;
}
main().catch(String).then((said) => SAY);
`;
const PACKAGES = `import { createEngine } from 'recur';
import names from 'recur-models/names-gru';
import french from 'recur-models/en-fr';`;
const FILES = `import { createEngine } from './recur/recur.js';
const [names, french] = ['./names-gru.gguf', './en-fr.gguf'];`;
const fetching = 'async (url) => (await fetch(url)).arrayBuffer()';
const inPage = (imports) => app(imports, fetching).replace('SAY', '(document.title = said)');
const html = (script, head = '') =>
  `<!doctype html><meta charset="utf-8">${head}<script type="module" src="./${script}"></script>`;

let chromium;
before(async () => {
  const npm = (...args) => execFileSync('npm', args, { cwd: project, encoding: 'utf8' });
  writeFileSync(file('package.json'), '{ "private": true, "type": "module" }');
  const packages = [path('build/npm/recur'), path('build/npm/recur-models')];
  const packed = npm('pack', '--silent', ...packages)
    .trim()
    .split('\n');
  npm('install', '--offline', '--no-audit', '--no-fund', ...packed.map((name) => `./${name}`));
  writeFileSync(file('app.js'), inPage(PACKAGES));
  chromium = await launchChromium();
});
after(async () => {
  await chromium?.close();
  rmSync(project, { recursive: true, force: true });
});

/** What a page says at last, and complained of. */
async function saidAt(url) {
  const page = await chromium.newPage();
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  try {
    await page.goto(url);
    await page.waitForFunction(() => document.title !== '', null, { timeout: 60_000 });
    return { said: await page.title(), complaints };
  } finally {
    await page.close();
  }
}

async function saidIn(folder) {
  const host = await servePage(file(folder), '/some/where/');
  try {
    return await saidAt(host.url);
  } finally {
    await host.close();
  }
}

const works = ({ said, complaints }) => {
  assert.match(said, EXPECTED, complaints.join('\n'));
};

describe('the packages', () => {
  test('have READMEs, licences and types', () => {
    for (const name of ['recur', 'recur-models']) {
      const { version } = JSON.parse(readFileSync(join(installed(name), 'package.json')));
      assert.equal(version, JSON.parse(readFileSync(path('package.json'))).version);
      for (const part of ['README.md', 'LICENSE'])
        assert.ok(readdirSync(installed(name)).includes(part));
    }
    writeFileSync(
      file('types.ts'),
      `${PACKAGES}
import index from 'recur-models';
const url: URL = names;
const size: number = index[0].bytes;
createEngine().then((engine) => engine.free());
export { url, size, french };
`,
    );
    const options = ['--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2022,dom'];
    options.push(
      '--module',
      'nodenext',
      '--types',
      '',
      '--skipLibCheck',
      'false',
      file('types.ts'),
    );
    const tsc = path('node_modules/typescript/bin/tsc');
    const { status, stdout } = spawnSync(process.execPath, [tsc, ...options], { encoding: 'utf8' });
    assert.equal(status, 0, stdout);
  });

  test('have an index of the weights: all, with sizes, checksums, licences and attribution', () => {
    const folder = installed('recur-models');
    const index = JSON.parse(readFileSync(join(folder, 'index.json')));
    const weights = (of) =>
      readdirSync(of)
        .filter((name) => name.endsWith('.gguf'))
        .sort();
    assert.deepEqual(
      index.map((entry) => entry.file),
      weights(path('data/weights')),
    );
    assert.deepEqual(weights(folder), weights(path('data/weights')));
    for (const { file: name, bytes, sha256, kind, license, attribution } of index) {
      const content = readFileSync(join(folder, name));
      assert.equal(content.length, bytes);
      assert.equal(createHash('sha256').update(content).digest('hex'), sha256);
      assert.match(kind, /^(classifier|translator)$/);
      assert.ok(license !== '' && attribution !== '', name);
      assert.ok(readFileSync(join(folder, 'README.md'), 'utf8').includes(attribution));
    }
  });
});

describe('they run', () => {
  test('as static files, under the policy of the README, and in a worker', async () => {
    const [policy] = /<meta\s[^>]*>/.exec(readme);
    mkdirSync(file('static'));
    cpSync(installed('recur'), file('static/recur'), { recursive: true });
    for (const name of ['names-gru.gguf', 'en-fr.gguf'])
      cpSync(join(installed('recur-models'), name), file(`static/${name}`));
    const said = `postMessage(said)`;
    writeFileSync(file('static/worker.js'), app(FILES, fetching).replace('SAY', said));
    writeFileSync(file('static/index.html'), html('app.js', policy));
    writeFileSync(file('static/app.js'), inPage(FILES));
    const plain = await saidIn('static');
    works(plain);
    assert.deepEqual(
      plain.complaints.filter((text) => !/favicon/.test(text)),
      [],
    );
    writeFileSync(
      file('static/app.js'),
      `const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
worker.onmessage = ({ data }) => (document.title = data);`,
    );
    works(await saidIn('static'));
  });

  const settings = { root: project, configFile: false, logLevel: 'error' };

  test('under Vite, in development', async () => {
    writeFileSync(file('index.html'), html('app.js'));
    const server = await createServer({ ...settings, server: { port: 0 } });
    try {
      await server.listen();
      works(await saidAt(server.resolvedUrls.local[0]));
    } finally {
      await server.close();
    }
  });

  test('under Vite, built, with those weights alone that are imported', async () => {
    await build({ ...settings, base: './', build: { outDir: 'vite' } });
    works(await saidIn('vite'));
    const weights = readdirSync(file('vite/assets')).filter((name) => name.endsWith('.gguf'));
    assert.equal(weights.length, 2);
  });

  test('under webpack', async () => {
    const webpack = require('webpack');
    const output = { path: file('webpack'), filename: 'main.js' };
    const stats = await new Promise((resolve, reject) =>
      webpack(
        { mode: 'production', context: project, entry: './app.js', output, performance: false },
        (error, done) => (error ? reject(error) : resolve(done)),
      ),
    );
    assert.equal(stats.hasErrors() || stats.hasWarnings(), false, stats.toString());
    writeFileSync(file('webpack/index.html'), html('main.js'));
    works(await saidIn('webpack'));
  });

  test('under esbuild, once the files are copied; until then the error names the address', async () => {
    const options = {
      entryPoints: [file('app.js')],
      bundle: true,
      format: 'esm',
      logLevel: 'error',
    };
    require('esbuild').buildSync({ ...options, outdir: file('esbuild') });
    writeFileSync(file('esbuild/index.html'), html('app.js'));
    const { said } = await saidIn('esbuild');
    assert.match(
      said,
      /http:\/\/localhost:[0-9]+\/some\/where\/recur-.*\.wasm answers with HTTP status 404/,
    );
    for (const name of readdirSync(installed('recur')))
      if (name.endsWith('.wasm')) cpSync(join(installed('recur'), name), file(`esbuild/${name}`));
    for (const name of ['names-gru.gguf', 'en-fr.gguf'])
      cpSync(join(installed('recur-models'), name), file(`esbuild/${name}`));
    works(await saidIn('esbuild'));
  });

  // The node of the tests, and that of the system if it is new enough.
  const nodes = [process.execPath, '/usr/bin/node', '/usr/local/bin/node'];
  const versions = new Map();
  for (const node of nodes) {
    const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' });
    const [major, minor] = stdout?.match(/[0-9]+/g)?.map(Number) ?? [0];
    if (major > 20 || (major === 20 && minor >= 16)) versions.set(stdout.trim(), node);
  }
  for (const [version, node] of versions)
    test(`in Node ${version}`, () => {
      const read = `(await import('node:fs/promises')).readFile`;
      writeFileSync(file('node.js'), app(PACKAGES, read).replace('SAY', 'console.log(said)'));
      const result = spawnSync(node, ['node.js'], { cwd: project, encoding: 'utf8' });
      assert.match(result.stdout.trim(), EXPECTED, result.stderr);
    });
});
