import { h, resize, setAttribute, setText } from './dom.js';
import { LOCALES, nameOf, rememberLocale } from '../i18n/index.js';
import { rememberTheme, themes, currentTheme } from './theme.js';
import { linkTo } from './url.js';

const VIEWS = ['names', 'translate', 'lab'];

/**
 * The name of the page, its views, its language and its colours.
 * @param {HTMLElement} element
 */
export function createHeader(element, store) {
  const language = createChoice(LOCALES, (locale) => {
    rememberLocale(locale);
    store.set({ locale });
  });
  const theme = createChoice(themes, (name) => {
    rememberTheme(name);
    store.set({});
  });
  for (const [i, option] of Array.from(language.select.options).entries()) {
    const { name, tag } = nameOf(LOCALES[i]);
    setText(option, name);
    setAttribute(option, 'lang', tag);
  }
  const links = VIEWS.map((view) => {
    const name = h('span');
    const size = h('small');
    return { view, name, size, link: h('a', {}, name, size) };
  });
  const nav = h('nav', { class: 'views' }, ...links.map(({ link }) => link));
  element.append(
    h('span', { class: 'wordmark' }, 'recur'),
    nav,
    h('div', { class: 'choices' }, language.element, theme.element),
  );
  return {
    render(state, { t, bytes }) {
      const { locale } = state;
      setAttribute(nav, 'aria-label', t('header.views'));
      for (const { view, name, size, link } of links) {
        setText(name, t(`header.${view}`));
        // A download says how large it is before it starts.
        const { phase, kept, total } = state.translation.weights[state.translation.model];
        const due = view === 'translate' && phase === 'waiting' && !kept;
        setText(size, due ? ` ${bytes(total)}` : '');
        setAttribute(link, 'href', linkTo(view, state));
        setAttribute(link, 'aria-current', view === state.view ? 'page' : null);
      }
      language.render(t('header.language'), locale);
      theme.render(t('header.theme'), currentTheme());
      themes.forEach((name, i) => setText(theme.select.options[i], t(`theme.${name}`)));
    },
  };
}

function createChoice(values, choose) {
  const select = h('select', { onchange: () => choose(select.value) });
  resize(select, values.length, (i) => h('option', { value: values[i] }));
  return {
    select,
    element: select,
    render(label, value) {
      setAttribute(select, 'aria-label', label);
      select.value = value;
    },
  };
}
