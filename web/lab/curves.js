import { h, setText } from '../page/dom.js';
import { createAsTable } from '../page/heat.js';
import { CELLS } from '../page/state.js';
import { createSwitch } from '../page/switch.js';
import { createPlot } from './plot.js';

const HEIGHT = 240;
const ROWS = 12;
const ACROSS = ['step', 'seconds'];

/** Loss and accuracy of the three networks, as they learn. */
export function createCurves() {
  let across = 'step';
  let latest;
  const switchAcross = createSwitch('across', ACROSS, (chosen) => {
    across = chosen;
    render(...latest);
  });
  const title = h('h2', { id: 'lab-curves-title' });
  const losses = createChart();
  const scores = createChart();
  const table = createAsTable();
  const element = h(
    'section',
    { class: 'lab-curves', 'aria-labelledby': 'lab-curves-title' },
    h('div', { class: 'section-head' }, title, switchAcross.element),
    h('div', { class: 'lab-plots' }, scores.element, losses.element),
    table.element,
  );

  function render(look, language) {
    latest = [look, language];
    const { t, percentRound, number } = language;
    const { networks } = look.training;
    setText(title, t('lab.curves'));
    switchAcross.render(t('lab.across'), across, (name) => t(`lab.across.${name}`));
    const lines = (points) =>
      CELLS.map((cell) => ({
        name: cell.toUpperCase(),
        colour: `--${cell}`,
        points: points(look.training.network(cell)?.history ?? { losses: [], scores: [] }),
      }));
    const furthest = Math.max(1, ...networks.map((n) => (across === 'step' ? n.step : n.seconds)));
    const sayX = (value) => (across === 'step' ? language.short(value) : language.seconds(value));
    const common = { spanX: [0, furthest], sayX, x: t(`lab.across.${across}`), key: across };
    scores.render(t('lab.curves.accuracy'), {
      ...common,
      lines: lines(({ scores: all }) => [all.map((p) => p[across]), all.map((p) => p.accuracy)]),
      spanY: () => [0, 1],
      sayY: percentRound,
      hint: t('lab.curves.accuracy-hint'),
    });
    losses.render(t('lab.curves.loss'), {
      ...common,
      lines: lines(({ losses: all }) => [all.map((p) => p[across]), all.map((p) => p.loss)]),
      spanY: (_, high) => [0, high > 0 ? high * 1.05 : 1],
      sayY: number,
      hint: t('lab.curves.loss-hint'),
    });
    const shown = networks.some(({ step }) => step > 0)
      ? networks.map(({ step }) => step).join()
      : null;
    table.render(shown, t('lab.curves.table'), language, () => tableOf(networks, language));
  }

  return { element, render };
}

function createChart() {
  const title = h('h3');
  const plot = createPlot({ height: HEIGHT });
  return {
    element: h('div', { class: 'lab-plot' }, title, plot.element),
    render(said, next) {
      setText(title, said);
      plot.render(next);
    },
  };
}

/** A dozen moments of each network, evenly over its course. */
function tableOf(networks, { t, integer, precisePercent, number, seconds }) {
  const rows = networks.flatMap(({ cell, history: { scores, losses } }) => {
    const stride = Math.max(1, Math.ceil(scores.length / ROWS));
    const some = scores.filter((_, i) => i % stride === 0 || i === scores.length - 1);
    return some.map((score) => {
      const loss = losses.findLast(({ step }) => step <= score.step)?.loss;
      return h(
        'tr',
        {},
        h('th', { scope: 'row' }, cell.toUpperCase()),
        ...[
          integer(score.step),
          seconds(score.seconds),
          precisePercent(score.accuracy),
          loss === undefined ? '–' : number(loss),
        ].map((text) => h('td', {}, text)),
      );
    });
  });
  const heads = ['network', 'step', 'seconds', 'accuracy', 'loss'];
  return h(
    'table',
    {},
    h('caption', {}, t('lab.curves.table')),
    h(
      'thead',
      {},
      h('tr', {}, ...heads.map((key) => h('th', { scope: 'col' }, t(`lab.head.${key}`)))),
    ),
    h('tbody', {}, ...rows),
  );
}
