// TensorFlow.js learning: its WASM backend with SIMD on one thread, the network written in its operators. One-hot
// letters by a product, as the backend has no gradient of picking rows.

export function learner(tf, network) {
  const { letters, hidden, labels, ids, targets, options } = network;
  const [batch, length] = [ids.length, ids[0].length];
  const columns = (weight, out) =>
    tf.variable(tf.transpose(tf.tensor2d(weight, [out, weight.length / out])));
  const weightIh = columns(network.weightIh, 3 * hidden);
  const weightHh = columns(network.weightHh, 3 * hidden);
  const biasIh = tf.variable(tf.tensor1d(network.biasIh));
  const biasHh = tf.variable(tf.tensor1d(network.biasHh));
  const outWeight = columns(network.outWeight, labels);
  const outBias = tf.variable(tf.tensor1d(network.outBias));
  // [T * B, letters], letter by letter
  const order = Array.from({ length }, (_, t) => ids.map((name) => name[t])).flat();
  const oneHot = (ids, depth) => tf.cast(tf.oneHot(tf.tensor1d(ids, 'int32'), depth), 'float32');
  const inputs = oneHot(order, letters);
  const wanted = oneHot(targets, labels);
  const optimizer = tf.train.sgd(options.lr);

  const loss = () => {
    const all = tf.add(tf.matMul(inputs, weightIh), biasIh);
    let h = tf.zeros([batch, hidden]);
    for (const input of tf.split(all, length, 0)) {
      const [inputRZ, inputN] = tf.split(input, [2 * hidden, hidden], 1);
      const state = tf.add(tf.matMul(h, weightHh), biasHh);
      const [stateRZ, stateN] = tf.split(state, [2 * hidden, hidden], 1);
      const [r, z] = tf.split(tf.sigmoid(tf.add(inputRZ, stateRZ)), 2, 1);
      const n = tf.tanh(tf.add(inputN, tf.mul(r, stateN)));
      h = tf.add(n, tf.mul(z, tf.sub(h, n)));
    }
    const logits = tf.add(tf.matMul(h, outWeight), outBias);
    const probabilities = tf.softmax(logits);
    return tf.neg(tf.mean(tf.sum(tf.mul(wanted, tf.log(probabilities)), 1)));
  };
  const step = () => tf.tidy(() => optimizer.minimize(loss, true).dataSync()[0]);
  return { variant: tf.getBackend(), step };
}
