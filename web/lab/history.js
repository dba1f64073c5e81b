/** Points of a curve that are kept, an even number; more are thinned out, evenly over all of its course. */
const MOST = 600;

/**
 * What a network's training has been so far: losses of what was learnt between two looks, and scores
 * on the names that were kept apart.
 *
 * @typedef {{ step: number, seconds: number }} Moment seconds: spent learning
 */
export function createHistory() {
  /** @type {(Moment & { loss: number, examples: number })[]} */
  let losses = [];
  /** @type {(Moment & { accuracy: number })[]} */
  let scores = [];
  /** What one point stands for, in points that came. */
  let stride = 1;
  let open = null;

  return {
    /** @param {Moment & { loss: number, examples: number }} point */
    addLoss(point) {
      open = open ? merge(open, point) : { ...point, points: 1 };
      if (open.points < stride) return;
      losses.push(open);
      open = null;
      if (losses.length < MOST) return;
      losses = pairs(losses).map(([one, other]) => (other ? merge(one, other) : one));
      stride *= 2;
    },
    /** @param {Moment & { accuracy: number }} point */
    addScore(point) {
      if (scores.at(-1)?.step === point.step) scores.pop();
      scores.push(point);
      if (scores.length > MOST) scores = scores.filter((_, i) => i % 2 === 0 || i > MOST - 10);
    },
    get losses() {
      return open ? [...losses, open] : losses;
    },
    get scores() {
      return scores;
    },
  };
}

/** The later moment, with the mean loss over the examples of both. */
function merge(one, other) {
  const examples = one.examples + other.examples;
  const loss = (one.loss * one.examples + other.loss * other.examples) / examples;
  return { ...other, loss, examples, points: (one.points ?? 1) + (other.points ?? 1) };
}

const pairs = (list) =>
  Array.from({ length: Math.ceil(list.length / 2) }, (_, i) => list.slice(2 * i, 2 * i + 2));
