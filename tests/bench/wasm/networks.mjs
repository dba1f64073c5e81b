// The two networks that the WASM contestants run, with random weights, and what they must give:
// computed here in double precision by the equations as they stand.

/** Numbers in [-bound, bound), the same for the same seed (xorshift32, Marsaglia 2003). */
function random(seed, count, bound) {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return ((state >>> 0) / 2 ** 31 - 1) * bound;
  });
}

const sigmoid = (x) => 1 / (1 + Math.exp(-x));

/** W x + b for W [out, in]. */
function affine(weight, bias, x) {
  return Array.from(bias, (sum, row) => {
    for (let i = 0; i < x.length; i++) sum += weight[row * x.length + i] * x[i];
    return sum;
  });
}

/** The state of a GRU after one step more; the gates of its weights are r, z, n, as PyTorch's. */
function gruStep({ weightIh, weightHh, biasIh, biasHh }, x, h) {
  const input = affine(weightIh, biasIh, x);
  const state = affine(weightHh, biasHh, h);
  const size = h.length;
  return h.map((previous, k) => {
    const r = sigmoid(input[k] + state[k]);
    const z = sigmoid(input[size + k] + state[size + k]);
    const n = Math.tanh(input[2 * size + k] + r * state[2 * size + k]);
    return (1 - z) * n + z * previous;
  });
}

function softmax(x) {
  const largest = Math.max(...x);
  const powers = x.map((value) => Math.exp(value - largest));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}

/** Uniform within 1 / sqrt(H), as PyTorch starts a GRU. */
function randomGru(seed, input, hidden) {
  const bound = 1 / Math.sqrt(hidden);
  return {
    input,
    hidden,
    weightIh: random(seed, 3 * hidden * input, bound),
    weightHh: random(seed + 1, 3 * hidden * hidden, bound),
    biasIh: random(seed + 2, 3 * hidden, bound),
    biasHh: random(seed + 3, 3 * hidden, bound),
  };
}

/**
 * One step of a translator's decoder, 11.4 million weights: an embedded word of 256 -> GRU of 512 ->
 * attention by scaled dot products over 12 encoder states -> [state; context] -> 8,000 words.
 */
export function decoder() {
  const WORDS = 8000;
  const EMBEDDING = 256;
  const HIDDEN = 512;
  const STATES = 12;
  const network = {
    words: WORDS,
    embedding: EMBEDDING,
    hidden: HIDDEN,
    states: STATES,
    embeddings: random(11, WORDS * EMBEDDING, Math.sqrt(3)), // of variance 1
    gru: randomGru(12, EMBEDDING, HIDDEN),
    outWeight: random(21, WORDS * 2 * HIDDEN, 1 / Math.sqrt(2 * HIDDEN)),
    outBias: random(22, WORDS, 1 / Math.sqrt(2 * HIDDEN)),
    // The input of the step: the last word, the state before it and the encoder's states.
    word: 1234,
    state: random(31, HIDDEN, 0.8),
    memory: random(32, STATES * HIDDEN, 0.8),
  };
  const x = network.embeddings.subarray(network.word * EMBEDDING, (network.word + 1) * EMBEDDING);
  const state = gruStep(network.gru, x, Array.from(network.state));
  const keys = Array.from({ length: STATES }, (_, t) =>
    network.memory.subarray(t * HIDDEN, (t + 1) * HIDDEN),
  );
  const scores = keys.map((key) => key.reduce((sum, value, k) => sum + value * state[k], 0));
  const weights = softmax(scores.map((score) => score / Math.sqrt(HIDDEN)));
  const context = state.map((_, k) => keys.reduce((sum, key, t) => sum + weights[t] * key[k], 0));
  network.logits = affine(network.outWeight, network.outBias, [...state, ...context]);
  return network;
}

/**
 * A names classifier over one text: one-hot letters -> GRU -> linear -> softmax. `file` is what
 * wasm.mjs writes.
 */
export function classifier(file) {
  const { weightIh, weightHh, biasIh, biasHh } = file.gru;
  const network = {
    ...file,
    gru: {
      ...file.gru,
      weightIh: Float32Array.from(weightIh),
      weightHh: Float32Array.from(weightHh),
      biasIh: Float32Array.from(biasIh),
      biasHh: Float32Array.from(biasHh),
    },
    outWeight: Float32Array.from(file.outWeight),
    outBias: Float32Array.from(file.outBias),
  };
  let state = new Array(network.gru.hidden).fill(0);
  for (const id of network.ids) {
    const oneHot = new Array(network.letters).fill(0);
    oneHot[id] = 1;
    state = gruStep(network.gru, oneHot, state);
  }
  network.probabilities = softmax(affine(network.outWeight, network.outBias, state));
  return network;
}
