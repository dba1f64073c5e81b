// Classifiers that answer together; recur-together.d.ts documents it. The same mean as in
// src/model/ensemble.c, over what single classifiers say.

const IMPOSSIBLE = -1e6; // far below the logarithm of any float, and no infinity: all may be
const NOTHING = 'nothing';
const BASES = [NOTHING, 'script', 'letters']; // the later, the better

export const together = (classifiers) => new Together(classifiers);

class Together {
  #classifiers;

  constructor(classifiers) {
    const [first, ...others] = classifiers;
    if (first === undefined) throw new TypeError('there is no classifier to answer');
    this.labels = first.info.labels;
    for (const { info } of others) {
      if (info.labels.length === this.labels.length && this.labels.every(sameAs(info.labels)))
        continue;
      throw new TypeError(
        'classifiers of other labels, or of another order, cannot answer together',
      );
    }
    this.#classifiers = [...classifiers];
    Object.freeze(this);
  }

  classify(text, { top = 5, steps, whole, prior } = {}) {
    const options = { top: this.labels.length, steps, whole, prior };
    const each = this.#classifiers.map((classifier) => classifier.classify(text, options));
    if (each.length === 1) return { ...each[0], ranking: each[0].ranking.slice(0, top), each };
    const deciding = decidingOf(each.map(({ from }) => from)).map((member) => each[member]);
    const [first] = deciding;
    const at = new Map(this.labels.map((label, index) => [label, index]));
    const rows = deciding.map(({ ranking }) => {
      const row = new Float32Array(ranking.length);
      for (const { label, probability } of ranking) row[at.get(label)] = probability;
      return row;
    });
    const mean = meanOf(rows);
    const ranking = this.labels.map((label, i) => ({ label, probability: mean[i] }));
    return {
      ...first,
      ranking:
        first.from === NOTHING
          ? []
          : ranking.sort((a, b) => b.probability - a.probability).slice(0, top),
      ...(steps && { steps: stepsOf(deciding) }),
      each,
    };
  }

  async classifyMany(texts, options) {
    const each = [];
    // One after another: they may share their memory.
    for (const classifier of this.#classifiers)
      each.push(await classifier.classifyMany(texts, options));
    if (each.length === 1) return each[0];
    const count = this.labels.length;
    const probabilities = new Float32Array(texts.length * count);
    const from = texts.map((_, i) => {
      const deciding = decidingOf(each.map((answers) => answers.from[i]));
      const rows = deciding.map((member) =>
        each[member].probabilities.subarray(i * count, (i + 1) * count),
      );
      const basis = each[deciding[0]].from[i];
      if (basis !== NOTHING) probabilities.set(meanOf(rows), i * count);
      return basis;
    });
    return { probabilities, from };
  }
}

const sameAs = (others) => (label, index) => label === others[index];

/** The members whose answer rests on the best that any has. */
function decidingOf(bases) {
  const ranks = bases.map((basis) => BASES.indexOf(basis));
  const best = Math.max(...ranks);
  return ranks.flatMap((rank, member) => (rank === best ? [member] : []));
}

/** exp(mean of log p), normalised. Plain loops: tables ask for a million of them. */
function meanOf(rows) {
  const mean = new Float32Array(rows[0].length);
  let highest = -Infinity;
  for (let i = 0; i < mean.length; i++) {
    let sum = 0;
    for (const row of rows) sum += row[i] > 0 ? Math.log(row[i]) : IMPOSSIBLE;
    mean[i] = sum / rows.length;
    if (mean[i] > highest) highest = mean[i];
  }
  let total = 0;
  for (let i = 0; i < mean.length; i++) total += mean[i] = Math.exp(mean[i] - highest);
  for (let i = 0; i < mean.length; i++) mean[i] /= total;
  return mean;
}

/** Of those that read the same letters as the first. */
function stepsOf([first, ...others]) {
  const same = [first, ...others.filter(({ letters }) => letters === first.letters)];
  return first.steps.map((step, i) => ({
    ...step,
    probabilities: meanOf(same.map(({ steps }) => steps[i].probabilities)),
  }));
}
