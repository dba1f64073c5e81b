import { SURE, labelName } from '../countries.js';
import { rankingAt, textUntil } from '../moment.js';

const PAUSE = 900; // milliseconds without a change
const SPOKEN = 3;

/**
 * Tells screen readers the answer, politely and only after a pause, never at every letter.
 * @param {HTMLElement} region with aria-live
 */
export function createAnnouncer(region) {
  let timer;
  let spoken = '';

  return {
    render(state, language) {
      const message = describe(state, language);
      if (message === spoken) return;
      clearTimeout(timer);
      if (message === null) return;
      timer = setTimeout(() => {
        spoken = message;
        region.textContent = message;
      }, PAUSE);
    },
  };
}

function describe(state, language) {
  const { answer, text, composing, moment } = state;
  if (composing || !answer || answer.text !== text || !text.trim()) return null;
  const ranking = rankingAt(state).slice(0, SPOKEN);
  if (!ranking.length) return null;
  return language.t('ranking.announce', {
    text: moment === null ? text.trim() : textUntil(answer, moment),
    sure: ranking[0].probability >= SURE,
    items: ranking.map(
      ({ label, probability }) => `${labelName(label, language)} ${language.percent(probability)}`,
    ),
  });
}
