import { h, resize, setAttribute, setText } from '../page/dom.js';
import { CELLS } from '../page/state.js';
import { createRow, fillRow } from '../names/rows.js';

const ROWS = 3;
const FACTS = ['loss', 'speed', 'step', 'epoch'];

/** The three networks side by side: how well each does, how fast, and what it says of the name. */
export function createColumns({ choose }) {
  const columns = CELLS.map((cell) => createColumn(cell, choose));
  const title = h('h2', { id: 'lab-columns-title', class: 'hidden-visually' });
  const why = h('p', { class: 'lead lab-why' });
  return {
    element: h(
      'section',
      { class: 'lab-cells', 'aria-labelledby': 'lab-columns-title' },
      title,
      h('div', { class: 'lab-columns' }, ...columns.map(({ element }) => element)),
      why,
    ),
    render(look, language) {
      setText(title, language.t('lab.cells'));
      for (const column of columns) column.render(look, language);
      const tutorial = look.settings.recipe === 'tutorial';
      why.hidden = !tutorial;
      setText(why, tutorial ? language.t('lab.why') : '');
    },
  };
}

function createColumn(cell, choose) {
  const check = h('input', { type: 'checkbox', onchange: () => toggle() });
  const name = h('span', {}, cell.toUpperCase());
  const about = h('p', { class: 'about' });
  const accuracy = h('strong');
  const accuracySaid = h('span');
  const facts = Object.fromEntries(FACTS.map((fact) => [fact, { term: h('dt'), value: h('dd') }]));
  const rows = FACTS.map((fact) => h('div', {}, facts[fact].term, facts[fact].value));
  const list = h('ol', { class: 'ranking small' });
  const element = h(
    'div',
    { class: 'lab-column', 'data-cell': cell },
    h('h3', {}, h('label', {}, check, name)),
    about,
    h('p', { class: 'lab-accuracy' }, accuracy, accuracySaid),
    h('dl', { class: 'lab-facts' }, ...rows),
    list,
  );
  let cells = [];

  function toggle() {
    const next = CELLS.filter((other) => (other === cell ? check.checked : cells.includes(other)));
    if (next.length > 0) choose({ cells: next });
    else check.checked = true; // one at least
  }

  return {
    element,
    render({ settings, training, text }, language) {
      const { t, percent, integer, number } = language;
      ({ cells } = settings);
      const network = training.network(cell);
      check.checked = cells.includes(cell);
      setAttribute(check, 'aria-label', t('lab.learns', { cell: cell.toUpperCase() }));
      element.classList.toggle('is-off', !cells.includes(cell));
      setText(about, t(`compare.${cell}`));
      const { evaluation, loss = null, speed = null, step = 0, epoch = 0 } = network ?? {};
      const scored = evaluation?.examples > 0;
      setText(accuracy, scored ? percent(evaluation.accuracy) : '–');
      setText(accuracySaid, t('lab.accuracy', { count: evaluation?.examples ?? 0 }));
      const values = {
        loss: loss === null ? '–' : number(loss),
        speed: speed === null ? '–' : integer(rounded(speed)),
        step: integer(step),
        epoch: language.decimal(epoch),
      };
      for (const fact of FACTS) {
        setText(facts[fact].term, t(`lab.fact.${fact}`));
        setText(facts[fact].value, values[fact]);
      }
      const ranking = text.trim() ? (network?.ranking ?? []) : [];
      setAttribute(list, 'aria-label', t('lab.says', { name: text }));
      resize(list, ROWS, createRow);
      Array.from(list.children).forEach((row, i) => {
        const { label, probability: share } = ranking[i] ?? {};
        const entry = label === undefined ? null : { label, share, said: percent(share) };
        fillRow(row, entry, language);
      });
    },
  };
}

/** Two digits: the rest only flickers. */
function rounded(value) {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(value, 1))) - 1);
  return Math.round(value / unit) * unit;
}
