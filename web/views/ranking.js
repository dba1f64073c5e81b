import { SURE, labelFlag, labelName } from '../countries.js';
import { h, resize, setAttribute, setText, setVariable } from '../dom.js';
import { LETTERS_MAX } from '../engine/session.js';
import { CELLS } from '../state.js';
import { textUntil, rankingAt } from '../moment.js';

const ROWS = 5;

/** The answer: five countries, and what is shown while there is none. */
export function createRanking({ change, retry }) {
  const title = h('h2', { id: 'ranking-title' });
  const list = h('ol', { class: 'ranking', 'aria-labelledby': 'ranking-title' });
  const notice = createNotice(retry);
  const cells = createCells(change);
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
      cells.render(state, language);
      setText(caveat, t('ranking.caveat'));
      notice.render(state, language);
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

/** The switch between the networks: radio buttons, so that arrow keys work as everywhere. */
function createCells(change) {
  const legend = h('legend', { class: 'hidden-visually' });
  const options = CELLS.map((cell) => {
    const radio = h('input', {
      type: 'radio',
      name: 'cell',
      value: cell,
      onchange: () => change({ cell }),
    });
    return { cell, radio, label: h('label', {}, radio, h('span', {}, cell.toUpperCase())) };
  });
  return {
    element: h('fieldset', { class: 'switch' }, legend, ...options.map(({ label }) => label)),
    render({ cell }, { t }) {
      setText(legend, t('cells.label'));
      for (const option of options) option.radio.checked = option.cell === cell;
    },
  };
}

/** What stands in the place of the ranking: nothing typed, loading, failed, cannot be read. */
function createNotice(retry) {
  const text = h('p');
  const progress = h('progress', { max: 1 });
  const detail = h('p', { class: 'detail' });
  const button = h('button', { type: 'button', onclick: retry });
  const element = h('div', { class: 'notice' }, text, progress, detail, button);

  return {
    element,
    render(state, language) {
      const { t } = language;
      const { message, share, extra, action } = describe(state, language) ?? {};
      element.hidden = !message;
      setAttribute(element, 'role', extra || action ? 'alert' : null);
      setText(text, message ?? '');
      progress.hidden = share === undefined;
      if (share !== undefined) progress.value = share;
      setAttribute(progress, 'aria-label', message ?? '');
      setText(detail, extra ?? '');
      detail.hidden = !extra;
      setText(button, t('load.retry'));
      button.hidden = !action;
    },
  };
}

function describe({ text, cell, weights, answer, problem }, { t, bytes }) {
  const { phase, loaded, total, error } = weights[cell];
  const name = cell.toUpperCase();
  if (phase === 'failed') {
    const message = `${t('load.failed', { cell: name })} ${t(`load.${error.kind}`)}`;
    return { message, extra: error.message, action: true };
  }
  if (phase !== 'ready') {
    if (loaded === total) return { message: t('load.starting'), share: 1 };
    const values = { cell: name, loaded: bytes(loaded), total: bytes(total) };
    return { message: t('load.progress', values), share: loaded / total };
  }
  if (problem?.kind === 'too-long') return { message: t('problem.too-long', { max: LETTERS_MAX }) };
  if (problem) return { message: t('problem.engine'), extra: problem.message };
  if (!text.trim()) return { message: t('ranking.empty') };
  if (answer?.text === text && /^[\uFFFD\s]*$/.test(answer.letters))
    return { message: t(answer.letters ? 'ranking.unreadable' : 'ranking.empty') };
  return null;
}
