import { h, setText } from '../page/dom.js';

/** The plain words on what a name cannot tell. */
export function createLimits() {
  const title = h('h2', { id: 'limits-title' });
  const text = h('p');
  return {
    element: h('section', { class: 'limits', 'aria-labelledby': 'limits-title' }, title, text),
    render({ list, weights }, { t }) {
      setText(title, t('limits.title'));
      const count = Object.values(weights[list]).find(({ info }) => info)?.info.labels.length;
      setText(text, t(list === 'tutorial' ? 'limits.text' : `limits.${list}`, { count }));
    },
  };
}
