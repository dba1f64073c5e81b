import { labelFlag, labelName } from './countries.js';
import { createTurns } from '../engine/turns.js';
import { namesAlike, plainLetters, unpackNames } from './endings.js';
import { h, resize, setAttribute, setText } from '../page/dom.js';
import { formatHash } from '../page/url.js';

const AT_ONCE = 400; // names that are unpacked: a few milliseconds

/**
 * Names of the lists that end like the one that is typed, with their countries: links that ask about
 * them. The names come in a script of their own, after the first answer.
 */
export function createAlike() {
  const title = h('h2', { id: 'alike-title' });
  const list = h('ul', { 'aria-labelledby': 'alike-title' });
  const none = h('p', { class: 'lead' });
  const element = h(
    'section',
    { class: 'alike', 'aria-labelledby': 'alike-title' },
    title,
    h('div', { class: 'alike-place' }, list, none),
  );

  let names = null;
  let wanted = false;
  let latest;
  let drawn = {};
  let due = false;

  async function load() {
    wanted = true;
    const script = await import('virtual:name-endings').catch(() => null);
    wanted = script !== null;
    if (!script) return; // the next answer asks again
    names = await readAll(unpackNames(script.packed, script.labels));
    show();
  }

  /** After the answer itself, which does not wait for this. */
  function showSoon() {
    if (due) return;
    due = true;
    setTimeout(show);
  }

  function show() {
    due = false;
    const { state, language } = latest;
    const { answer, flags } = state;
    const { t } = language;
    if (drawn.answer === answer && drawn.flags === flags && drawn.language === language) return;
    if (!names) return;
    drawn = { answer, flags, language };
    const text = answer?.letters ? answer.text.slice(answer.read.start, answer.read.end) : '';
    const found = text ? namesAlike(names, text, answer.ranking) : [];
    resize(list, found.length, createItem);
    found.forEach((entry, i) => draw(list.children[i], entry, language));
    list.hidden = found.length === 0;
    setText(none, text && !found.length ? t('alike.none') : '');
  }

  return {
    element,
    render(state, language) {
      latest = { state, language };
      element.hidden = state.list !== 'world';
      setText(title, language.t('alike.title'));
      showSoon();
      if (state.answer && !wanted) load();
    },
  };
}

/** A little at a time, as there are thousands. */
async function readAll(listed) {
  const turns = createTurns();
  const names = [];
  for (const entry of listed) {
    names.push({ ...entry, letters: plainLetters(entry.name) });
    if (names.length % AT_ONCE === 0) await turns.next();
  }
  return names;
}

function createItem() {
  return h(
    'li',
    {},
    h('img', { class: 'flag', alt: '', width: 21, height: 14 }),
    h('a', {}, h('span'), h('b')),
    h('small'),
  );
}

function draw(item, { name, labels, ending }, language) {
  const [flag, link, countries] = item.children;
  const shared = name.length - ending;
  setAttribute(flag, 'src', labelFlag(labels[0]) || null);
  setAttribute(link, 'href', formatHash({ view: 'names', text: name }));
  setText(link.firstChild, name.slice(0, shared));
  setText(link.lastChild, name.slice(shared));
  setText(countries, language.and(labels.map((label) => labelName(label, language))));
}
