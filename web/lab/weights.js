import { h, resize, setText } from '../page/dom.js';
import { CELLS } from '../page/state.js';

/** Weights out, and weights in: a file that the names view, Node and `classify` read. */
export function createWeights({ ask, openWeights }) {
  const title = h('h2', { id: 'lab-weights-title' });
  const lead = h('p', { class: 'lead' });
  const rows = h('ul', { class: 'weights-rows' });
  const input = h('input', {
    type: 'file',
    id: 'lab-weights-file',
    class: 'hidden-visually',
    accept: '.gguf',
    onchange: () => {
      if (input.files[0]) open(input.files[0].arrayBuffer());
      input.value = '';
    },
  });
  const load = h('label', { class: 'button is-quiet', for: 'lab-weights-file' });
  const status = h('p', { class: 'lab-note', role: 'status', 'data-kind': 'fault' });
  const element = h(
    'section',
    { class: 'lab-weights', 'aria-labelledby': 'lab-weights-title' },
    title,
    lead,
    rows,
    h('p', {}, input, load),
    status,
  );
  let language;

  async function open(bytes) {
    setText(status, '');
    try {
      await openWeights(new Uint8Array(await bytes));
    } catch (error) {
      setText(status, language.t('lab.weights.refused', { error: error.message }));
    }
  }

  async function save(cell) {
    const bytes = await ask(cell, 'save');
    const url = URL.createObjectURL(new Blob([bytes]));
    h('a', { href: url, download: `names-${cell}.gguf` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  }

  return {
    element,
    render({ training }, said) {
      language = said;
      const { t } = language;
      setText(title, t('lab.weights'));
      setText(lead, t('lab.weights.lead'));
      setText(load, t('lab.weights.load'));
      resize(rows, CELLS.length, (i) => {
        const cell = CELLS[i];
        return h(
          'li',
          {},
          h('b', {}, cell.toUpperCase()),
          h('button', { type: 'button', class: 'link', onclick: () => save(cell) }),
          h('button', { type: 'button', class: 'link', onclick: () => open(ask(cell, 'save')) }),
        );
      });
      CELLS.forEach((cell, i) => {
        const [, keep, use] = rows.children[i].children;
        const able = Boolean(training.network(cell)?.info);
        setText(keep, t('lab.weights.save', { name: `names-${cell}.gguf` }));
        setText(use, t('lab.weights.use'));
        keep.disabled = use.disabled = !able;
      });
    },
  };
}
