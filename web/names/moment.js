import { leadingWeights } from '../page/state.js';

/** The answer at one letter of the name, or at its end. */

/**
 * @param {import('../page/state.js').State} state
 * @returns {import('../../wasm/recur.js').Ranked[]} most probable first; empty without an answer
 */
export function rankingAt({ answer, moment, weights }) {
  if (!answer) return [];
  const step = moment === null ? undefined : answer.steps[moment];
  return step
    ? rank(step.probabilities, leadingWeights(weights, answer).info.labels)
    : answer.ranking;
}

function rank(probabilities, labels) {
  return labels
    .map((label, i) => ({ label, probability: probabilities[i] }))
    .sort((a, b) => b.probability - a.probability);
}

/**
 * Labels that were among the `count` best after any letter.
 * @param {import('../../wasm/recur.js').LetterStep[]} steps
 * @param {readonly string[]} labels
 */
export function everBest(steps, labels, count) {
  const best = steps.flatMap(({ probabilities }) => rank(probabilities, labels).slice(0, count));
  return [...new Set(best.map(({ label }) => label))];
}

/**
 * The typed character behind a step. One character may have become several letters ("ß" is "ss"), and
 * marks that follow it belong to it.
 * @param {import('../page/state.js').Answer} answer
 * @param {number} step
 */
export const characterAt = (answer, step) =>
  answer.text.slice(answer.steps[step].index, endOf(answer, step)).trim() || '␣';

/** The text up to and with that character. */
export const textUntil = (answer, step) => answer.text.slice(0, endOf(answer, step)).trim();

function endOf({ text, steps, read }, step) {
  const { index } = steps[step];
  return steps.find((later) => later.index > index)?.index ?? read?.end ?? text.length;
}
