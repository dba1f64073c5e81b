import { h, setText } from '../page/dom.js';
import { createAsTable } from '../page/heat.js';
import { labelName } from '../names/countries.js';
import { CELLS } from '../page/state.js';
import { createField } from './fields.js';
import { createPlot } from './plot.js';

/** What reaches the first letter: the gradient of the loss at each letter's state, for the three cells. */
export function createGradient(inspecting) {
  let wanted = null; // label; null: the first guess
  const title = h('h2', { id: 'lab-gradient-title' });
  const lead = h('p', { class: 'lead' });
  const label = createField('gradient-label', (value) => {
    wanted = value;
    render(...latest);
  });
  const plot = createPlot({ height: 260, log: true });
  const result = h('p', { class: 'gradient-result' });
  const table = createAsTable();
  const element = h(
    'section',
    { class: 'lab-gradient', 'aria-labelledby': 'lab-gradient-title' },
    title,
    lead,
    h('div', { class: 'lab-fields inside-fields' }, label.element),
    plot.element,
    result,
    table.element,
  );
  let latest;
  let drawn = { key: '', all: [] };

  function render(look, language) {
    latest = [look, language];
    const { t, percentSmall } = language;
    const networks = CELLS.map((cell) => look.training.network(cell)).filter((n) => n?.info);
    const labels = networks[0]?.info.labels ?? [];
    const guessed = networks.at(-1)?.ranking[0]?.label;
    const chosen = labels.includes(wanted) ? wanted : (guessed ?? labels[0]);
    label.render(t('lab.gradient.label'), labels, chosen ?? '', (name) =>
      labelName(name, language),
    );
    const found = look.text.trim()
      ? networks.map((network) => [
          network.cell,
          inspecting.look(network, look.made, 'gradient', look.text, chosen),
        ])
      : [];
    const all = found
      .filter(([, one]) => one?.now.gradient && one.now.shape[2] > 0 && one.start)
      .map(([cell, one]) => ({ cell, letters: Array.from(one.now.letters), ...normsOf(one) }));
    element.classList.toggle('is-empty', all.length === 0);
    const letters = all[0]?.letters ?? [];
    const places = letters.map((_, i) => i);
    const lineOf = (cell, values, dashed) => ({
      name: cell.toUpperCase(),
      colour: `--${cell}`,
      points: [places, values.map((value) => (value > 0 ? value : null))],
      dashed,
    });
    plot.render({
      lines: all.flatMap(({ cell, now, start }) => [
        lineOf(cell, start, true),
        lineOf(cell, now, false),
      ]),
      spanX: [0, Math.max(1, letters.length - 1)],
      spanY: (low, high) => [Math.max(low || 1e-6, 1e-12) / 1.5, (high || 1) * 1.5],
      places: letters,
      sayX: (value) => letters[Math.round(value)] ?? '',
      sayY: (value) => language.number(value),
      x: '',
      hint: t('lab.gradient.hint'),
      key: `${letters.join('')} ${all.length}`,
    });
    const shareOf = (values) => percentSmall(values[0] / values.at(-1));
    setText(
      result,
      all.length > 0
        ? t('lab.gradient.result', {
            items: all.map(({ cell, now, start }) =>
              t('lab.gradient.share', {
                cell: cell.toUpperCase(),
                now: shareOf(now),
                start: shareOf(start),
              }),
            ),
          })
        : '',
    );
    const key = `${all.map(({ cell, now }) => cell + now)} ${language.locale}`;
    if (key !== drawn.key) drawn = { key, all };
    table.render(all.length > 0 ? drawn.all : null, t('lab.gradient.table'), language, () =>
      tableOf(drawn.all, language),
    );
  }

  /** What stands there before anybody looks. */
  function name({ t }) {
    setText(title, t('lab.gradient'));
    setText(lead, t('lab.gradient.lead'));
    label.name(t('lab.gradient.label'));
  }

  return { element, name, render };
}

/** Of the last layer and, if it reads both ways, forward. */
function normsOf({ now, start }) {
  const [layers, ways, letters] = now.shape;
  const from = (layers - 1) * ways * letters;
  const of = ({ gradient }) => Array.from(gradient.subarray(from, from + letters));
  return { now: of(now), start: of(start) };
}

function tableOf(all, { t, number }) {
  const [{ letters }] = all;
  const row = (said, values) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, said),
      ...values.map((value) => h('td', {}, number(value))),
    );
  return h(
    'table',
    {},
    h('caption', {}, t('lab.gradient.table')),
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        h('th', { scope: 'col' }, t('lab.head.network')),
        ...letters.map((letter) => h('th', { scope: 'col' }, letter)),
      ),
    ),
    h(
      'tbody',
      {},
      ...all.flatMap(({ cell, now, start }) => [
        row(t('lab.gradient.now', { cell: cell.toUpperCase() }), now),
        row(t('lab.gradient.start', { cell: cell.toUpperCase() }), start),
      ]),
    ),
  );
}
