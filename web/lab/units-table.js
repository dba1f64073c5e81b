import { h } from '../page/dom.js';
import { arraysOf } from './equations.js';

/**
 * Gates and states of every unit at each letter, or word.
 * @param {import('../../wasm/recur-trainer.js').Inspection} inspection
 * @param {{ layer: number, direction: number, order: number[] }} at order: of the units
 * @param {string} caption
 * @param {import('../i18n/index.js').Language} language
 */
export function tableOfUnits(inspection, { layer, direction, order }, caption, { t, fixed }) {
  const [, ways, letters, units] = inspection.shape;
  const from = (layer * ways + direction) * letters;
  const rows = Object.entries(arraysOf(inspection)).flatMap(([name, values]) =>
    order.map((unit) =>
      h(
        'tr',
        {},
        h('th', { scope: 'row' }, `${t(`lab.array.${name}`)} ${unit + 1}`),
        ...Array.from({ length: letters }, (_, i) =>
          h('td', {}, fixed(values[(from + i) * units + unit])),
        ),
      ),
    ),
  );
  const head = Array.from(inspection.letters, (letter) => h('th', { scope: 'col' }, letter));
  return h(
    'table',
    {},
    h('caption', {}, caption),
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, t('lab.inside.unit')), ...head)),
    h('tbody', {}, ...rows),
  );
}
