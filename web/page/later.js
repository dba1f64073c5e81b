import { h } from './dom.js';
import { languageOf } from '../i18n/index.js';

/**
 * Where a view comes once it is opened: until then neither its scripts nor what they need are fetched.
 * @param {HTMLElement} element
 * @param {{ name: import('./state.js').View, store: object, create: (element: HTMLElement) => Promise<View> }} context
 *   create: brings in the scripts and fills the element
 *
 * @typedef {{ render: (state: object, language: object) => void, change: (linked: object) => void,
 *   focus: () => void, describe?: (state: object, language: object) => object | null }} View
 */
export function createLater(element, { name, store, create }) {
  /** @type {View | null} */
  let view = null;
  let opening = null;
  /** It has the focus once it is seen, which may be later than it is made. */
  let focusDue = false;

  async function open() {
    try {
      view = await create(element);
    } catch (error) {
      opening = null;
      element.replaceChildren(broken(name, error, store.state));
      return null;
    }
    focusDue = true;
    render(store.state, languageOf(store.state.locale)); // at once, as it is in the page already
    store.set({});
    return view;
  }

  function render(state, language) {
    element.hidden = state.view !== name;
    if (element.hidden || !view) return;
    view.render(state, language);
    if (focusDue) setTimeout(view.focus); // which lays the page out
    focusDue = false;
  }

  return {
    /** @returns {Promise<View | null>} null: its scripts did not come */
    open: () => (opening ??= open()),
    focus: () => view?.focus(),
    get describe() {
      return view?.describe;
    },
    render,
  };
}

/** Browsers remember that a script could not be had; only a new page asks again. */
function broken(name, error, { locale }) {
  const { t } = languageOf(locale);
  return h(
    'div',
    { class: 'notice', role: 'alert' },
    h('p', {}, t(`${name}.scripts`)),
    h('p', { class: 'detail' }, error.message),
    h(
      'button',
      { type: 'button', class: 'button', onclick: () => location.reload() },
      t('load.retry'),
    ),
  );
}
