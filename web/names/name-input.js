import { setText } from '../page/dom.js';

/**
 * The field that everything answers to, and the examples, which are in the page from the start. The page never changes what is in it, except when a link or
 * the address says so: an input method may be composing there.
 * @param {HTMLInputElement} input
 */
export function createNameInput(input, { change }) {
  const label = document.getElementById('name-label');
  const lead = document.querySelector('#examples span');

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
