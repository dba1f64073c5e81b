import { h, setText } from '../page/dom.js';
import { createSwitch } from '../page/switch.js';
import { copiedIn } from './answer.js';
import { NUMBER_STYLES } from './typed.js';

/** By how a word was copied, the element that describes it to screen readers. */
export const COPIED_NOTE = { 'as-is': 'copied-as-is', set: 'copied-set' };

/**
 * What the marks under words mean: links, names, numbers and emoji were copied and not translated; and
 * how numbers are set. Its line is there for every translator that copies, so that nothing jumps when
 * there is something to tell.
 * @param {{ setNumbers: (numbers: string) => void }} actions
 */
export function createCopied({ setNumbers }) {
  const sample = h('span', { class: 'is-copied', 'aria-hidden': 'true' });
  const meaning = h('span');
  const listed = h('span', { class: 'hidden-visually', lang: 'fr' });
  const legend = h('p', { class: 'copied-legend' }, sample, ' ', meaning, listed);
  const numbers = createSwitch('numbers', NUMBER_STYLES, setNumbers);
  const label = h('span', { 'aria-hidden': 'true' });
  const notes = Object.entries(COPIED_NOTE).map(([kind, id]) => ({
    kind,
    node: h('span', { id }),
  }));
  const element = h(
    'div',
    { class: 'copied' },
    legend,
    h('div', { class: 'copied-numbers' }, label, numbers.element),
    h('div', { hidden: true }, ...notes.map(({ node }) => node)),
  );

  return {
    element,
    /**
     * @param {import('../page/state.js').TranslationState} translation
     * @param {import('../i18n/index.js').Language} language
     * @param {{ current: boolean }} shown current: there is French, and it is of what is typed now
     */
    render({ answers, model, weights, numbers: wanted }, { t, and }, { current }) {
      element.hidden = !copies(model, weights[model].info);
      if (element.hidden) return;
      setText(label, t('numbers.label'));
      numbers.render(t('numbers.label'), wanted, (style) => t(`numbers.${style}`));
      for (const { kind, node } of notes) setText(node, t(`copied.note.${kind}`));
      setText(sample, t('copied.sample'));
      setText(meaning, t('copied.legend'));
      if (!current) return; // while the next answer is worked out it stays
      const words = [...new Set(answers[model].sentences.flatMap(copiedIn))];
      setText(listed, words.length ? `: ${and(words)}` : '');
      legend.classList.toggle('is-empty', !words.length);
    },
  };
}

/** Whether the translator was taught to leave untranslated what is not language; the main one likely was. */
const copies = (model, info) =>
  info ? Boolean(info.metadata['recur.text.layer']) : model === 'main';
