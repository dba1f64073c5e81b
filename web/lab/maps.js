import { h, resize, setAttribute, setText, setVariable } from '../page/dom.js';
import { arraysOf } from './equations.js';
import { createHeatCanvas } from './heat-canvas.js';

const SIGNED = ['candidate', 'cell', 'hidden'];
const MOST = 6; // arrays of a cell

/**
 * A heat map for each gate and state of one text: letters, or words, across, units down.
 * @param {(unit: number, letter: number) => void} pick
 * @param {string} [said] the beginning of the strings' keys
 */
export function createMaps(pick, said = 'lab.inside') {
  let shown = null;
  let latest;
  const name = h('h3');
  const none = h('p', { class: 'lead' });
  const pointed = h('p', { class: 'maps-pointed', 'aria-live': 'polite' });
  const maps = Array.from({ length: MOST }, (_, i) => createMap(i));
  const place = h('div', { class: 'maps-place' }, ...maps.map((map) => map.element));
  const element = h('div', { class: 'maps' }, name, none, place, pointed);

  function createMap(index) {
    const title = h('h4');
    const letters = h('div', { class: 'map-letters', 'aria-hidden': 'true' });
    const options = {
      gap: 0,
      point: (cell) => say(index, cell),
      pick: ({ row, column }) => shown && pick(shown.order[row], column),
    };
    // Gates go from shut to open, states from -1 to 1.
    const plain = createHeatCanvas({ ...options, ramp: ['--heat-0', '--heat-1'] });
    const signed = createHeatCanvas({ ...options, ramp: ['--under', '--heat-mid', '--heat-1'] });
    return {
      title,
      letters,
      plain,
      signed,
      element: h('div', { class: 'unit-map' }, title, letters, plain.element, signed.element),
    };
  }

  function say(index, cell) {
    if (!shown || !cell) {
      setText(pointed, latest ? latest.t(`${said}.point`) : '');
      return;
    }
    const { t, fixed } = latest;
    const array = shown.names[index];
    const unit = shown.order[cell.row];
    setText(
      pointed,
      t(`${said}.at`, {
        array: t(`lab.array.${array}`),
        unit: unit + 1,
        letter: shown.letters[cell.column],
        value: fixed(shown.valueOf(array, unit, cell.column)),
      }),
    );
  }

  function take(found, { layer, direction, order }) {
    const { now } = found;
    const [, ways, length, units] = now.shape;
    const from = (layer * ways + direction) * length;
    const arrays = arraysOf(now);
    const valueOf = (array, unit, letter) => arrays[array][(from + letter) * units + unit];
    const largest = now.cellState
      ? now.cellState.reduce((most, value) => Math.max(most, Math.abs(value)), 1)
      : 1;
    const picture = (array) => ({
      rows: order.length,
      columns: length,
      value(row, column) {
        const value = valueOf(array, order[row], column);
        if (!SIGNED.includes(array)) return value;
        return 0.5 + value / (array === 'cell' ? largest : 1) / 2;
      },
    });
    const names = Object.keys(arrays);
    const letters = Array.from(now.letters);
    return { now, order, names, letters, valueOf, pictures: names.map(picture) };
  }

  return {
    element,
    /** @param {import('./inspecting.js').Found | null} found */
    render(found, options, language) {
      latest = language;
      const { t } = language;
      const some = found?.now.shape[2] > 0 && options.order.length > 0;
      setText(name, found?.text ?? '');
      none.hidden = some;
      setText(none, t(`${said}.empty`));
      place.classList.toggle('is-empty', !some);
      if (!some) {
        shown = null;
        say(0, null);
        return;
      }
      if (
        shown?.now !== found.now ||
        shown.order !== options.order ||
        shown.layer !== options.layer ||
        shown.direction !== options.direction
      )
        shown = { ...take(found, options), layer: options.layer, direction: options.direction };
      const row = options.at ? shown.order.indexOf(options.at.unit) : -1;
      maps.forEach((map, i) => {
        const array = shown.names[i];
        map.element.hidden = !array;
        if (!array) return;
        const signed = SIGNED.includes(array);
        setText(map.title, t(`lab.array.${array}`));
        setVariable(map.letters, '--letters', shown.letters.length);
        resize(map.letters, shown.letters.length, () => h('span'));
        shown.letters.forEach((letter, k) => {
          setText(map.letters.children[k], letter);
          map.letters.children[k].classList.toggle('is-moment', k === options.at?.letter);
        });
        map.plain.element.hidden = signed;
        map.signed.element.hidden = !signed;
        const canvas = signed ? map.signed : map.plain;
        const label = t(`${said}.label`, { array: t(`lab.array.${array}`), name: found.text });
        canvas.render(shown.pictures[i], label);
        setVariable(map.element, '--row', row < 0 ? -1 : (row + 0.5) / shown.order.length);
        setAttribute(map.element, 'data-marked', row >= 0 && options.touched);
      });
      if (!element.querySelector('canvas:hover, canvas:focus')) say(0, null);
    },
  };
}
