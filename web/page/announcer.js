import { SURE, labelName } from '../names/countries.js';
import { h } from './dom.js';
import { rankingAt, textUntil } from '../names/moment.js';

const PAUSE = 900; // milliseconds without a change
const SPOKEN = 3;

/**
 * Tells screen readers the answer, politely and only after a pause, never at every letter.
 * @param {HTMLElement} region with aria-live
 * @param {(view: string) => ((state: object, language: object) => Said | null) | undefined} describeIn what
 *   another view would say, once it is here
 *
 * @typedef {{ text: string, lang?: string, quoted?: string }} Said quoted: said after the text, in `lang`
 */
export function createAnnouncer(region, describeIn) {
  let timer;
  let spoken = '';

  return {
    render(state, language) {
      const describe = state.view === 'names' ? describeName : describeIn(state.view);
      const said = describe?.(state, language) ?? null;
      const message = said && `${said.text} ${said.quoted ?? ''}`;
      if (message === spoken) return;
      clearTimeout(timer);
      if (message === null) return;
      timer = setTimeout(() => {
        spoken = message;
        const quoted = said.quoted ? [' ', h('span', { lang: said.lang }, said.quoted)] : [];
        region.replaceChildren(said.text, ...quoted);
      }, PAUSE);
    },
  };
}

function describeName(state, language) {
  const { answer, text, composing, moment } = state;
  if (composing || !answer || answer.text !== text || !text.trim()) return null;
  const ranking = rankingAt(state).slice(0, SPOKEN);
  if (!ranking.length) return null;
  const said = language.t('ranking.announce', {
    text: moment === null ? text.trim() : textUntil(answer, moment),
    sure: ranking[0].probability >= SURE,
    items: ranking.map(
      ({ label, probability }) => `${labelName(label, language)} ${language.percent(probability)}`,
    ),
  });
  return { text: said };
}
