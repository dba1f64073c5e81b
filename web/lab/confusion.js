import { h, resize, setAttribute, setText } from '../page/dom.js';
import { createAsTable } from '../page/heat.js';
import { labelName } from '../names/countries.js';
import { CELLS } from '../page/state.js';
import { createSwitch } from '../page/switch.js';
import { formatHash } from '../page/url.js';
import { createHeatCanvas } from './heat-canvas.js';

const WORST = 6;
const NAMES = 60;

/** What was taken for what, and the names behind it. */
export function createConfusion({ ask }) {
  let chosen = null; // cell whose matrix is shown; null: the first
  let latest;
  let view = null; // what is drawn
  /** The two labels whose names are shown, by index. */
  let opened = null;
  let found = null;
  const title = h('h2', { id: 'lab-confusion-title' });
  const cells = createSwitch('confusion', CELLS, (cell) => {
    chosen = cell;
    render(...latest);
    look();
  });
  const lead = h('p', { class: 'lead' });
  const pointed = h('p', { class: 'confusion-pointed', 'aria-live': 'polite' });
  const heat = createHeatCanvas({
    ramp: ['--heat-0', '--heat-1'],
    point: (cell) => say(cell),
    pick: ({ row, column }) => open(row, column),
  });
  const down = h('p', { class: 'axis is-down', 'aria-hidden': 'true' });
  const across = h('p', { class: 'axis', 'aria-hidden': 'true' });
  const worstTitle = h('h3');
  const worst = h('ol', { class: 'confusion-worst' });
  const namesTitle = h('h3', { tabindex: -1 });
  const names = h('p', { class: 'confusion-names' });
  const table = createAsTable();
  const element = h(
    'section',
    { class: 'lab-confusion', 'aria-labelledby': 'lab-confusion-title' },
    h('div', { class: 'section-head' }, title, cells.element),
    lead,
    h(
      'div',
      { class: 'confusion-place' },
      h('div', { class: 'confusion-matrix' }, down, heat.element, across, pointed),
      h(
        'div',
        { class: 'confusion-list' },
        worstTitle,
        worst,
        h('div', { class: 'confusion-found', role: 'status' }, namesTitle, names),
      ),
    ),
    table.element,
  );

  function say(cell) {
    if (!view || !cell) {
      setText(pointed, latest?.[1].t('lab.confusion.point') ?? '');
      return;
    }
    const { labels, confusion } = view;
    const count = confusion[cell.row * labels.length + cell.column];
    setText(pointed, said(labels[cell.row], labels[cell.column], count));
  }

  function said(label, taken, count) {
    const language = latest[1];
    const key = label === taken ? 'lab.confusion.right' : 'lab.confusion.taken';
    const [from, to] = [label, taken].map((name) => labelName(name, language));
    return language.t(key, { from, to, count });
  }

  function open(row, column) {
    opened = [row, column];
    look(true);
  }

  /** Asks for the names behind the open cell, as of the last evaluation. */
  async function look(focus = false) {
    if (!opened || !view) return;
    const [row, column] = opened;
    const { labels, cell } = view;
    const reply = await ask(cell, 'names', { row, column }).catch(() => null);
    if (!reply || opened?.[0] !== row || opened[1] !== column || view.labels !== labels) return;
    found = { ...reply, row, column };
    drawNames();
    if (focus && namesTitle.getBoundingClientRect().top > innerHeight)
      namesTitle.scrollIntoView({ block: 'nearest' });
  }

  function drawNames() {
    const { t } = latest[1];
    if (!found) {
      setText(namesTitle, t('lab.confusion.names'));
      setText(names, t('lab.confusion.none-open'));
      return;
    }
    const { labels } = view;
    setText(namesTitle, said(labels[found.row], labels[found.column], found.count));
    const shown = found.names.slice(0, NAMES);
    names.replaceChildren(
      ...shown.flatMap((name) => [
        h('a', { href: formatHash({ view: 'lab', text: name }) }, name),
        ' ',
      ]),
      found.count > shown.length
        ? t('lab.confusion.more', { count: found.count - shown.length })
        : '',
    );
  }

  function render(state, language) {
    latest = [state, language];
    const { t } = language;
    const { training } = state;
    const there = CELLS.filter((cell) => training.network(cell)?.evaluation);
    const cell = there.includes(chosen) ? chosen : there[0];
    cells.render(t('lab.cells'), cell, (name) => name.toUpperCase(), there);
    setText(title, t('lab.confusion'));
    setText(lead, t('lab.confusion.lead'));
    setText(down, t('lab.confusion.down'));
    setText(across, t('lab.confusion.across'));
    setText(worstTitle, t('lab.confusion.worst'));
    const network = training.network(cell);
    const { labels } = network?.info ?? {};
    const { confusion } = network?.evaluation ?? {};
    if (!confusion) {
      if (view) opened = found = null;
      view = null;
      heat.render(null, t('lab.confusion'));
    } else if (view?.confusion !== confusion) {
      if (view && view.labels.join() !== labels.join()) opened = found = null;
      view = { cell, labels, confusion, picture: pictureOf(labels, confusion) };
      look();
    }
    if (view) heat.render(view.picture, t('lab.confusion.label', { cell: cell.toUpperCase() }));
    if (!heat.element.matches(':hover, :focus')) say(null);
    const pairs = view ? worstOf(view) : [];
    resize(worst, WORST, () => {
      const button = h('button', { type: 'button', class: 'link' });
      return h('li', {}, button);
    });
    Array.from(worst.children).forEach(({ firstChild: button }, i) => {
      const pair = pairs[i];
      button.hidden = !pair;
      if (!pair) return;
      const { row, column, count } = pair;
      setText(button, said(labels[row], labels[column], count));
      button.onclick = () => open(row, column);
    });
    if (!found || drawnIn !== language) drawNames();
    drawnIn = language;
    setAttribute(element, 'data-empty', !view);
    table.render(view?.confusion ?? null, t('lab.confusion.table'), language, () =>
      tableOf(view, language),
    );
  }
  let drawnIn = null;

  return { element, render };
}

/** Shares of each label's names, by their root, so that single ones show. */
function pictureOf(labels, confusion) {
  const { length } = labels;
  const sums = labels.map((_, row) =>
    confusion.subarray(row * length, (row + 1) * length).reduce((sum, count) => sum + count, 0),
  );
  const value = (row, column) =>
    sums[row] === 0 ? 0 : Math.sqrt(confusion[row * length + column] / sums[row]);
  return { rows: length, columns: length, value };
}

function worstOf({ labels, confusion }) {
  const { length } = labels;
  const pairs = [];
  confusion.forEach((count, i) => {
    const [row, column] = [Math.floor(i / length), i % length];
    if (count > 0 && row !== column) pairs.push({ row, column, count });
  });
  return pairs.sort((a, b) => b.count - a.count).slice(0, WORST);
}

/** Every pair that there is, as a matrix of all labels would be mostly zeros. */
function tableOf({ labels, confusion }, language) {
  const { t, integer } = language;
  const { length } = labels;
  const rows = labels.flatMap((label, row) =>
    labels.flatMap((taken, column) => {
      const count = confusion[row * length + column];
      if (count === 0) return [];
      return h(
        'tr',
        {},
        h('th', { scope: 'row' }, labelName(label, language)),
        h('td', {}, labelName(taken, language)),
        h('td', {}, integer(count)),
      );
    }),
  );
  const heads = ['label', 'taken', 'names'];
  return h(
    'table',
    {},
    h('caption', {}, t('lab.confusion.table')),
    h(
      'thead',
      {},
      h('tr', {}, ...heads.map((key) => h('th', { scope: 'col' }, t(`lab.head.${key}`)))),
    ),
    h('tbody', {}, ...rows),
  );
}
