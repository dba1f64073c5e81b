import { createTurns } from '../engine/turns.js';
import { languageOf } from '../i18n/index.js';
import { h } from '../page/dom.js';
import { createAlike } from './alike.js';
import { createCompare } from './compare.js';
import { createLimits } from './limits.js';
import { createNameInput } from './name-input.js';
import { createRanking } from './ranking.js';
import { createSignup } from './signup.js';
import { createStrip } from './strip.js';
import { createTable } from './table.js';
import { createWorldMap } from './world-map.js';

/**
 * The names view.
 * @param {HTMLElement} element
 * @param {HTMLInputElement} input in it
 */
export function createNames(element, input, actions) {
  const turns = createTurns();
  const ranking = createRanking(actions);
  const map = createWorldMap();
  const alike = createAlike();
  const strip = createStrip(actions);
  const signup = createSignup();
  const limits = createLimits();
  const compare = createCompare();
  const table = createTable(actions);
  const views = [
    createNameInput(input, actions),
    ranking,
    map,
    alike,
    strip,
    signup,
    limits,
    compare,
    table,
  ];
  const parts = [
    h(
      'div',
      { class: 'names-answer' },
      ranking.element,
      h('div', { class: 'column-where' }, map.element, alike.element),
    ),
    h('div', { class: 'column-steps' }, strip.element),
    h('div', { class: 'column-use' }, signup.element, limits.element),
    compare.element,
    table.element,
  ];
  return {
    /** Draws all of it for the first time, a part in each turn, and then puts it into the page. */
    async open(store) {
      for (const view of store.state.view === 'names' ? views : []) {
        view.render(store.state, languageOf(store.state.locale));
        await turns.next();
      }
      element.append(...parts);
    },
    render(state, language) {
      element.hidden = state.view !== 'names';
      if (element.hidden) return;
      for (const view of views) view.render(state, language);
    },
  };
}
