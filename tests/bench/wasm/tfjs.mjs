// TensorFlow.js as a contestant: its WASM backend with SIMD on one thread, the networks written in
// its operators (the layers API above them would only add to the time).

/** The step of a GRU: h' = n + z (h - n), over [1, H]. The gates of W stand in the order r, z, n. */
function gruStep(tf, gru, x, h) {
  const { hidden } = gru;
  const input = tf.fused.matMul({ a: x, b: gru.weightIh, bias: gru.biasIh });
  const state = tf.fused.matMul({ a: h, b: gru.weightHh, bias: gru.biasHh });
  return gates(tf, hidden, input, state, h);
}

function gates(tf, hidden, input, state, h) {
  const [inputRZ, inputN] = tf.split(input, [2 * hidden, hidden], 1);
  const [stateRZ, stateN] = tf.split(state, [2 * hidden, hidden], 1);
  const [r, z] = tf.split(tf.sigmoid(tf.add(inputRZ, stateRZ)), 2, 1);
  const n = tf.tanh(tf.add(inputN, tf.mul(r, stateN)));
  return tf.add(n, tf.mul(z, tf.sub(h, n)));
}

/** W [out, in] as the [in, out] that the backend's fast product wants. */
const columns = (tf, weight, out) => tf.transpose(tf.tensor2d(weight, [out, weight.length / out]));

function gruTensors(tf, { hidden, weightIh, weightHh, biasIh, biasHh }) {
  return {
    hidden,
    weightIh: columns(tf, weightIh, 3 * hidden),
    weightHh: columns(tf, weightHh, 3 * hidden),
    biasIh: tf.tensor1d(biasIh),
    biasHh: tf.tensor1d(biasHh),
  };
}

function classifierContestant(tf, { gru, outWeight, outBias, ids }) {
  const weights = gruTensors(tf, gru);
  const out = columns(tf, outWeight, outBias.length);
  const bias = tf.tensor1d(outBias);
  const run = () =>
    tf.tidy(() => {
      // A one-hot letter picks a row.
      const picked = tf.gather(weights.weightIh, tf.tensor1d(ids, 'int32'));
      const inputs = tf.split(tf.add(picked, weights.biasIh), ids.length, 0);
      let h = tf.zeros([1, gru.hidden]);
      for (const input of inputs) {
        const state = tf.fused.matMul({
          a: h,
          b: weights.weightHh,
          bias: weights.biasHh,
        });
        h = gates(tf, gru.hidden, input, state, h);
      }
      const logits = tf.fused.matMul({ a: h, b: out, bias });
      return tf.softmax(logits).dataSync();
    });
  return { network: 'classifier', variant: 'f32', run, output: run };
}

function decoderContestant(tf, network) {
  const { words, embedding, hidden, states } = network;
  const embeddings = tf.tensor2d(network.embeddings, [words, embedding]);
  const gru = gruTensors(tf, network.gru);
  const out = columns(tf, network.outWeight, words);
  const bias = tf.tensor1d(network.outBias);
  const memory = tf.tensor2d(network.memory, [states, hidden]);
  const scale = tf.scalar(1 / Math.sqrt(hidden));
  const before = tf.tensor2d(network.state, [1, hidden]);
  const step = () => {
    const x = tf.gather(embeddings, tf.tensor1d([network.word], 'int32'));
    const state = gruStep(tf, gru, x, before);
    const scores = tf.matMul(tf.mul(state, scale), memory, false, true);
    const context = tf.matMul(tf.softmax(scores), memory);
    const both = tf.concat([state, context], 1);
    return tf.fused.matMul({ a: both, b: out, bias });
  };
  return {
    network: 'decoder',
    variant: 'f32',
    run: () => tf.tidy(() => tf.argMax(step(), 1).dataSync()),
    output: () => tf.tidy(() => step().dataSync()),
  };
}

/** See contestants.mjs. `wasmFolder` is where the backend's files are. */
export async function load(tf, setWasmPaths, wasmFolder, { classifier, decoder }) {
  setWasmPaths(wasmFolder);
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  if (!(await tf.setBackend('wasm'))) throw new Error('TensorFlow.js has no WASM backend here');
  await tf.ready();
  const contestants = [classifierContestant(tf, classifier), decoderContestant(tf, decoder)];
  return { version: tf.version_core, contestants };
}
