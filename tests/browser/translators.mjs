import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const path = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

const MAIN =
  '--vocabulary 400 --embedding 32 --hidden 64 --encoder-hidden 32 --attentional 32 ' +
  '--tokens 512 --lr 0.01 --warmup 40 --epochs 30';
const TUTORIAL =
  '--recipe tutorial --embedding 32 --hidden 32 --encoder-hidden 32 --attentional 32 ' +
  '--lr 0.05 --iterations 3000 --attention-maps no';

/**
 * Trains small translators on the sample sentences, and builds the page with them, so that its tests
 * are the same whatever weights it ships with.
 * @returns {{ page: string, bare: string, remove: () => void }} folders: the page with the translators,
 *   and one that was built without
 */
export function buildPages() {
  const folder = mkdtempSync(join(tmpdir(), 'recur-page-'));
  const weights = join(folder, 'weights');
  const nothing = join(folder, 'nothing');
  mkdirSync(weights);
  mkdirSync(nothing);
  train(join(weights, 'en-fr.gguf'), MAIN);
  train(join(weights, 'en-fr-tutorial.gguf'), TUTORIAL);
  const [page, bare] = [join(folder, 'page'), join(folder, 'bare')];
  build(page, weights);
  build(bare, nothing);
  return { page, bare, remove: () => rmSync(folder, { recursive: true }) };
}

function train(out, options) {
  const data = ['--data', path('data/sample/eng-fra.tsv')];
  const args = ['translate', ...data, ...options.split(' '), '--out', out];
  execFileSync(path('build/native/bin/train'), args, { stdio: 'pipe' });
}

function build(out, weights) {
  const args = ['build', path('web'), '--outDir', out, '--emptyOutDir', '--logLevel', 'error'];
  execFileSync(process.execPath, [path('node_modules/vite/bin/vite.js'), ...args], {
    stdio: 'pipe',
    env: { ...process.env, RECUR_TRANSLATORS: weights },
  });
}
