import { CELLS } from '../page/state.js';

/**
 * What screen readers hear of the training: how far it is when it rests, and nothing while it goes on.
 * @returns {import('../page/announcer.js').Said | null}
 */
export function describeTraining({ training, phase, learning }, { t, integer, percent }) {
  if (learning || phase !== 'ready') return null;
  const items = CELLS.map((cell) => training.network(cell))
    .filter((network) => network?.step > 0)
    .map(({ cell, evaluation }) => `${cell.toUpperCase()} ${percent(evaluation.accuracy)}`);
  if (items.length === 0) return null;
  const step = Math.max(...training.networks.map((network) => network.step));
  return { text: t('lab.announce', { step: integer(step), items }) };
}
