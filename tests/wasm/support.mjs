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

/** One small random classifier of every shape, by the names that make_models.c gives them. */
export function makeModels() {
  const folder = mkdtempSync(join(tmpdir(), 'recur-models-'));
  try {
    execFileSync(path('build/native/tests/wasm/make_models'), [folder]);
    const files = readdirSync(folder).filter((file) => file.endsWith('.gguf'));
    return new Map(
      files.map((file) => [
        file.slice(0, -'.gguf'.length),
        new Uint8Array(readFileSync(join(folder, file))), // whose slice() copies, unlike a Buffer's
      ]),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
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
