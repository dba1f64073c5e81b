import { h, setText } from './dom.js';

/**
 * A switch between a few values: radio buttons, so that arrow keys work as everywhere.
 * @param {string} name
 * @param {readonly string[]} values
 * @param {(value: string) => void} choose
 */
export function createSwitch(name, values, choose) {
  const legend = h('legend', { class: 'hidden-visually' });
  const options = values.map((value) => {
    const radio = h('input', { type: 'radio', name, value, onchange: () => choose(value) });
    const text = h('span');
    return { value, radio, text, label: h('label', {}, radio, text) };
  });
  const element = h('fieldset', { class: 'switch' }, legend, ...options.map(({ label }) => label));
  return {
    element,
    /**
     * @param {string} label of all
     * @param {(value: string) => string} nameOf each
     * @param {readonly string[]} [offered] those that can be chosen now; one alone is no choice
     */
    render(label, chosen, nameOf, offered = values) {
      setText(legend, label);
      element.hidden = offered.length < 2;
      for (const { value, radio, text, label: option } of options) {
        option.hidden = !offered.includes(value);
        radio.checked = value === chosen;
        setText(text, nameOf(value));
      }
    },
  };
}
