/* What is inside a translator by word, of which a network may have several pieces. */

/**
 * Steps in the form of a classifier's inspection, for lab/maps.js: at each word what there was once it
 * had been read, so forward at its last piece, and backward at its first.
 * @param {import('./looks.js').TranslationInspection} inside
 * @param {'encoder' | 'decoder'} part
 * @param {(text: string) => string} nameOf a word; of the end, which has no text, too
 */
export function stepsByWord(inside, part, nameOf) {
  const encoder = part === 'encoder';
  const words = encoder ? inside.sourceWords : inside.targetWords;
  const { shape, gates, hidden } = inside[part];
  const [layers, directions, pieces, units] = encoder ? shape : [1, 1, ...shape];
  const take = (values) => {
    const taken = new Float32Array(layers * directions * words.length * units);
    let at = 0;
    for (let slot = 0; slot < layers * directions; slot++)
      for (const { tokens } of words) {
        const piece = slot % directions === 0 ? tokens.at(-1) : tokens[0];
        const from = (slot * pieces + piece) * units;
        taken.set(values.subarray(from, from + units), at);
        at += units;
      }
    return taken;
  };
  return {
    shape: [layers, directions, words.length, units],
    gates: Object.fromEntries(Object.entries(gates).map(([name, values]) => [name, take(values)])),
    hidden: take(hidden),
    cellState: null,
    letters: words.map(({ text }) => nameOf(text)),
  };
}

/**
 * What the plain dot product of the same states would give: softmax over j of h_t · s_j, where h is as wide
 * as s, which are the last layer's states in both directions.
 * @returns {Float32Array | null} [target pieces, source pieces]; null where they are not as wide
 */
export function dotAttention({ encoder, decoder }) {
  const [layers, directions, sources, width] = encoder.shape;
  const [targets, units] = decoder.shape;
  if (directions * width !== units) return null;
  const attention = new Float32Array(targets * sources);
  for (let t = 0; t < targets; t++) {
    const row = attention.subarray(t * sources, (t + 1) * sources);
    for (let j = 0; j < sources; j++)
      for (let d = 0; d < directions; d++) {
        const from = (((layers - 1) * directions + d) * sources + j) * width;
        for (let k = 0; k < width; k++)
          row[j] += decoder.hidden[t * units + d * width + k] * encoder.hidden[from + k];
      }
    const most = Math.max(...row);
    const sum = row.reduce((total, score) => total + Math.exp(score - most), 0);
    row.forEach((score, j) => (row[j] = Math.exp(score - most) / sum));
  }
  return attention;
}

/** Attention between pieces as between words: the mean of a word's rows, the sum of its columns. */
export function sumWords(attention, { sourceTokens, sourceWords, targetWords }) {
  const sums = new Float32Array(targetWords.length * sourceWords.length);
  targetWords.forEach(({ tokens: rows }, target) =>
    sourceWords.forEach(({ tokens: columns }, source) => {
      let sum = 0;
      for (const t of rows) for (const j of columns) sum += attention[t * sourceTokens.length + j];
      sums[target * sourceWords.length + source] = sum / rows.length;
    }),
  );
  return sums;
}

/**
 * Over how many words a row spreads, on average: 2 to the entropy in bits, the perplexity.
 * @param {Float32Array} attention [rows, columns]
 */
export function spreadOf(attention, columns) {
  const rows = attention.length / columns;
  let sum = 0;
  for (let row = 0; row < rows; row++) {
    let entropy = 0;
    for (const share of attention.subarray(row * columns, (row + 1) * columns))
      if (share > 0) entropy -= share * Math.log(share);
    sum += Math.exp(entropy);
  }
  return sum / rows;
}

/** The share of the attention that lies elsewhere (the total variation distance), over all rows. */
export function apartOf(one, other, columns) {
  const differences = one.reduce((sum, share, i) => sum + Math.abs(share - other[i]), 0);
  return differences / 2 / (one.length / columns);
}
