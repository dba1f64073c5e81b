// What the suites of the WASM build share.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'node:test';
import { fileURLToPath } from 'node:url';
import { flavours } from '../../build/wasm/recur.js';

/** A path in the repository. */
export const path = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

/** The same suite over every flavour of the module. */
export function everyFlavour(name, suite) {
  for (const flavour of flavours) describe(`${name}, ${flavour}`, () => suite(flavour));
}

/** What a program of tests/wasm writes into a folder: the bytes of each file, by its name. */
function filesOf(program) {
  const folder = mkdtempSync(join(tmpdir(), 'recur-models-'));
  try {
    execFileSync(path(`build/native/tests/wasm/${program}`), [folder]);
    // Uint8Array, whose slice() copies, unlike a Buffer's
    return readdirSync(folder).map((file) => [
      file,
      new Uint8Array(readFileSync(join(folder, file))),
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const models = (files) =>
  new Map(
    files
      .filter(([file]) => file.endsWith('.gguf'))
      .map(([file, bytes]) => [file.slice(0, -'.gguf'.length), bytes]),
  );

/** One small random classifier of every shape, by the names that make_models.c gives them. */
export const makeModels = () => models(filesOf('make_models'));

/**
 * Random translators that would rather not place their placeholders, by the names that
 * make_translators.c gives them, and samples of what is to come back: { number, other, word }, each
 * an array of texts.
 */
export function makeTranslators() {
  const files = filesOf('make_translators');
  const samples = new TextDecoder().decode(files.find(([file]) => file === 'samples.txt')[1]);
  const rows = samples
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'));
  const of = (kind) => rows.filter((row) => row[0] === kind).map((row) => row[1]);
  return {
    models: models(files),
    samples: { number: of('number'), other: of('other'), word: of('word') },
  };
}

/** Numbers in [0, 1), the same for the same seed (xorshift32, Marsaglia 2003). */
export function randomNumbers(seed) {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
