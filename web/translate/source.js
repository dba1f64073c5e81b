import { h, setAttribute, setText, setVariable } from '../page/dom.js';
import { formatHash } from '../page/url.js';
import { currentAnswer, lightsOf, wordsLike } from './answer.js';

/** What shows off, by the string that names it; the tutorial's translator knows other words. */
const EXAMPLES = {
  main: {
    agreement: 'She is happy, and he is happy too.',
    tenses: 'I was sleeping when you called. I will call you tomorrow.',
    idiom: 'Better late than never.',
    question: 'Where is the train station?',
    capitals: 'THIS IS VERY IMPORTANT.',
    link: 'Visit https://example.com for more.',
    emoji: 'See you tomorrow! 😀',
    price: 'It costs $1,299.99. The shop opens at 3:45 p.m.',
    unseen: 'Wanda Ellingsby lives in Paris.',
    paragraph:
      'My sister lives in a small house near the sea. Every morning, she opens the window and listens to the birds. Then she makes coffee, feeds the cat and reads the newspaper. She says that she is never bored.\n\nShe has never been to the city. “Why should I go?” she says. “I have everything I need here. The shops are too big, the streets are too noisy, and nobody has the time to talk to you.”',
  },
  tutorial: {
    agreement: 'she is older than him',
    tenses: 'i am going home',
    idiom: 'she is as busy as a bee',
    unseen: 'he is afraid of zorblax',
  },
};

const CARET_KEYS = /^(?:Arrow|Home|End|Page)/;

/**
 * The English side: a field, and behind it the same text in words, which light up. A word is looked at
 * that has the pointer over it or that the caret was moved into.
 */
export function createSource({ change, look, move }) {
  const label = h('label', { for: 'english' });
  const mirror = h('div', { class: 'mirror', dir: 'auto', 'aria-hidden': 'true' });
  const field = h('textarea', {
    id: 'english',
    lang: 'en',
    dir: 'auto',
    rows: 1,
    autocomplete: 'off',
    autocapitalize: 'sentences',
    autocorrect: 'off',
    spellcheck: 'false',
    'aria-describedby': 'english-hint',
  });
  const hint = h('p', { class: 'hidden-visually', id: 'english-hint' });
  const clear = h('button', {
    type: 'button',
    class: 'link',
    onclick() {
      change({ text: '', caret: 0 });
      field.focus();
    },
  });
  const lead = h('span');
  const examples = h('p', { class: 'examples' }, lead);
  const element = h(
    'div',
    { class: 'pair-source' },
    h('div', { class: 'section-head' }, h('h1', {}, label), clear),
    h('div', { class: 'paper' }, mirror, field),
    hint,
  );

  field.addEventListener('input', () => change({ text: field.value, caret: field.selectionStart }));
  field.addEventListener('compositionstart', () => change({ composing: true }));
  field.addEventListener('compositionend', () => change({ composing: false, text: field.value }));
  field.addEventListener('keyup', ({ key }) => {
    if (CARET_KEYS.test(key)) moveTo(field.selectionStart);
  });
  field.addEventListener('pointerup', () => moveTo(field.selectionStart));
  field.addEventListener('blur', () => look(null));
  field.addEventListener('pointermove', ({ pointerType, clientX, clientY }) => {
    if (pointerType !== 'touch') look(wordUnder(clientX, clientY));
  });
  field.addEventListener('pointerleave', () => look(null));

  /** @type {{ answer: object | null, text: string, words: { element, sentence, word, start, end }[] }} */
  let drawn = { answer: null, text: null, words: [] };
  let listed = {};
  let looked;

  const lookAt = (found) =>
    found ? { sentence: found.sentence, side: 'source', word: found.word } : null;

  function moveTo(caret) {
    move(caret, lookAt(drawn.words.find(({ start, end }) => start <= caret && caret <= end)));
  }

  /** The field lies over the words, so they are looked for through it. */
  function wordUnder(x, y) {
    const under = new Set(document.elementsFromPoint(x, y));
    return lookAt(drawn.words.find((word) => under.has(word.element)));
  }

  function draw(text, answer) {
    const words = answer ? placedWords(answer) : [];
    const nodes = [];
    let at = 0;
    for (const word of words) {
      const kind = word.copied ? 'word is-copied' : 'word';
      word.element = h('span', { class: kind }, text.slice(word.start, word.end));
      nodes.push(text.slice(at, word.start), word.element);
      at = word.end;
    }
    // A line end at the very end takes no room by itself.
    mirror.replaceChildren(...nodes, `${text.slice(at)}\u200B`);
    drawn = { answer, text, words };
  }

  return {
    element,
    examples,
    focus: () => field.focus({ preventScroll: true }),
    render({ translation }, { t, locale }) {
      const { text, composing, model, look: looking, picked } = translation;
      const answer = currentAnswer(translation);
      setText(label, t('translate.english'));
      setText(hint, t('translate.hint'));
      setText(clear, t('translate.clear'));
      clear.hidden = !text;
      setAttribute(field, 'placeholder', t('translate.placeholder'));
      if (!composing && field.value !== text) field.value = text;

      if (listed.model !== model || listed.locale !== locale) {
        const links = Object.entries(EXAMPLES[model]).map(([name, example]) =>
          h(
            'a',
            { href: formatHash({ view: 'translate', text: example, model }), title: example },
            t(`translate.example.${name}`),
          ),
        );
        setText(lead, t('input.try'));
        examples.replaceChildren(lead, ...links.flatMap((link) => [' ', link]));
        listed = { model, locale };
      }

      if (drawn.text !== text || drawn.answer !== answer) {
        draw(text, answer);
        looked = null;
      }
      if (looked === looking) return;
      const lights =
        looking && answer && !picked[looking.sentence]
          ? lightsOf(answer.sentences[looking.sentence], looking).source
          : null;
      for (const { element: word, sentence, word: at } of drawn.words)
        setVariable(word, '--light', lights && sentence === looking.sentence ? lights[at] : 0);
      looked = looking;
    },
  };
}

/**
 * The words of all sentences, by where they are in the text. The engine tidies a sentence (apostrophes,
 * spaces) before it cuts it, so words are matched by their number.
 */
function placedWords({ text, sentences }) {
  return sentences.flatMap((sentence, index) => {
    const { start, end, sources } = sentence;
    const words = wordsLike(text.slice(start, end), 'en', sentence);
    if (words.length !== sources.length) return [];
    return words.map((word, i) => ({
      sentence: index,
      word: i,
      copied: sources[i].copied,
      start: start + word.start,
      end: start + word.end,
    }));
  });
}
