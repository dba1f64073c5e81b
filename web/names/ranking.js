import { SURE, groupName, labelFlag, labelName } from './countries.js';
import { regionOf } from './places.js';
import { h, resize, setAttribute, setText, setVariable } from '../page/dom.js';
import { LETTERS_MAX } from './session.js';
import { ALL, CELLS, LISTS, PRIORS, VOICES, leadOf, leadingWeights } from '../page/state.js';
import { textUntil, rankingAt } from './moment.js';
import { createNotice } from '../page/notice.js';
import { createSwitch } from '../page/switch.js';

const ROWS = 5;

/** The answer: five countries, and what is shown while there is none. */
export function createRanking({ change, retry }) {
  const title = h('h2', { id: 'ranking-title' });
  const list = h('ol', { class: 'ranking', 'aria-labelledby': 'ranking-title' });
  const notice = createNotice();
  const cells = createSwitch('cell', VOICES, (cell) => change({ cell }));
  const lists = createSwitch('list', LISTS, (list) => change({ list }));
  const priors = createSwitch('prior', PRIORS, (prior) => change({ prior }));
  const region = h('p', { class: 'region' });
  const supposed = h('p');
  const prior = h('div', { class: 'prior' }, supposed, priors.element);
  const caveat = h('p', { class: 'caveat' });
  const element = h(
    'section',
    { class: 'answer', 'aria-labelledby': 'ranking-title' },
    lists.element,
    h('div', { class: 'section-head' }, title, cells.element),
    h('div', { class: 'ranking-place' }, list, notice.element),
    region,
    caveat,
    prior,
  );

  return {
    element,
    render(state, language) {
      const { t } = language;
      const { weights } = state;
      const cellsHere = CELLS.filter((cell) => weights[state.list][cell]);
      const voices = cellsHere.length > 1 ? [ALL, ...cellsHere] : cellsHere;
      const nameOf = (cell) => (cell === ALL ? t('cells.all') : cell.toUpperCase());
      cells.render(t('cells.label'), state.cell, nameOf, voices);
      const listsHere = LISTS.filter((name) => Object.keys(weights[name]).length > 0);
      lists.render(t('lists.label'), state.list, (name) => t(`lists.${name}`), listsHere);
      setText(caveat, basisOf(state, language));
      notice.show(describe(state, language, retry));
      // A file that does not tell the shares in its data knows one prior alone.
      prior.hidden = state.list === 'tutorial' && !leadingWeights(weights, state).info?.shares;
      setText(supposed, t(`prior.says.${state.prior}`));
      priors.render(t('prior.label'), state.prior, (name) => t(`prior.${name}`));
      const whole = rankingAt(state);
      const ranking = whole.slice(0, ROWS);
      list.hidden = !ranking.length || !notice.element.hidden;
      const near = list.hidden ? null : regionOf(whole);
      region.hidden = listsHere.length < 2;
      setText(
        region,
        near
          ? t('ranking.region', {
              name: groupName(near, language),
              percent: language.percent(near.probability),
            })
          : '',
      );
      const sure = ranking[0]?.probability >= SURE;
      const heading = sure || list.hidden ? 'ranking.likely' : 'ranking.unsure';
      const looking = state.moment !== null && state.answer;
      setText(
        title,
        looking ? t('ranking.after', { text: textUntil(state.answer, state.moment) }) : t(heading),
      );
      element.classList.toggle('is-unsure', !sure);
      resize(list, ranking.length, createRow);
      ranking.forEach(({ label, probability }, i) => {
        const [flag, name, bar, share] = list.children[i].children;
        setAttribute(flag, 'src', labelFlag(label) || null);
        setText(name, labelName(label, language));
        setVariable(bar, '--share', probability);
        setText(share, language.percent(probability));
      });
    },
  };
}

function createRow() {
  return h(
    'li',
    {},
    h('img', { class: 'flag', alt: '', width: 24, height: 16 }),
    h('span', { class: 'country' }),
    h('span', { class: 'bar', 'aria-hidden': 'true' }),
    h('span', { class: 'share' }),
  );
}

/** What stands in the place of the ranking: nothing typed, loading, failed, cannot be read. */
function describe(state, { t, bytes, scriptName }, retry) {
  const { text, list, cell, weights, answer, problem } = state;
  const { phase, loaded, total, error } = leadingWeights(weights, state);
  const name = leadOf(cell, Object.keys(weights[list])).toUpperCase();
  if (phase === 'failed') {
    const message = `${t('load.failed', { cell: name })} ${t(`load.${error.kind}`)}`;
    const button = { label: t('load.retry'), press: retry };
    return { message, detail: error.message, alert: true, button };
  }
  if (phase !== 'ready') {
    if (loaded === total) return { message: t('load.starting'), share: 1 };
    const values = { cell: name, loaded: bytes(loaded), total: bytes(total) };
    return { message: t('load.progress', values), share: loaded / total };
  }
  if (problem?.kind === 'too-long') return { message: t('problem.too-long', { max: LETTERS_MAX }) };
  if (problem) return { message: t('problem.engine'), detail: problem.message, alert: true };
  if (!text.trim()) return { message: t('ranking.empty') };
  if (answer?.text === text && answer.list === list && answer.ranking.length === 0) {
    const { letters, script } = answer;
    if (!letters && !script) return { message: t('ranking.empty') };
    if (list === 'tutorial') return { message: t('ranking.unreadable') };
    if (!script) return { message: t('ranking.unknown') };
    return { message: t('ranking.script-unknown', { script, name: scriptName(script) }) };
  }
  return null;
}

/** What the answer rests on, in plain words. */
function basisOf({ answer, text }, { t, scriptName }) {
  if (answer?.from !== 'script' || answer.text !== text) return t('ranking.caveat');
  const { script } = answer;
  return t('ranking.script', { script, name: scriptName(script) });
}
