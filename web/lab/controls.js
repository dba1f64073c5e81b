import { h, setAttribute, setText } from '../page/dom.js';
import { createSwitch } from '../page/switch.js';
import { createField } from './fields.js';
import { CHOICES } from './settings.js';

/** Beside the buttons, as one changes them while the networks learn; the others are a click away. */
const FIRST = ['data', 'lr', 'batch'];
const MORE = [
  ...['hidden', 'layers', 'directions', 'embedding', 'pooling'],
  ...['optimizer', 'dropout', 'clip'],
];

/** Starting, pausing, beginning anew, and what with. */
export function createControls(actions) {
  const { choose, chooseRecipe, start, pause, step, reset } = actions;
  let learning = false;
  const go = h('button', {
    type: 'button',
    class: 'button lab-go',
    onclick: () => (learning ? pause() : start()),
  });
  const one = h('button', { type: 'button', class: 'button is-quiet', onclick: step });
  const anew = h('button', { type: 'button', class: 'button is-quiet', onclick: reset });

  const fieldOf = (name) => [
    name,
    createField(name, (text) => {
      const numeric = typeof CHOICES[name][0] === 'number';
      choose({ [name]: numeric ? Number(text) : text });
    }),
  ];
  const fields = Object.fromEntries([...FIRST, ...MORE].map(fieldOf));
  const seed = h('input', {
    id: 'lab-seed',
    type: 'number',
    min: 0,
    max: 2 ** 31 - 1,
    step: 1,
    inputmode: 'numeric',
    onchange: () => seed.reportValidity() && choose({ seed: seed.valueAsNumber || 0 }),
  });
  const seedLabel = h('label', { for: 'lab-seed' });
  const recipes = createSwitch('recipe', CHOICES.recipe, chooseRecipe);
  const about = h('p', { class: 'hint lab-recipe-about' });
  const summary = h('summary');
  const note = h('p', { class: 'lab-note', role: 'status' });
  const elementsOf = (names) => names.map((name) => fields[name].element);
  const element = h(
    'section',
    { class: 'lab-controls' },
    h(
      'div',
      { class: 'lab-bar' },
      h('div', { class: 'lab-buttons' }, go, one, anew),
      h('div', { class: 'lab-fields' }, ...elementsOf(FIRST)),
    ),
    h('div', { class: 'lab-recipe' }, recipes.element, about),
    note,
    h(
      'details',
      { class: 'lab-more' },
      summary,
      h(
        'div',
        { class: 'lab-fields' },
        ...elementsOf(MORE),
        h('div', { class: 'field' }, seedLabel, seed),
      ),
    ),
  );

  return {
    element,
    render(look, language) {
      const { t } = language;
      const { settings, phase, training } = look;
      ({ learning } = look);
      const able =
        phase === 'ready' && training.networks.some(({ phase: now }) => now === 'paused');
      setAttribute(element, 'aria-label', t('lab.controls'));
      setText(go, t(learning ? 'lab.pause' : look.learnt ? 'lab.go-on' : 'lab.start'));
      setAttribute(go, 'aria-disabled', !able && !learning);
      setText(one, t('lab.step'));
      one.disabled = !able || learning;
      setText(anew, t('lab.reset'));
      anew.disabled = phase === 'loading' || !(look.learnt || look.pending);
      anew.classList.toggle('is-due', look.pending);
      for (const [name, field] of Object.entries(fields))
        field.render(t(`lab.${name}`), CHOICES[name], settings[name], (value) =>
          nameOf(name, value, language),
        );
      setText(seedLabel, t('lab.seed'));
      if (document.activeElement !== seed) seed.value = settings.seed;
      recipes.render(t('lab.recipe'), settings.recipe, (name) => t(`lab.recipe.${name}`));
      setText(about, t(`lab.recipe-about.${settings.recipe}`));
      setText(summary, t('lab.more'));
      setText(note, noteOf(look, language));
      setAttribute(note, 'data-kind', phase === 'failed' ? 'fault' : null);
    },
  };
}

function noteOf({ phase, error, pending, training, learnt }, { t }) {
  if (phase === 'loading') return t('lab.loading');
  if (phase === 'none') return t('lab.none');
  if (phase === 'failed') {
    const why = error.kind ? t(`load.${error.kind}`) : error.message;
    return `${t('lab.failed')} ${why}`;
  }
  const broken = training.networks.find(({ phase: now }) => now === 'failed');
  if (broken) return t('lab.stopped', { cell: broken.cell.toUpperCase(), error: broken.error });
  if (pending) return t('lab.pending');
  const info = training.networks.find((network) => network.info)?.info;
  if (!info || learnt) return '';
  const { examples, labels } = info;
  return t('lab.examples', { ...examples, labels: labels.length });
}

function nameOf(name, value, { t, number, percentRound }) {
  if (['data', 'pooling', 'optimizer'].includes(name)) return t(`lab.${name}.${value}`);
  if (name === 'dropout') return percentRound(value);
  if ((name === 'clip' || name === 'embedding') && value === 0) return t(`lab.${name}.none`);
  if (name === 'directions') return t(`lab.directions.${value}`);
  return number(value);
}
