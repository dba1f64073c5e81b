import { h } from '../page/dom.js';
import { TRANSLATORS } from '../engine/assets.js';
import { isKept } from '../engine/kept.js';
import { currentAnswer, sentenceAt } from './answer.js';
import { createAbout } from './about.js';
import { createAlternatives } from './alternatives.js';
import { createHeatmap } from './heatmap.js';
import { createLinks } from './links.js';
import { createModels } from './models.js';
import { createOutput } from './output.js';
import { describeTranslation } from './said.js';
import { createSource } from './source.js';
import { createTranslating } from './translating.js';
import { keepNumbers, keepTyped } from './typed.js';

/**
 * The translate view.
 * @param {HTMLElement} element
 * @param {{ store: ReturnType<typeof import('../page/state.js').createStore>, module: object,
 *   changed: () => void, onready: () => void }} context changed: the address is due; onready: weights came
 */
export function createTranslate(element, { store, module, changed, onready }) {
  const translating = createTranslating(store, module, onready);
  const get = () => store.state.translation;
  const set = (patch) => store.set({ translation: { ...get(), ...patch } });

  const actions = {
    /** Another text or model: translate it, and keep the address in step. */
    change(patch) {
      const { model, text } = get();
      set({ caret: patch.text?.length ?? get().caret, ...patch });
      if (get().text !== text || get().model !== model)
        set({ look: null, picked: {}, problem: null });
      if (get().model !== model) translating.load(get().model);
      if (!get().text.trim()) set({ alternatives: false });
      keepTyped(get());
      translating.ask();
      changed();
    },
    load: (name, options) => translating.load(name, options),
    stop: translating.stop,
    look(look) {
      if (look && !currentAnswer(get())) return; // of words that are gone
      set({ look, sentence: look?.sentence ?? get().sentence });
      translating.askMore();
    },
    /** The caret went elsewhere in the original: its sentence is what the pictures show. */
    move(caret, look) {
      const answer = get().answers[get().model];
      set({ caret, look, sentence: answer ? sentenceAt(answer, caret) : 0 });
      translating.askMore();
    },
    pick(sentence, place) {
      set({ picked: { ...get().picked, [sentence]: place } });
    },
    showAlternatives(alternatives) {
      set({ alternatives });
      translating.askMore();
    },
    /** How numbers are set from now on. */
    setNumbers(numbers) {
      set({ numbers });
      keepNumbers(numbers);
      translating.ask();
    },
    focus: () => source.focus(),
  };

  const source = createSource(actions);
  const output = createOutput(actions);
  const alternatives = createAlternatives(actions);
  const heatmap = createHeatmap(actions);
  const models = createModels(actions);
  const about = createAbout();
  const pair = h(
    'div',
    { class: 'pair' },
    source.element,
    h('div', { class: 'pair-target' }, output.element, alternatives.element),
    source.examples,
  );
  const links = createLinks(pair);
  pair.append(links.element);
  const views = [source, output, links, alternatives, heatmap, models, about];

  keepTyped(get());
  element.append(pair, heatmap.element, models.element, about.element);
  element.addEventListener('keydown', (event) => {
    const open = { ArrowDown: true, ArrowUp: false }[event.key];
    if (!event.altKey || event.isComposing || open === undefined) return;
    event.preventDefault();
    actions.showAlternatives(open && alternatives.any());
  });

  /** Where people asked to save data, they also start the download. */
  async function begin() {
    const { weights, model } = get();
    if (weights[model].phase !== 'waiting') return;
    if (navigator.connection?.saveData && !(await isKept(TRANSLATORS[model]))) return;
    await translating.load(model);
  }

  addEventListener('online', () => {
    const { error } = get().weights[get().model];
    if (error?.kind === 'network') translating.load(get().model);
  });

  return {
    loaded: begin(),
    change: actions.change,
    focus: source.focus,
    describe: describeTranslation,
    render(state, language) {
      for (const view of views) view.render(state, language);
    },
  };
}
