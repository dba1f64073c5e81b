import { h, setText } from '../page/dom.js';

/** The plain words on what a name cannot tell. */
export function createLimits() {
  const title = h('h2', { id: 'limits-title' });
  const text = h('p');
  return {
    element: h('section', { class: 'limits', 'aria-labelledby': 'limits-title' }, title, text),
    render(_, { t }) {
      setText(title, t('limits.title'));
      setText(text, t('limits.text'));
    },
  };
}
