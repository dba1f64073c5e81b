// ./run soak page in small: seconds of what is tried there for hours.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { soakPart } from '../soak/page.mjs';

for (const [kind, count] of Object.entries({ keystrokes: 300, translations: 8, trainings: 2 }))
  test(`after ${count} ${kind} the page holds what it held after half of them`, async (context) => {
    const [, , faults, held] = await soakPart(kind, { count, seed: 7, seconds: 1 });
    assert.equal(faults, '0 faults', held);
    assert.match(held, /page [\d.]+ to [\d.]+ MB; recur [\d.]+ to [\d.]+ MB, WASM/);
    context.diagnostic(held);
  });
