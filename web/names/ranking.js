import { SURE, labelFlag, labelName } from './countries.js';
import { h, resize, setAttribute, setText, setVariable } from '../page/dom.js';
import { LETTERS_MAX } from './session.js';
import { CELLS } from '../page/state.js';
import { textUntil, rankingAt } from './moment.js';
import { createNotice } from '../page/notice.js';
import { createSwitch } from '../page/switch.js';

const ROWS = 5;

/** The answer: five countries, and what is shown while there is none. */
export function createRanking({ change, retry }) {
  const title = h('h2', { id: 'ranking-title' });
  const list = h('ol', { class: 'ranking', 'aria-labelledby': 'ranking-title' });
  const notice = createNotice();
  const cells = createSwitch('cell', CELLS, (cell) => change({ cell }));
  const caveat = h('p', { class: 'caveat' });
  const element = h(
    'section',
    { class: 'answer', 'aria-labelledby': 'ranking-title' },
    h('div', { class: 'section-head' }, title, cells.element),
    h('div', { class: 'ranking-place' }, list, notice.element),
    caveat,
  );

  return {
    element,
    render(state, language) {
      const { t } = language;
      cells.render(t('cells.label'), state.cell, (cell) => cell.toUpperCase());
      setText(caveat, t('ranking.caveat'));
      notice.show(describe(state, language, retry));
      const ranking = rankingAt(state).slice(0, ROWS);
      list.hidden = !ranking.length || !notice.element.hidden;
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
function describe({ text, cell, weights, answer, problem }, { t, bytes }, retry) {
  const { phase, loaded, total, error } = weights[cell];
  const name = cell.toUpperCase();
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
  if (answer?.text === text && /^[\uFFFD\s]*$/.test(answer.letters))
    return { message: t(answer.letters ? 'ranking.unreadable' : 'ranking.empty') };
  return null;
}
