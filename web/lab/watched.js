import { h, setText } from '../page/dom.js';

/** The name that is watched while the networks learn. */
export function createWatched({ change }) {
  const label = h('label', { for: 'lab-name' });
  const input = h('input', {
    id: 'lab-name',
    class: 'lab-name',
    type: 'text',
    dir: 'auto',
    autocomplete: 'off',
    autocapitalize: 'words',
    autocorrect: 'off',
    spellcheck: 'false',
    enterkeyhint: 'done',
    oninput: () => change({ text: input.value }),
    oncompositionstart: () => change({ composing: true }),
    oncompositionend: () => change({ composing: false, text: input.value }),
  });
  return {
    element: h('div', { class: 'lab-watched' }, h('h1', {}, label), input),
    focus: () => input.focus({ preventScroll: true }),
    render({ text, composing }, { t }) {
      setText(label, t('lab.name'));
      if (!composing && input.value !== text) input.value = text;
    },
  };
}
