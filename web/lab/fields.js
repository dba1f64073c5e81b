import { h, resize, setAttribute, setText } from '../page/dom.js';

/**
 * A labelled choice.
 * @param {string} name
 * @param {(value: string) => void} choose
 */
export function createField(name, choose) {
  const id = `lab-${name}`;
  const label = h('label', { for: id });
  const select = h('select', { id, onchange: () => choose(select.value) });
  return {
    select,
    element: h('div', { class: 'field' }, label, select),
    /** @param {string} said */
    name: (said) => setText(label, said),
    /**
     * @param {string} said
     * @param {readonly (string | number)[]} offered
     * @param {string | number} chosen shown though it be none of these
     * @param {(value: string | number) => string} nameOf
     */
    render(said, offered, chosen, nameOf) {
      setText(label, said);
      const values = offered.includes(chosen)
        ? offered
        : [...offered, chosen].sort((a, b) => a - b);
      resize(select, values.length, () => h('option'));
      values.forEach((value, i) => {
        const option = select.options[i];
        setAttribute(option, 'value', value);
        setText(option, nameOf(value));
      });
      if (select.value !== String(chosen)) select.value = chosen;
    },
  };
}
