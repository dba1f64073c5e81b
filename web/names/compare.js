import { createRow, fillRow } from './rows.js';
import { h, resize, setText } from '../page/dom.js';
import { CELLS } from '../page/state.js';

const ROWS = 3;

/** What each of the three networks says of the same name. */
export function createCompare() {
  const title = h('h2', { id: 'compare-title' });
  const lead = h('p', { class: 'lead' });
  const all = h('p', { class: 'lead' });
  const columns = CELLS.map(createColumn);
  const element = h(
    'section',
    { class: 'compare', 'aria-labelledby': 'compare-title' },
    title,
    lead,
    all,
    h('div', { class: 'compare-columns' }, ...columns.map((column) => column.element)),
  );
  return {
    element,
    render(state, language) {
      // A list may be there for one cell alone, which then has nothing to be compared with.
      element.hidden = Object.keys(state.weights[state.list]).length < 2;
      setText(title, language.t('compare.title'));
      setText(lead, language.t('compare.lead'));
      setText(all, language.t('compare.together'));
      for (const column of columns) column.render(state, language);
    },
  };
}

function createColumn(cell) {
  const about = h('p', { class: 'about' });
  const list = h('ol', { class: 'ranking small' });
  const note = h('p', { class: 'note' });
  const element = h(
    'div',
    { class: 'compare-column' },
    h('h3', {}, cell.toUpperCase()),
    about,
    list,
    note,
  );
  return {
    element,
    render({ answer, weights, list: from, cell: chosen }, language) {
      const { t } = language;
      element.hidden = !weights[from][cell];
      if (element.hidden) {
        resize(list, 0);
        return;
      }
      const { phase, loaded, total, info } = weights[from][cell];
      element.classList.toggle('is-chosen', cell === chosen);
      setText(about, t(`compare.${cell}`));
      const ranking = (answer?.list === from && answer.compare[cell]) || [];
      resize(list, ROWS, createRow);
      Array.from(list.children).forEach((row, i) => {
        const { label, probability: share } = ranking[i] ?? {};
        const entry = label === undefined ? null : { label, share, said: language.percent(share) };
        fillRow(row, entry, language);
      });
      setText(note, noteOf({ cell, phase, loaded, total, info }, language));
    },
  };
}

function noteOf({ cell, phase, loaded, total, info }, { t, bytes }) {
  const name = cell.toUpperCase();
  if (phase === 'ready') return t('compare.weights', { count: info.parameters });
  if (phase === 'loading')
    return t('load.progress', { cell: name, loaded: bytes(loaded), total: bytes(total) });
  if (phase === 'failed') return t('load.failed', { cell: name });
  return t('compare.waiting');
}
