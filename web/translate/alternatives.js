import { h, setAttribute, setText } from '../page/dom.js';
import { textOf } from './answer.js';

/** The best few translations of one sentence, of which one can be taken instead. */
export function createAlternatives({ pick, showAlternatives, focus }) {
  const title = h('h3', { id: 'alternatives-title' });
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

  function draw(sentence, index) {
    const best = textOf(sentence, 0);
    const scores = [sentence.score, ...sentence.alternatives.map(({ score }) => score)];
    list.replaceChildren(
      ...scores.map((score, place) =>
        h(
          'li',
          {},
          h(
            'button',
            { type: 'button', lang: 'fr', onclick: () => pick(index, place) },
            ...(place ? differing(best, textOf(sentence, place)) : [best]),
          ),
          h('span', { class: 'score' }),
        ),
      ),
    );
  }

  return {
    element,
    /** Whether there is something to show. */
    any: () => possible,
    render({ translation }, language) {
      const { t } = language;
      const { answers, model, text, sentence: index, picked, alternatives } = translation;
      const answer = answers[model]?.text === text ? answers[model] : null;
      const sentence = answer?.sentences[index];
      possible = Boolean(sentence);
      const opening = element.hidden && alternatives && possible;
      element.hidden = !alternatives || !possible;
      if (element.hidden) return;
      const many = answer.sentences.length > 1;
      setText(title, t('translate.instead', { source: many ? sentence.source : null }));
      setText(none, t('translate.no-others'));
      none.hidden = sentence.alternatives.length > 0;
      if (drawn.sentence !== sentence || drawn.index !== index) draw(sentence, index);
      drawn = { sentence, index };
      Array.from(list.children).forEach(({ children: [button, score] }, place) => {
        setAttribute(button, 'aria-pressed', String(place === (picked[index] ?? 0)));
        const value = place ? sentence.alternatives[place - 1].score : sentence.score;
        setText(score, language.decimal(value));
        setAttribute(score, 'title', t('translate.score'));
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
