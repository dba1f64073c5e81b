// Weight files in the eyes of another reader: @huggingface/gguf opens them and finds the same keys
// and tensors, and the tensors' bytes, decoded here, are the same numbers.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { GGMLQuantizationType, GGUFValueType, gguf } from '@huggingface/gguf';
import { bin } from './programs.mjs';

const path = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const open = (file) => gguf(file, { allowLocalFile: true, typedMetadata: true });

// IEEE 754 binary16, by its definition.
function halfAt(view, at) {
  const bits = view.getUint16(at, true);
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = (bits & 0x3ff) / 1024;
  assert.notEqual(exponent, 0x1f, 'a half is not finite');
  return sign * (exponent === 0 ? fraction * 2 ** -14 : (1 + fraction) * 2 ** (exponent - 15));
}

// Four bits of 32 numbers: the first 16 in the lower halves of 16 bytes, the others in the upper.
const lowHalf = (view, at, i) => (view.getUint8(at + (i % 16)) >> (i < 16 ? 0 : 4)) & 15;

// Element i of a tensor whose data starts at `at`, by GGUFs name of its type.
const elements = {
  F32: (view, at, i) => view.getFloat32(at + 4 * i, true),
  F16: (view, at, i) => halfAt(view, at + 2 * i),
  I32: (view, at, i) => view.getInt32(at + 4 * i, true),
  Q8_0: (view, at, i) => {
    const block = at + 34 * Math.floor(i / 32);
    return halfAt(view, block) * view.getInt8(block + 2 + (i % 32));
  },
  Q5_0: (view, at, i) => {
    const block = at + 22 * Math.floor(i / 32);
    const high = (view.getUint32(block + 2, true) >>> (i % 32)) & 1;
    return halfAt(view, block) * (lowHalf(view, block + 6, i % 32) + 16 * high - 16);
  },
  Q4_0: (view, at, i) => {
    const block = at + 18 * Math.floor(i / 32);
    return halfAt(view, block) * (lowHalf(view, block + 2, i % 32) - 8);
  },
};

/** Name, shape, type, place in the file and values of every tensor. */
function decodeTensors(parsed, bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return parsed.tensorInfos.map(({ name, shape, dtype, offset }) => {
    const type = GGMLQuantizationType[dtype];
    const sizes = shape.map(Number);
    const at = Number(parsed.tensorDataOffset + offset);
    const count = sizes.reduce((product, size) => product * size, 1);
    const values = Array.from({ length: count }, (_, i) => elements[type](view, at, i));
    return { name, type, shape: sizes, at, values };
  });
}

describe('a file with everything', () => {
  let folder, file, natively, parsed;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'recur-gguf-'));
    file = join(folder, 'sample.gguf');
    natively = JSON.parse(execFileSync(join(bin, '../tests/programs/gguf_sample'), [file]));
    parsed = await open(file);
  });
  after(() => rmSync(folder, { recursive: true }));

  test('has every key with its type and value', () => {
    const T = GGUFValueType;
    const expected = {
      version: [T.UINT32, 3],
      tensor_count: [T.UINT64, 7n],
      kv_count: [T.UINT64, 21n],
      'general.architecture': [T.STRING, 'recur-sample'],
      'general.alignment': [T.UINT32, 32],
      'type.u8': [T.UINT8, 255],
      'type.i8': [T.INT8, -128],
      'type.u16': [T.UINT16, 65535],
      'type.i16': [T.INT16, -32768],
      'type.u32': [T.UINT32, 4294967295],
      'type.i32': [T.INT32, -2147483647],
      'type.f32': [T.FLOAT32, Math.fround(0.1)],
      'type.true': [T.BOOL, true],
      'type.false': [T.BOOL, false],
      'type.string': [T.STRING, 'naïve 😀'],
      'type.empty': [T.STRING, ''],
      'type.u64': [T.UINT64, 2n ** 64n - 1n],
      'type.i64': [T.INT64, -(2n ** 63n)],
      'type.f64': [T.FLOAT64, 0.1],
      'array.string': [T.ARRAY, ['', '李', 'xyz'], T.STRING],
      'array.u16': [T.ARRAY, [1, 256, 65535], T.UINT16],
      'array.f64': [T.ARRAY, [-1.5, 1e300], T.FLOAT64],
      'array.bool': [T.ARRAY, [true, false], T.BOOL],
      'array.none': [T.ARRAY, [], T.INT8],
    };
    const found = Object.entries(parsed.typedMetadata).map(([key, { type, value, subType }]) => [
      key,
      subType === undefined ? [type, value] : [type, value, subType],
    ]);
    assert.equal(parsed.littleEndian, true);
    assert.deepEqual(Object.fromEntries(found), expected);
  });

  test('has every tensor with its name, shape, type and place', () => {
    const expected = [
      ['plain', 'F32', [96, 5]],
      ['half', 'F16', [7, 3, 2]],
      ['blocks', 'Q8_0', [96, 5]],
      ['integers', 'I32', [11]],
      ['one', 'F32', [1, 1, 1, 1]],
      ['five', 'Q5_0', [96, 5]],
      ['four', 'Q4_0', [96, 5]],
    ];
    const tensors = decodeTensors(parsed, readFileSync(file));
    assert.deepEqual(
      tensors.map(({ name, type, shape }) => [name, type, shape]),
      expected,
    );
    assert.deepEqual(
      tensors.map(({ name, type, shape, at }) => [name, type, shape, at]),
      natively.map(({ name, type, shape, at }) => [name, GGMLQuantizationType[type], shape, at]),
    );
    for (const { at } of tensors) assert.equal(at % 32, 0);
  });

  test('has the same numbers in every tensor', () => {
    const tensors = decodeTensors(parsed, readFileSync(file));
    for (const [index, { name, values }] of tensors.entries()) {
      assert.deepEqual(values.map(Math.fround), natively[index].values.map(Math.fround), name);
    }
  });

  test('keeps the numbers that were written, as exactly as the type can', () => {
    const [plain, half, blocks, integers, one, five, four] = decodeTensors(
      parsed,
      readFileSync(file),
    );
    const written = plain.values;
    const sign = (i) => (i % 3 === 0 ? -1 : 1);
    for (const [i, value] of written.entries()) {
      const divisor = i % 7 === 0 ? 1e7 : i % 5 === 0 ? Math.fround(0.1) : 100;
      assert.equal(value, Math.fround((sign(i) * (i + 1)) / divisor));
    }
    for (const [i, value] of half.values.entries()) {
      assert.ok(Math.abs(value - written[i]) <= Math.max(Math.abs(written[i]) / 2048, 2 ** -25));
    }
    for (let block = 0; block < written.length; block += 32) {
      const largest = Math.max(...written.slice(block, block + 32).map(Math.abs));
      // half a step, and the rounding of the step itself, 127 times
      const allowed = (largest / 127) * (0.5 + 127 / 2048) * 1.001;
      for (let i = block; i < block + 32; i++) {
        assert.ok(Math.abs(blocks.values[i] - written[i]) <= allowed);
      }
    }
    assert.deepEqual(
      integers.values,
      Array.from({ length: 11 }, (_, i) => (i % 2 === 0 ? -1 : 1) * i * 1000003 + 0),
    );
    assert.deepEqual(one.values, [written[0]]);
    // no further off, in squares, than by the rule of ggml's own quantize_row_q5_0_ref and _q4_0_ref
    for (const [{ values }, steps] of [
      [five, 16],
      [four, 8],
    ])
      for (let block = 0; block < written.length; block += 32) {
        const x = written.slice(block, block + 32);
        const d = x.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a)) / -steps;
        const theirs = x.map((value) => {
          const q = Math.min(2 * steps - 1, Math.floor(value / d + steps + 0.5));
          return d * (q - steps);
        });
        const squares = (made) => made.reduce((sum, value, i) => sum + (value - x[i]) ** 2, 0);
        const ours = squares(values.slice(block, block + 32));
        assert.ok(ours <= squares(theirs) * 1.002, `${steps}: ${ours} > ${squares(theirs)}`);
      }
  });
});

const weights = path('data/weights');
const bundled = existsSync(weights)
  ? readdirSync(weights).filter((file) => file.endsWith('.gguf'))
  : [];

describe('the bundled weights', { skip: bundled.length === 0 && 'there are none yet' }, () => {
  for (const name of bundled) {
    test(`${name} reads as it does natively`, async () => {
      const file = join(weights, name);
      const parsed = await open(file);
      const natively = JSON.parse(
        execFileSync(join(bin, 'evaluate'), ['inspect', '--model', file, '--json'], {
          encoding: 'utf8',
          maxBuffer: 1 << 26,
        }),
      );

      const { version, tensor_count, kv_count, ...metadata } = parsed.metadata;
      assert.equal(version, 3);
      assert.equal(Number(tensor_count), natively.tensors.length);
      assert.equal(Number(kv_count), Object.keys(natively.metadata).length);
      // JSON has no 64-bit integers: both sides as doubles
      const plain = (value) => (typeof value === 'bigint' ? Number(value) : value);
      for (const [key, { type, value, subType }] of Object.entries(parsed.typedMetadata)) {
        if (!(key in metadata)) continue;
        const single = [type, subType].includes(GGUFValueType.FLOAT32);
        const exact = (number) => (single ? Math.fround(number) : number);
        const each = (of, what) => (Array.isArray(what) ? what.map(of) : of(what));
        assert.deepEqual(each(plain, value), each(exact, natively.metadata[key]), key);
      }

      const tensors = decodeTensors(parsed, readFileSync(file));
      assert.deepEqual(
        tensors.map(({ name, type, shape, at }) => [name, type, shape, at]),
        natively.tensors.map(({ name, type, shape, offset }) => [name, type, shape, offset]),
      );
      for (const [index, { name, values }] of tensors.entries()) {
        const { first, sum, square_sum } = natively.tensors[index];
        const decoded = values.map(Math.fround);
        assert.deepEqual(decoded.slice(0, first.length), first.map(Math.fround), name);
        const near = (ours, theirs) =>
          assert.ok(Math.abs(ours - theirs) <= 1e-9 * (1 + Math.abs(theirs)), name);
        near(
          decoded.reduce((total, value) => total + value, 0),
          sum,
        );
        near(
          decoded.reduce((total, value) => total + value * value, 0),
          square_sum,
        );
      }
    });
  }
});
