import { h, setAttribute, setText, setVariable } from '../page/dom.js';
import { TRANSLATOR_NAMES } from '../page/state.js';
import { createNotice } from '../page/notice.js';
import { createSwitch } from '../page/switch.js';
import { currentAnswer, lightsOf, outputOf, textOf, wordsLike } from './answer.js';
import { COPIED_NOTE, createCopied } from './copied.js';
import { longest } from './translating.js';
import { weightsNotice } from './weights-notice.js';

const COPIED_FOR = 2000; // milliseconds

/** The French side: words as they are found, then each with what it looked at; or why there is none. */
export function createOutput({ change, load, stop, look, showAlternatives, setNumbers }) {
  const title = h('h2', { id: 'french-title' });
  const models = createSwitch('model', TRANSLATOR_NAMES, (model) => change({ model }));
  const french = h('div', {
    class: 'french',
    lang: 'fr',
    dir: 'ltr',
    translate: 'no',
    role: 'group',
    'aria-labelledby': 'french-title',
  });
  /** As high as the original, while nobody knows how long the translation will be. */
  const room = h('div', { class: 'mirror is-room', 'aria-hidden': 'true' });
  const notice = createNotice();
  const remark = h('p', { class: 'caveat' });
  const copy = h('button', { type: 'button', class: 'link', onclick: () => copyText() });
  const others = h('button', {
    type: 'button',
    class: 'link',
    'aria-keyshortcuts': 'Alt+ArrowDown',
    'aria-controls': 'alternatives',
    onclick: () => showAlternatives(others.getAttribute('aria-expanded') !== 'true'),
  });
  const took = h('span', { class: 'took' });
  const tools = h('div', { class: 'tools' }, copy, others, took);
  const copies = createCopied({ setNumbers });
  const answered = h(
    'div',
    {},
    h('div', { class: 'paper' }, room, french),
    copies.element,
    remark,
    tools,
  );
  const element = h(
    'section',
    { 'aria-labelledby': 'french-title' },
    h('div', { class: 'section-head' }, title, models.element),
    h('div', { class: 'output' }, answered, notice.element),
  );

  /** Sentences that are on the page already, by what they say. */
  const made = new WeakMap();
  let drawn = {};
  let lit = [];
  let latest;
  /** What became of copying, for a while: '', 'done' or 'selected'. */
  let copied = '';

  const wordOf = (target) => {
    const word = target.closest?.('[data-word]');
    return word
      ? {
          sentence: Number(word.closest('[data-sentence]').dataset.sentence),
          side: 'target',
          word: Number(word.dataset.word),
        }
      : null;
  };
  const focused = () =>
    french.contains(document.activeElement) ? wordOf(document.activeElement) : null;

  french.addEventListener('pointerover', ({ target }) => look(wordOf(target) ?? focused()));
  french.addEventListener('pointerleave', () => look(focused()));
  french.addEventListener('focusin', ({ target }) => {
    for (const word of french.querySelectorAll('[tabindex="0"]')) word.tabIndex = -1;
    target.tabIndex = 0;
    look(wordOf(target));
  });
  french.addEventListener('focusout', () => look(null));
  french.addEventListener('keydown', (event) => {
    const words = Array.from(french.querySelectorAll('[data-word]'));
    const at = words.indexOf(document.activeElement);
    const next = {
      ArrowRight: at + 1,
      ArrowLeft: at - 1,
      Home: 0,
      End: words.length - 1,
    }[event.key];
    if (next === undefined || event.altKey || at < 0) return;
    event.preventDefault();
    words[Math.min(Math.max(next, 0), words.length - 1)].focus();
  });

  async function copyText() {
    const { answers, model, picked } = latest.translation;
    try {
      await navigator.clipboard.writeText(outputOf(answers[model], picked));
      copied = 'done';
    } catch {
      getSelection().selectAllChildren(french); // not allowed: at least it is ready for Ctrl+C
      copied = 'selected';
    }
    relabel();
    setTimeout(() => {
      copied = '';
      relabel();
    }, COPIED_FOR);
  }

  let relabel = () => {};

  /** A sentence as words that can be pointed at; a picked alternative has no attention. */
  function sentenceNode(sentence, index, pick) {
    const known = made.get(sentence);
    if (known && known.pick === pick) {
      known.node.dataset.sentence = index;
      return known.node;
    }
    const text = textOf(sentence, pick);
    const node = h('span', { 'data-sentence': index });
    let at = 0;
    const words = pick ? wordsLike(text, 'fr', sentence) : sentence.targets;
    words.forEach(({ start, end, copied }, i) => {
      const word = h('span', { class: 'word', 'data-word': i, tabindex: -1 });
      if (copied) {
        word.classList.add('is-copied');
        setAttribute(word, 'aria-describedby', COPIED_NOTE[copied]);
      }
      word.append(text.slice(start, end));
      node.append(text.slice(at, start), word);
      at = end;
    });
    node.append(text.slice(at));
    made.set(sentence, { node, pick });
    return node;
  }

  /** Sentences with the white space that the original has before each. */
  function sentenceNodes(text, sentences, first, from, picked) {
    let at = from;
    return sentences.flatMap((sentence, i) => {
      const space = text.slice(at, sentence.start);
      at = sentence.end;
      return [space, sentenceNode(sentence, first + i, picked[first + i])];
    });
  }

  function drawAnswer({ text, sentences }, picked) {
    french.replaceChildren(...sentenceNodes(text, sentences, 0, 0, picked));
  }

  /**
   * What is found so far; behind it, paler, what stood there before, so that nothing jumps.
   * @param {import('./answer.js').Partial} partial
   * @param {import('./answer.js').Answer | null} last
   */
  function drawPartial({ text, head, parts, tail }, last) {
    const found = Object.values(parts).join(' ');
    const old = last
      ? last.sentences
          .slice(head.length, last.sentences.length - tail.length)
          .map((sentence) => sentence.text)
          .join(' ')
      : '';
    const [before, after] = [head.at(-1)?.end ?? 0, tail[0]?.start ?? text.length];
    const between = text.slice(before, after);
    french.replaceChildren(
      ...sentenceNodes(text, head, 0, 0, {}),
      between.match(/^\s*/)[0],
      found,
      h('span', { class: 'ghost', 'aria-hidden': 'true' }, old.slice(found.length)),
      between.match(/\s*$/)[0],
      ...sentenceNodes(text, tail, head.length + 1, after, {}),
    );
  }

  function light({ look: looking, picked, answers, model }) {
    for (const word of lit) setVariable(word, '--light', 0);
    lit = [];
    const answer = answers[model];
    if (!looking || !answer || picked[looking.sentence]) return;
    const lights = lightsOf(answer.sentences[looking.sentence], looking).target;
    lit = Array.from(french.querySelectorAll(`[data-sentence="${looking.sentence}"] [data-word]`));
    lit.forEach((word, i) => setVariable(word, '--light', lights[i] ?? 0));
  }

  return {
    element,
    render(state, language) {
      latest = state;
      const { t } = language;
      const { translation } = state;
      const { text, model, answers, partial, picked, alternatives, weights } = translation;
      const answer = answers[model];
      const current = Boolean(currentAnswer(translation)) && weights[model].phase === 'ready';
      setText(title, t('translate.french'));
      models.render(t('translate.models'), model, (name) => t(`translate.model.${name}`));

      const shown = notes(state, language, { load, stop });
      notice.show(shown);
      french.hidden = Boolean(shown);
      // The notice stands in their room.
      answered.classList.toggle('is-hidden', french.hidden);
      setText(room, answer || partial ? '' : text);
      copies.render(translation, language, { current });
      french.classList.toggle('is-stale', !current && partial?.text !== text);
      if (partial?.text === text) {
        if (drawn.partial !== partial) drawPartial(partial, answer);
        drawn = { partial };
      } else if (answer && (drawn.answer !== answer || drawn.picked !== picked)) {
        drawAnswer(answer, picked);
        drawn = { answer, picked };
        const first = french.querySelector('[data-word]');
        if (first && !french.querySelector('[tabindex="0"]')) first.tabIndex = 0;
      }
      if (current) light(translation);

      setAttribute(french, 'aria-busy', String(!current));
      // While the next answer is worked out these stay, so that nothing jumps.
      if (current) {
        setText(remark, remarksOn(answer, weights[model].info, language));
        const time = language.milliseconds(Math.max(answer.milliseconds, 0.1));
        setText(took, t('translate.took', { time }));
      }
      remark.hidden = !remark.textContent;
      relabel = () => setText(copy, t(copied ? `translate.copied.${copied}` : 'translate.copy'));
      relabel();
      copy.disabled = !current;
      setText(others, t('translate.alternatives'));
      setAttribute(others, 'aria-expanded', String(alternatives));
      setAttribute(others, 'title', t('translate.alternatives-key'));
    },
  };
}

/** What stands in the place of the translation. */
function notes(state, language, actions) {
  const { t, integer } = language;
  const { text, model, weights, problem } = state.translation;
  const { phase, info } = weights[model];
  if (phase !== 'ready') return weightsNotice(model, state, language, actions);
  if (problem?.kind === 'too-long')
    return { message: t('translate.too-long', { max: integer(longest(info.limits)) }) };
  if (problem) return { message: t('problem.engine'), detail: problem.message, alert: true };
  if (!text.trim()) return { message: t('translate.empty') };
  return null;
}

/** What is to be said of the translation, plainly. */
function remarksOn({ sentences }, { kind, limits }, { t, and, integer }) {
  const unknown = [...new Set(sentences.flatMap((sentence) => sentence.unknown ?? []))];
  return [
    unknown.length && t('translate.unknown', { words: and(unknown.map((word) => `“${word}”`)) }),
    sentences.some(({ truncated }) => truncated) &&
      (kind === 'tutorial'
        ? t('translate.cut', { max: integer(limits.tokens - 1) }) // without the end
        : t('translate.truncated')),
  ]
    .filter(Boolean)
    .join(' ');
}
