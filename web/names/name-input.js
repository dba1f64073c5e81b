import { h, setText } from '../page/dom.js';
import { formatHash } from '../page/url.js';

const EXAMPLES = ['Müller', 'O’Brien', 'Kowalczyk', 'Papadopoulos', 'Nguyễn', 'Dostoevsky'];

/**
 * The field that everything answers to. The page never changes what is in it, except when a link or
 * the address says so: an input method may be composing there.
 * @param {HTMLInputElement} input
 */
export function createNameInput(input, { change }) {
  const label = document.getElementById('name-label');
  const lead = h('span');
  const links = EXAMPLES.map((text) => h('a', { href: formatHash({ view: 'names', text }) }, text));
  document.getElementById('examples').append(lead, ...links.flatMap((link) => [' ', link]));

  input.addEventListener('input', () => change({ text: input.value }));
  input.addEventListener('compositionstart', () => change({ composing: true }));
  input.addEventListener('compositionend', () => change({ composing: false, text: input.value }));

  return {
    render({ text, composing }, { t }) {
      setText(label, t('input.label'));
      setText(lead, t('input.try'));
      if (!composing && input.value !== text) input.value = text;
    },
  };
}
