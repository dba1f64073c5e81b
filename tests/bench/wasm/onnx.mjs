// Writes ONNX models: the few messages of onnx.proto3 that a small inference graph needs, in the
// protocol buffers wire format.

const FLOAT = 1;
const UINT8 = 2;
const INT8 = 3;
const INT64 = 7;
const TYPES = { float32: FLOAT, uint8: UINT8, int8: INT8, int64: INT64 };

/** Bytes of an unsigned number, seven bits each, the lowest first. */
function varint(number) {
  const bytes = [];
  for (; number >= 128; number = Math.floor(number / 128)) bytes.push((number % 128) | 128);
  return [...bytes, number];
}

function joined(parts) {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

const encoder = new TextEncoder();

/** One field: a whole number, a text, the bytes of a message, or a list of such. */
function field(number, value) {
  if (Array.isArray(value)) return joined(value.map((item) => field(number, item)));
  if (typeof value === 'number') return joined([varint(number * 8), varint(value)]);
  const bytes = typeof value === 'string' ? encoder.encode(value) : value;
  return joined([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

const message = (fields) =>
  joined(Object.entries(fields).map(([key, value]) => field(+key, value)));

/** A constant. `data` is a typed array, `dims` its shape. */
export function constant(name, data, dims) {
  const type = { Float32Array: FLOAT, Uint8Array: UINT8, Int8Array: INT8, BigInt64Array: INT64 }[
    data.constructor.name
  ];
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return message({ 1: dims, 2: type, 8: name, 9: raw });
}

/** An input or output: its type is 'float32', 'int64'... */
export function tensor(name, type, dims) {
  const shape = message({ 1: dims.map((size) => message({ 1: size })) });
  return message({ 1: name, 2: message({ 1: message({ 1: TYPES[type], 2: shape }) }) });
}

/** A node. Attributes are whole numbers. */
export function node(operator, inputs, outputs, { domain = '', ...attributes } = {}) {
  const INT = 2;
  return message({
    1: inputs,
    2: outputs,
    4: operator,
    5: Object.entries(attributes).map(([name, i]) => message({ 1: name, 3: i, 20: INT })),
    7: domain,
  });
}

export function model({ nodes, constants, inputs, outputs }) {
  const graph = message({ 1: nodes, 2: 'graph', 5: constants, 11: inputs, 12: outputs });
  const opset = (domain, version) => message({ 1: domain, 2: version });
  return message({ 1: 8, 7: graph, 8: [opset('', 17), opset('com.microsoft', 1)] });
}
