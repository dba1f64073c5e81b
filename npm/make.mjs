// Makes the npm packages `recur` and `recur-models` in build/npm, ready to publish: what build/wasm and
// data/weights have, with READMEs, licences, and for the weights an index of what they are.
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createEngine } from '../build/wasm/recur.js';

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const { version, license, engines, repository, description } = JSON.parse(
  readFileSync(path('package.json')),
);
const common = { version, license, type: 'module', repository };

/** An empty folder of a package; `write(name, text)` puts a file there, `copy(from, name)` another's. */
function folderOf(name) {
  const folder = path(`build/npm/${name}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const write = (file, text) => writeFileSync(`${folder}/${file}`, text);
  const writeJson = (file, value) => write(file, `${JSON.stringify(value, null, 2)}\n`);
  const copy = (from, file = from.split('/').at(-1)) => cpSync(path(from), `${folder}/${file}`);
  copy('LICENSE');
  return { write, writeJson, copy };
}

function makeEngine() {
  const { writeJson, copy } = folderOf('recur');
  copy('npm/recur/README.md');
  const files = readdirSync(path('build/wasm')).sort();
  for (const file of files) copy(`build/wasm/${file}`);
  writeJson('package.json', {
    name: 'recur',
    description,
    ...common,
    keywords: ['rnn', 'lstm', 'gru', 'translation', 'names', 'wasm', 'simd', 'offline'],
    engines,
    sideEffects: false,
    exports: {
      '.': { types: './recur.d.ts', default: './recur.js' },
      './together': { types: './recur-together.d.ts', default: './recur-together.js' },
      './*.wasm': './*.wasm',
      './package.json': './package.json',
    },
    files,
  });
}

/** What is to be known of a weight file without fetching it. */
function describe(engine, file, bytes) {
  const { kind, model } = load(engine, bytes);
  const { parameters, metadata } = model.info;
  model.free();
  return {
    name: file.replace(/\.gguf$/, ''),
    file,
    kind,
    title: metadata['general.name'] ?? '',
    parameters,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    license: metadata['general.license'] ?? '',
    attribution: metadata['general.attribution'] ?? '',
  };
}

function load(engine, bytes) {
  try {
    return { kind: 'classifier', model: engine.loadClassifier(bytes) };
  } catch {
    return { kind: 'translator', model: engine.loadTranslator(bytes) };
  }
}

async function makeModels() {
  const { write, writeJson, copy } = folderOf('recur-models');
  const files = readdirSync(path('data/weights'))
    .filter((file) => file.endsWith('.gguf'))
    .sort();
  const engine = await createEngine();
  const index = files.map((file) => {
    copy(`data/weights/${file}`);
    return describe(engine, file, readFileSync(path(`data/weights/${file}`)));
  });
  engine.free();

  // A module for each, so that a bundler takes along those files alone that a program imports.
  for (const { name, file, title } of index) {
    write(`${name}.js`, `export default new URL('./${file}', import.meta.url);\n`);
    write(
      `${name}.d.ts`,
      `/** Where ${file} is: ${title}. */\ndeclare const url: URL;\nexport default url;\n`,
    );
  }
  writeJson('index.json', index);
  write('index.js', `export default ${JSON.stringify(index, null, 2)};\n`);
  copy('npm/recur-models/index.d.ts');
  write('README.md', readFileSync(path('npm/recur-models/README.md'), 'utf8') + tableOf(index));
  writeJson('package.json', {
    name: 'recur-models',
    description: 'Weights for recur: the countries of names, and English to French',
    ...common,
    license: 'SEE LICENSE IN README.md',
    keywords: ['recur', 'weights', 'gguf', 'translation', 'names'],
    sideEffects: false,
    exports: {
      '.': { types: './index.d.ts', default: './index.js' },
      './index.json': './index.json',
      './*.gguf': './*.gguf',
      './package.json': './package.json',
      './*': { types: './*.d.ts', default: './*.js' },
    },
    files: ['*.gguf', '*.js', '*.d.ts', 'index.json'],
  });
}

function tableOf(index) {
  const rows = index.map(
    ({ file, title, bytes, license, attribution }) =>
      `| \`${file}\` | ${title} | ${(bytes / 1e6).toFixed(2)} MB | ${license} | ${attribution} |`,
  );
  return [
    '| file | what it is | size | licence | made from |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

makeEngine();
await makeModels();
