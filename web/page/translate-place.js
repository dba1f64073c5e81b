import { h } from './dom.js';
import { languageOf } from '../i18n/index.js';

/**
 * Where the translate view comes once it is opened: until then neither its scripts nor its weights are
 * fetched.
 * @param {HTMLElement} element
 * @param {{ store: object, module: object, changed: () => void }} context changed: the address is due
 */
export function createTranslatePlace(element, { store, module, changed }) {
  /** @type {ReturnType<typeof import('../translate/index.js').createTranslate> | null} */
  let view = null;
  let opening = null;

  async function open() {
    try {
      const { createTranslate } = await import('../translate/index.js');
      element.replaceChildren();
      view = createTranslate(element, { store, module, changed, onready: () => place.onready() });
    } catch (error) {
      opening = null;
      element.replaceChildren(broken(error, store.state));
      return null;
    }
    store.set({}); // draws it
    if (store.state.view === 'translate') queueMicrotask(view.focus);
    return view;
  }

  const place = {
    onready() {},
    /** @returns {Promise<typeof view>} null: its scripts did not come */
    open: () => (opening ??= open()),
    focus: () => view?.focus(),
    get describe() {
      return view?.describe;
    },
    /** What is found out of weights without opening it. */
    know(name, patch) {
      const { translation } = store.state;
      const weights = { ...translation.weights[name], ...patch };
      store.set({
        translation: { ...translation, weights: { ...translation.weights, [name]: weights } },
      });
    },
    render(state, language) {
      element.hidden = state.view !== 'translate';
      if (!element.hidden) view?.render(state, language);
    },
  };
  return place;
}

/** Browsers remember that a script could not be had; only a new page asks again. */
function broken(error, { locale }) {
  const { t } = languageOf(locale);
  return h(
    'div',
    { class: 'notice', role: 'alert' },
    h('p', {}, t('translate.scripts')),
    h('p', { class: 'detail' }, error.message),
    h(
      'button',
      { type: 'button', class: 'button', onclick: () => location.reload() },
      t('load.retry'),
    ),
  );
}
