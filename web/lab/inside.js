import { h, setAttribute, setText } from '../page/dom.js';
import { createAsTable } from '../page/heat.js';
import { CELLS } from '../page/state.js';
import { createSwitch } from '../page/switch.js';
import { createField } from './fields.js';
import { createGradient } from './gradient.js';
import { watchView } from './in-view.js';
import { createInspecting } from './inspecting.js';
import { createMaps } from './maps.js';
import { orderUnits } from './order.js';
import { createUnit } from './unit.js';
import { tableOfUnits } from './units-table.js';

/**
 * What is inside a network while it reads: gates and states letter by letter, for one name or two, and
 * one unit by its numbers.
 */
export function createInside({ ask, drawn }) {
  const inspecting = createInspecting(ask, drawn);
  let chosen = 'gru';
  let layer = 0;
  let direction = 0;
  let other = '';
  /** What the unit's panel shows. */
  let at = { unit: 0, letter: 0, place: 0 };
  let touched = false;
  let order = { for: '', units: [] };

  const title = h('h2', { id: 'lab-inside-title' });
  const lead = h('p', { class: 'lead' });
  const cells = createSwitch('inside', CELLS, (cell) => {
    chosen = cell;
    drawn();
  });
  const layers = createField('layer', (value) => {
    layer = Number(value);
    drawn();
  });
  const directions = createField('direction', (value) => {
    direction = Number(value);
    drawn();
  });
  const second = h('input', {
    id: 'lab-second',
    type: 'text',
    dir: 'auto',
    autocomplete: 'off',
    spellcheck: 'false',
    oninput: () => {
      other = second.value;
      drawn();
    },
  });
  const secondLabel = h('label', { for: 'lab-second' });
  const pick = (place) => (unit, letter) => {
    at = { unit, letter, place };
    touched = true;
    drawn();
  };
  const maps = [createMaps(pick(0)), createMaps(pick(1))];
  const about = h('p', { class: 'hint inside-about' });
  const unit = createUnit({ ask });
  const table = createAsTable();
  const gradient = createGradient(inspecting);
  const element = h(
    'section',
    { class: 'lab-inside', 'aria-labelledby': 'lab-inside-title' },
    h('div', { class: 'section-head' }, title, cells.element),
    lead,
    about,
    h(
      'div',
      { class: 'lab-fields inside-fields' },
      h('div', { class: 'field' }, secondLabel, second),
      layers.element,
      directions.element,
    ),
    ...maps.map((map) => map.element),
    table.element,
    unit.element,
    gradient.element,
  );
  const view = watchView(element, drawn);

  /** Units keep their places while the network learns, so that one can follow them. */
  function orderFor(found, look) {
    const [, ways, letters, units] = found.now.shape;
    const key = `${chosen} ${layer} ${direction} ${found.text} ${units} ${look.learning ? order.step : look.training.network(chosen).step}`;
    if (key !== order.for) {
      const from = (layer * ways + direction) * letters * units;
      const states = found.now.hidden.subarray(from, from + letters * units);
      const step = look.training.network(chosen).step;
      order = { for: key, step, units: orderUnits(states, letters, units) };
    }
    return order.units;
  }

  return {
    element,
    render(look, language) {
      const { t } = language;
      const there = CELLS.filter((cell) => look.training.network(cell)?.info);
      const cell = there.includes(chosen) ? chosen : (there.at(-1) ?? chosen);
      chosen = cell;
      cells.render(t('lab.cells'), cell, (name) => name.toUpperCase(), there);
      setText(title, t('lab.inside'));
      setText(lead, t('lab.inside.lead'));
      setText(about, t(`lab.inside.${cell}`));
      setText(secondLabel, t('lab.inside.second'));
      setAttribute(second, 'placeholder', t('lab.inside.none'));
      const network = look.training.network(cell);
      const depth = look.made?.layers ?? 1;
      const ways = look.made?.directions ?? 1;
      layer = Math.min(layer, depth - 1);
      direction = Math.min(direction, ways - 1);
      const numbers = (count) => Array.from({ length: count }, (_, i) => i);
      layers.element.hidden = depth < 2;
      layers.render(t('lab.inside.layer'), numbers(depth), layer, (i) => String(i + 1));
      directions.element.hidden = ways < 2;
      directions.render(t('lab.directions'), numbers(ways), direction, (i) =>
        t(`lab.inside.direction.${i}`),
      );
      gradient.name(language);
      if (!view.isDue) return;
      const found = [look.text, other].map((text, place) =>
        view.visible && network && text.trim()
          ? inspecting.look(network, look.made, place, text)
          : null,
      );
      const units = found[0]?.now.shape[2] ? orderFor(found[0], look) : [];
      const common = { cell, layer, direction };
      maps[1].element.hidden = !other.trim();
      found.forEach((one, place) => {
        const marked = at.place === place ? at : null;
        maps[place].render(one, { ...common, order: units, at: marked, touched }, language);
      });
      const shown = found[at.place] ?? found[0];
      unit.render(shown, { ...common, at, steady: !look.learning, network }, language);
      table.render(found[0]?.now ?? null, t('lab.inside.table'), language, () =>
        tableOfUnits(
          found[0].now,
          { ...common, order: units },
          `${t('lab.inside.table')} (${cell.toUpperCase()})`,
          language,
        ),
      );
      if (view.visible) gradient.render(look, language);
    },
  };
}
