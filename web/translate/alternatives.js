import { h, setAttribute, setText, setVariable } from '../page/dom.js';
import { currentAnswer, textOf } from './answer.js';
import { entriesOf, isPhrase } from './entries.js';

/**
 * The best few translations of one sentence, of which one can be taken instead. Of a word or a short
 * phrase they are a small dictionary: more of them, and how likely each is drawn beside it.
 */
export function createAlternatives({ pick, showAlternatives, focus }) {
  const headword = h('b', { lang: 'en' });
  const words = h('span');
  const title = h('h3', { id: 'alternatives-title' }, headword, words);
  const list = h('ol');
  const none = h('p', { class: 'note' });
  const element = h(
    'section',
    { class: 'alternatives', id: 'alternatives', 'aria-labelledby': 'alternatives-title' },
    title,
    list,
    none,
  );
  let drawn = {};
  let possible = false;

  element.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      showAlternatives(false);
      focus();
    }
    const buttons = Array.from(list.querySelectorAll('button'));
    const at = buttons.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined || event.altKey || at < 0) return;
    event.preventDefault();
    buttons[Math.min(Math.max(at + step, 0), buttons.length - 1)].focus();
  });

  function draw(entries, index, phrase) {
    const at = Array.from(list.children).findIndex((row) => row.contains(document.activeElement));
    const [{ text: best }] = entries;
    list.replaceChildren(
      ...entries.map(({ text, place, share }) => {
        const bar = h('span', { class: 'bar', 'aria-hidden': 'true' });
        setVariable(bar, '--share', share);
        const parts = place && !phrase ? differing(best, text) : [text];
        const take = () => pick(index, place);
        return h(
          'li',
          {},
          h('button', { type: 'button', lang: 'fr', onclick: take }, ...parts),
          bar,
          h('span', { class: 'share' }),
        );
      }),
    );
    // More were found: the one in focus is still in its place.
    if (at >= 0) list.children[Math.min(at, entries.length - 1)].firstChild.focus();
  }

  return {
    element,
    /** Whether there is something to show. */
    any: () => possible,
    render({ translation }, language) {
      const { t } = language;
      const { sentence: index, picked, alternatives } = translation;
      const answer = currentAnswer(translation);
      const sentence = answer?.sentences[index];
      possible = Boolean(sentence);
      const opening = element.hidden && alternatives && possible;
      element.hidden = !alternatives || !possible;
      if (element.hidden) return;
      const many = answer.sentences.length > 1;
      const phrase = isPhrase(sentence);
      setText(headword, phrase ? sentence.source : '');
      setText(words, phrase ? '' : t('translate.instead', { source: many && sentence.source }));
      setText(none, t('translate.no-others'));
      if (drawn.sentence !== sentence || drawn.index !== index) {
        const entries = entriesOf(sentence);
        draw(entries, index, phrase);
        drawn = { sentence, index, entries };
      }
      element.classList.toggle('is-dictionary', phrase);
      none.hidden = drawn.entries.length > 1;
      const taken = textOf(sentence, picked[index]);
      Array.from(list.children).forEach(({ children: [button, , share] }, i) => {
        const entry = drawn.entries[i];
        setAttribute(button, 'aria-pressed', String(entry.text === taken));
        setText(share, language.percent(entry.share));
        setAttribute(share, 'title', t('translate.share'));
      });
      if (opening) list.querySelector('button').focus();
    },
  };
}

/** A text with the words that make it another one set off: what is between their common ends. */
function differing(best, text) {
  const [old, now] = [best.split(/(?<=\s)/), text.split(/(?<=\s)/)];
  const most = Math.min(old.length, now.length);
  let head = 0;
  while (head < most && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < most - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
  return [
    now.slice(0, head).join(''),
    h('b', {}, now.slice(head, now.length - tail).join('')),
    now.slice(now.length - tail).join(''),
  ];
}
