import { h, resize, setText } from '../page/dom.js';
import { formatHash } from '../page/url.js';
import { courseOf, equationsOf, symbolOf } from './equations.js';
import { createPlot } from './plot.js';

const COLOURS = {
  input: '--line-1',
  forget: '--line-2',
  candidate: '--line-3',
  output: '--line-4',
  reset: '--line-1',
  update: '--line-2',
  cell: '--line-5',
  hidden: '--ink',
};

/** One unit: its equations with the numbers of a letter, its course, and the names that drive it most. */
export function createUnit({ ask }) {
  const title = h('h3');
  const equations = h('dl', { class: 'equations' });
  const reference = h('p', { class: 'hint' });
  const plotTitle = h('h3');
  const plot = createPlot({ height: 200 });
  const driversTitle = h('h3');
  const highest = h('p', { class: 'drivers' });
  const lowest = h('p', { class: 'drivers' });
  const element = h(
    'div',
    { class: 'unit' },
    h('div', { class: 'unit-equations' }, title, equations, reference),
    h('div', { class: 'unit-course' }, plotTitle, plot.element),
    h('div', { class: 'unit-drivers' }, driversTitle, highest, lowest),
  );
  let asked = '';
  let drivers = null;

  async function look(key, cell, payload, drawn) {
    asked = key;
    const reply = await ask(cell, 'drivers', payload).catch(() => null);
    if (asked !== key) return;
    drivers = reply;
    drawn();
  }

  return {
    element,
    /** @param {import('./inspecting.js').Found | null} found */
    render(found, { cell, layer, direction, at, steady, network }, language) {
      const { t, fixed } = language;
      const letters = found ? Array.from(found.now.letters) : [];
      element.classList.toggle('is-empty', letters.length === 0);
      if (letters.length === 0) return;
      const unit = Math.min(at.unit, found.now.shape[3] - 1);
      const letter = Math.min(at.letter, letters.length - 1);
      const course = courseOf(found.now, { layer, direction, unit });
      const said = { unit: unit + 1, letter: letters[letter], name: found.text };
      setText(title, t('lab.unit', said));
      const lines = equationsOf(cell, course, letter, direction === 1, fixed);
      resize(equations, lines.length, () => h('div', {}, h('dt'), h('dd')));
      lines.forEach(({ symbols, numbers }, i) => {
        const [term, value] = equations.children[i].children;
        setText(term, symbols);
        setText(value, numbers);
      });
      setText(reference, t(`lab.unit.${cell}`));
      setText(plotTitle, t('lab.unit.course', said));
      const places = letters.map((_, i) => i);
      plot.render({
        lines: Object.entries(course).map(([name, values]) => ({
          name: symbolOf(cell, name),
          colour: COLOURS[name],
          points: [places, values],
        })),
        spanX: [0, Math.max(1, letters.length - 1)],
        spanY: (low, high) => [Math.min(-1, low), Math.max(1, high)],
        places: letters,
        sayX: (value) => letters[Math.round(value)] ?? '',
        sayY: fixed,
        x: '',
        hint: t('lab.unit.course-hint', {
          items: Object.keys(course).map(
            (name) => `${symbolOf(cell, name)} ${t(`lab.array.${name}`)}`,
          ),
        }),
        key: `${cell} ${letters.join('')}`,
      });
      const key = `${cell} ${layer} ${direction} ${unit} ${network.info.parameters}`;
      const now = `${key} ${network.step}`;
      if (asked !== now && (steady || !asked.startsWith(`${key} `)))
        look(now, cell, { layer, direction, unit }, () => drawDrivers(language));
      setText(driversTitle, t('lab.unit.drivers', said));
      drawDrivers(language);
    },
  };

  function drawDrivers({ t, fixed }) {
    for (const [place, which] of [
      [highest, 'highest'],
      [lowest, 'lowest'],
    ]) {
      const found = drivers?.[which] ?? [];
      const key = `${which} ${found.map(({ text, value }) => text + value)} ${t('lab.unit.highest')}`;
      if (place.dataset.drawn === key) continue;
      place.dataset.drawn = key;
      place.replaceChildren(
        h('span', {}, t(`lab.unit.${which}`)),
        ...found.flatMap(({ text, letter, value }) => [
          ' ',
          h(
            'a',
            { href: formatHash({ view: 'lab', text }) },
            ...marked(text, letter),
            h('small', {}, ` ${fixed(value)}`),
          ),
        ]),
      );
    }
  }
}

/** The name with the letter that it is at. */
function marked(text, letter) {
  const letters = Array.from(text);
  if (letter >= letters.length) return [text];
  return [
    letters.slice(0, letter).join(''),
    h('b', {}, letters[letter]),
    letters.slice(letter + 1).join(''),
  ];
}
