// ONNX Runtime Web as a contestant: the WASM backend on one thread.

import { constant, model, node, tensor } from './onnx.mjs';

/** Rows of three blocks of `size` rows, from the order r, z, n to ONNX's z, r, n. */
function gatesInOrder(data, size) {
  const [r, z, n] = [0, 1, 2].map((gate) => data.subarray(gate * size, (gate + 1) * size));
  const ordered = new Float32Array(data.length);
  [z, r, n].forEach((block, gate) => ordered.set(block, gate * size));
  return ordered;
}

/** [rows, columns] as [columns, rows]. */
function transposed(data, rows, columns) {
  return data.constructor.from({ length: data.length }, (_, i) => {
    return data[(i % rows) * columns + Math.floor(i / rows)];
  });
}

/** The constants of an ONNX GRU and its node: x [T, 1, I], h [1, 1, H] -> y, last [1, 1, H]. */
function gruNode({ input, hidden, weightIh, weightHh, biasIh, biasHh }, names) {
  const bias = new Float32Array(6 * hidden);
  bias.set(gatesInOrder(biasIh, hidden));
  bias.set(gatesInOrder(biasHh, hidden), 3 * hidden);
  return {
    constants: [
      constant('gru_w', gatesInOrder(weightIh, hidden * input), [1, 3 * hidden, input]),
      constant('gru_r', gatesInOrder(weightHh, hidden * hidden), [1, 3 * hidden, hidden]),
      constant('gru_b', bias, [1, 6 * hidden]),
    ],
    node: node('GRU', [names.x, 'gru_w', 'gru_r', 'gru_b', '', names.h ?? ''], ['', names.last], {
      hidden_size: hidden,
      linear_before_reset: 1,
    }),
  };
}

const int64 = (...numbers) => BigInt64Array.from(numbers, BigInt);

function classifierModel({ gru, outWeight, outBias, letters, ids }) {
  const labels = outBias.length;
  const recurrent = gruNode(gru, { x: 'x', last: 'last' });
  return model({
    nodes: [
      recurrent.node,
      node('Reshape', ['last', 'row'], ['state']),
      node('Gemm', ['state', 'out_w', 'out_b'], ['logits'], { transB: 1 }),
      node('Softmax', ['logits'], ['probabilities'], { axis: 1 }),
    ],
    constants: [
      ...recurrent.constants,
      constant('row', int64(1, gru.hidden), [2]),
      constant('out_w', outWeight, [labels, gru.hidden]),
      constant('out_b', outBias, [labels]),
    ],
    inputs: [tensor('x', 'float32', [ids.length, 1, letters])],
    outputs: [tensor('probabilities', 'float32', [1, labels])],
  });
}

/**
 * What both forms of the decoder share: attention from 'state' [1, H], the products behind it, and
 * the best word. `product(x, name, weight, bias, out, in)` gives nodes and constants of x W^T + b.
 */
function decoderModel(network, recurrent, product) {
  const { words, embedding, hidden, states } = network;
  const out = product('both', 'logits', network.outWeight, network.outBias, words, 2 * hidden);
  return model({
    nodes: [
      node('Gather', ['embeddings', 'word'], ['embedded']), // [1, E]
      ...recurrent.nodes,
      node('Mul', ['state', 'scale'], ['query']),
      node('Gemm', ['query', 'memory'], ['scores'], { transB: 1 }), // [1, states]
      node('Softmax', ['scores'], ['weights'], { axis: 1 }),
      node('MatMul', ['weights', 'memory'], ['context']),
      node('Concat', ['state', 'context'], ['both'], { axis: 1 }),
      ...out.nodes,
      node('ArgMax', ['logits'], ['best'], { axis: 1, keepdims: 0 }),
    ],
    constants: [
      constant('embeddings', network.embeddings, [words, embedding]),
      constant('scale', Float32Array.of(1 / Math.sqrt(hidden)), [1]),
      ...recurrent.constants,
      ...out.constants,
    ],
    inputs: [
      tensor('word', 'int64', [1]),
      tensor('before', 'float32', [1, hidden]),
      tensor('memory', 'float32', [states, hidden]),
    ],
    outputs: [
      tensor('best', 'int64', [1]),
      tensor('state', 'float32', [1, hidden]),
      tensor('logits', 'float32', [1, words]),
    ],
  });
}

/** f32: the GRU operator and Gemm, no slower than MatMul and the step in plain operators. */
function floatProduct(x, name, weight, bias, out, size) {
  return {
    nodes: [node('Gemm', [x, `${name}_w`, `${name}_b`], [name], { transB: 1 })],
    constants: [constant(`${name}_w`, weight, [out, size]), constant(`${name}_b`, bias, [out])],
  };
}

function floatRecurrent({ gru, embedding, hidden }) {
  const recurrent = gruNode(gru, { x: 'x', h: 'h', last: 'last' });
  return {
    nodes: [
      node('Reshape', ['embedded', 'x_shape'], ['x']),
      node('Reshape', ['before', 'h_shape'], ['h']),
      recurrent.node,
      node('Reshape', ['last', 'row'], ['state']),
    ],
    constants: [
      constant('x_shape', int64(1, 1, embedding), [3]),
      constant('h_shape', int64(1, 1, hidden), [3]),
      constant('row', int64(1, hidden), [2]),
      ...recurrent.constants,
    ],
  };
}

/** int8: weights with one scale an output, inputs quantised as they come. */
function quantizedProduct(x, name, weight, bias, out, size) {
  const quantized = new Int8Array(out * size);
  const scales = new Float32Array(out);
  for (let row = 0; row < out; row++) {
    const values = weight.subarray(row * size, (row + 1) * size);
    scales[row] = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / 127;
    quantized.set(
      values.map((value) => Math.round(value / scales[row])),
      row * size,
    );
  }
  return {
    nodes: [
      node('DynamicQuantizeMatMul', [x, `${name}_w`, `${name}_scale`, '', `${name}_b`], [name], {
        domain: 'com.microsoft',
      }),
    ],
    constants: [
      constant(`${name}_w`, transposed(quantized, out, size), [size, out]),
      constant(`${name}_scale`, scales, [out]),
      constant(`${name}_b`, bias, [out]),
    ],
  };
}

/** The GRU's step in plain operators over two such products: there is no int8 GRU operator. */
function cellRecurrent({ gru: { input, hidden, weightIh, weightHh, biasIh, biasHh } }, product) {
  const fromInput = product('embedded', 'gi', weightIh, biasIh, 3 * hidden, input);
  const fromState = product('before', 'gh', weightHh, biasHh, 3 * hidden, hidden);
  return {
    nodes: [
      ...fromInput.nodes,
      ...fromState.nodes,
      node('Split', ['gi', 'rz_n'], ['gi_rz', 'gi_n'], { axis: 1 }),
      node('Split', ['gh', 'rz_n'], ['gh_rz', 'gh_n'], { axis: 1 }),
      node('Add', ['gi_rz', 'gh_rz'], ['a_rz']),
      node('Sigmoid', ['a_rz'], ['rz']),
      node('Split', ['rz', 'r_z'], ['r', 'z'], { axis: 1 }),
      node('Mul', ['r', 'gh_n'], ['reset']),
      node('Add', ['gi_n', 'reset'], ['a_n']),
      node('Tanh', ['a_n'], ['n']),
      node('Sub', ['before', 'n'], ['difference']),
      node('Mul', ['z', 'difference'], ['kept']),
      node('Add', ['n', 'kept'], ['state']),
    ],
    constants: [
      constant('rz_n', int64(2 * hidden, hidden), [2]),
      constant('r_z', int64(hidden, hidden), [2]),
      ...fromInput.constants,
      ...fromState.constants,
    ],
  };
}

/** See contestants.mjs. */
export async function load(ort, { classifier, decoder }) {
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = 'error';
  const options = { executionProviders: ['wasm'], graphOptimizationLevel: 'all' };
  const session = (bytes) => ort.InferenceSession.create(bytes, options);
  const contestants = [];

  const oneHot = new Float32Array(classifier.ids.length * classifier.letters);
  classifier.ids.forEach((id, t) => (oneHot[t * classifier.letters + id] = 1));
  const x = new ort.Tensor('float32', oneHot, [classifier.ids.length, 1, classifier.letters]);
  const names = await session(classifierModel(classifier));
  contestants.push({
    network: 'classifier',
    variant: 'f32',
    run: () => names.run({ x }),
    output: async () => (await names.run({ x })).probabilities.data,
  });

  const feeds = {
    word: new ort.Tensor('int64', int64(decoder.word), [1]),
    before: new ort.Tensor('float32', decoder.state, [1, decoder.hidden]),
    memory: new ort.Tensor('float32', decoder.memory, [decoder.states, decoder.hidden]),
  };
  const models = {
    f32: decoderModel(decoder, floatRecurrent(decoder), floatProduct),
    int8: decoderModel(decoder, cellRecurrent(decoder, quantizedProduct), quantizedProduct),
  };
  for (const [variant, bytes] of Object.entries(models)) {
    const step = await session(bytes);
    contestants.push({
      network: 'decoder',
      variant,
      run: () => step.run(feeds, ['best', 'state']),
      output: async () => (await step.run(feeds, ['logits'])).logits.data,
    });
  }
  return { version: ort.env.versions.web, contestants };
}
