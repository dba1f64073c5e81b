import { labelFlag, labelName } from './countries.js';
import { h, setAttribute, setText, setVariable } from '../page/dom.js';

/** A row of a small ranking: flag, country, number, and under them a bar. */
export function createRow() {
  return h(
    'li',
    {},
    h('img', { class: 'flag', alt: '', width: 21, height: 14 }),
    h('span', { class: 'country' }),
    h('span', { class: 'share' }),
    h('span', { class: 'bar', 'aria-hidden': 'true' }),
  );
}

/**
 * @param {Element} row
 * @param {{ label: string, said: string, share: number } | null} entry said: the number; null: none yet
 * @param {import('../i18n/index.js').Language} language
 */
export function fillRow(row, entry, language) {
  const [flag, name, number, bar] = row.children;
  row.classList.toggle('is-empty', !entry);
  setAttribute(flag, 'src', (entry && labelFlag(entry.label)) || null);
  setText(name, entry ? labelName(entry.label, language) : '');
  setText(number, entry?.said ?? '');
  setVariable(bar, '--share', entry?.share ?? 0);
}
