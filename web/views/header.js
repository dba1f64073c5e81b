import { h, resize, setAttribute, setText } from '../dom.js';
import { LOCALES, nameOf, rememberLocale } from '../i18n/index.js';
import { rememberTheme, themes, currentTheme } from '../theme.js';

/**
 * The name of the page, its language and its colours.
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
  element.append(
    h('span', { class: 'wordmark' }, 'recur'),
    h('div', { class: 'choices' }, language.element, theme.element),
  );
  return {
    render({ locale }, { t }) {
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
