// Random networks in every flavour of the WASM build against the reference; natively ctest does so.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FLAVOURS, differIn, isBuilt } from '../soak/differential.mjs';

for (const flavour of FLAVOURS) {
  // without clang 19 another flavour's module stands in
  const skip = !isBuilt(flavour) && 'not built here';
  test(`random networks say in ${flavour} what the reference says`, { skip }, () => {
    const rows = differIn(flavour, 40, 1);
    assert.ok(rows.length >= 2);
    for (const row of rows) assert.equal(row[2], '0 faults', row.join(' '));
  });
}
