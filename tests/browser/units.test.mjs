import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { GROUPS, PLACES, flagCode, homesOf, regionOf, sharesOf } from '../../web/names/places.js';
import { namesAlike, packNames, plainLetters, unpackNames } from '../../web/names/endings.js';
import { suggestionsOf } from '../../web/names/suggestions.js';
import { guessColumn } from '../../web/engine/table.js';
import { createClient, latestOnly, newestOnly } from '../../web/engine/client.js';
import { LoadError, fetchFile } from '../../web/engine/fetch.js';
import { createStopwatch } from '../../web/engine/stopwatch.js';
import { guess, readExamples } from '../../web/engine/examples.js';
import { courseOf, equationsOf } from '../../web/lab/equations.js';
import { createHistory } from '../../web/lab/history.js';
import { orderUnits } from '../../web/lab/order.js';
import { completeSettings, sameNetworks, trainerOptions } from '../../web/lab/settings.js';
import { unusualSettings } from '../../web/lab/settings.js';
import { asUneven } from '../../web/lab/uneven.js';
import labEn from '../../web/i18n/lab/en.js';
import labFr from '../../web/i18n/lab/fr.js';
import labZh from '../../web/i18n/lab/zh.js';
import en from '../../web/i18n/en.js';
import fr from '../../web/i18n/fr.js';
import zh from '../../web/i18n/zh.js';
import { characterAt, everBest, textUntil } from '../../web/names/moment.js';
import { createStore } from '../../web/page/state.js';
import { lightsOf, linkedWith, outputOf, sentenceAt } from '../../web/translate/answer.js';
import { copiedIn, currentAnswer, toSentence } from '../../web/translate/answer.js';
import { unchanged, withConsulted, wordsLike } from '../../web/translate/answer.js';
import { entriesOf, isPhrase } from '../../web/translate/entries.js';
import { SCORES } from '../../web/translate/scores.js';
import { keepNumbers, keepTyped, numbersWanted, typedBefore } from '../../web/translate/typed.js';
import { placesIn, wordsOf } from '../../web/translate/words.js';
import { typicalNames } from '../../web/vite/name-endings.js';
import { worldMap } from '../../web/vite/world-map.js';
import { completed, createAddress, formatHash, linkTo, parseHash } from '../../web/page/url.js';

/* The parts of the page that need no browser. */

test('a link gives back the state that it was made of', () => {
  for (const text of [
    '',
    'Müller',
    'O’Brien',
    'a/b?c=d&e#f%',
    '李 小龙',
    '100%',
    '?cell=rnn',
    'مر',
  ])
    for (const linked of [
      { view: 'names', text, cell: 'lstm' },
      { view: 'names', text, cell: 'rnn', list: 'tutorial', prior: 'data' },
      { view: 'translate', text: `${text}\n\n${text}`, model: 'tutorial' },
      { view: 'lab', text, data: 'world', cells: ['rnn', 'gru'], lr: 0.03, embedding: 0, seed: 7 },
    ])
      assert.deepEqual(parseHash(formatHash(linked)), linked);
  const view = 'names';
  assert.deepEqual(parseHash('#names/Müller?cell=gru'), { view, text: 'Müller', cell: 'gru' });
  assert.deepEqual(parseHash('#names/Müller'), { view, text: 'Müller' });
  assert.deepEqual(parseHash('#names/100%?cell=transformer'), { view, text: '100%' });
  assert.deepEqual(parseHash('#names/A?model=main'), { view, text: 'A' });
  assert.deepEqual(parseHash('#translate'), { view: 'translate' });
  assert.deepEqual(parseHash('#translate/'), { view: 'translate', text: '' });
  assert.equal(parseHash('#translate/a%0D%0Ab').text, 'a\nb');
  assert.equal(parseHash('#elsewhere'), null);
  assert.equal(parseHash('#translated/x'), null);
  assert.equal(parseHash(''), null);
  assert.deepEqual(parseHash(formatHash({ view, text: 'half \uD83D' })), {
    view,
    text: 'half \uFFFD',
  });
});

test('the address follows the typing after a pause, and leaves other entries of the history alone', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const replaced = [];
  const listeners = {};
  Object.assign(globalThis, {
    location: { hash: '#names/A?cell=gru' },
    history: { replaceState: (_, __, hash) => replaced.push((location.hash = hash)) },
    addEventListener: (type, listener) => (listeners[type] = listener),
  });
  const names = ['location', 'history', 'addEventListener'];
  context.after(() => names.forEach((name) => delete globalThis[name]));
  const address = createAddress();
  for (const text of ['Ab', 'Abc', 'Abcd']) address.show(`#names/${text}?cell=gru`);
  context.mock.timers.tick(1000);
  assert.deepEqual(replaced, ['#names/Abcd?cell=gru']);

  address.show('#names/Abcde?cell=gru');
  location.hash = '#names/before'; // back, before the pause is over
  context.mock.timers.tick(1000);
  assert.equal(location.hash, '#names/before');

  address.show('#names/before-a-click');
  listeners.click(); // whose link is followed next
  assert.equal(location.hash, '#names/before-a-click');
  location.hash = '#names/before';

  address.show(`#translate/${'A'.repeat(100_000)}?model=main`); // more than browsers take
  context.mock.timers.tick(1000);
  assert.equal(location.hash, '#translate?model=main', 'no text rather than an older one');
});

/** A promise to settle by hand. */
function defer() {
  const deferred = {};
  deferred.promise = new Promise((resolve, reject) => Object.assign(deferred, { resolve, reject }));
  return deferred;
}

const turns = () => new Promise((resolve) => setTimeout(resolve));

test('an answer is shown only if nothing newer waits, and only the newest waits', async () => {
  const asked = [];
  const shown = [];
  const submit = latestOnly(
    (question) => {
      asked.push({ question, ...defer() });
      return asked.at(-1).promise;
    },
    (question, { reply, error }) => shown.push([question, reply ?? error.message]),
  );
  submit('a');
  submit('ab');
  submit('abc');
  assert.deepEqual(
    asked.map(({ question }) => question),
    ['a'],
  );
  asked[0].resolve('A');
  await turns();
  assert.deepEqual(shown, []);
  assert.deepEqual(
    asked.map(({ question }) => question),
    ['a', 'abc'],
  );
  asked[1].reject(new Error('no'));
  await turns();
  assert.deepEqual(shown, [['abc', 'no']]);
  submit('b');
  submit(null); // forgotten
  asked[2].resolve('B');
  await turns();
  assert.equal(shown.length, 1);
  submit('c');
  asked[3].resolve('C');
  await turns();
  assert.deepEqual(shown.at(-1), ['c', 'C']);
});

test('a newer question gives the older up at once', async () => {
  const asked = [];
  const shown = [];
  const submit = newestOnly(
    (question, signal) => {
      asked.push({ question, signal, ...defer() });
      return asked.at(-1).promise;
    },
    (question, { reply, error }) => shown.push([question, reply ?? error.message]),
  );
  submit('a');
  submit('ab');
  assert.deepEqual(
    asked.map(({ question, signal }) => [question, signal.aborted]),
    [
      ['a', true],
      ['ab', false],
    ],
  );
  asked[0].resolve('A'); // late
  asked[1].resolve('AB');
  await turns();
  assert.deepEqual(shown, [['ab', 'AB']]);
  submit('c');
  submit(null);
  assert.ok(asked[2].signal.aborted);
  asked[2].reject(new Error('aborted'));
  submit('d');
  asked[3].reject(new Error('no'));
  await turns();
  assert.deepEqual(shown.slice(1), [['d', 'no']]);
});

test('replies of the worker find their call, in any order; a broken worker fails all', async () => {
  const worker = new EventTarget();
  const sent = [];
  worker.postMessage = (message) => sent.push(message);
  const { call } = createClient(worker);
  const [first, second, third] = [call('x', 1), call('y', 2), call('z')];
  const reply = (data) => worker.dispatchEvent(Object.assign(new Event('message'), { data }));
  reply({ id: sent[1].id, result: 'two' });
  reply({ id: sent[0].id, error: 'one failed' });
  assert.equal(await second, 'two');
  await assert.rejects(first, /^Error: one failed$/);
  worker.dispatchEvent(Object.assign(new Event('error'), { message: 'gone' }));
  await assert.rejects(third, /gone/);
  await assert.rejects(call('again'), /gone/);
});

test('a call reports parts, and tells the worker when it is given up', async () => {
  const worker = new EventTarget();
  const sent = [];
  worker.postMessage = (message) => sent.push(message);
  const { call } = createClient(worker);
  const reply = (data) => worker.dispatchEvent(Object.assign(new Event('message'), { data }));
  const parts = [];
  const controller = new AbortController();
  const { signal } = controller;
  const whole = call('x', 1, [], { signal, onPart: (part) => parts.push(part) });
  const { id } = sent[0];
  reply({ id, part: 'Je' });
  reply({ id, part: 'Je suis' });
  assert.deepEqual(parts, ['Je', 'Je suis']);
  controller.abort();
  await assert.rejects(whole, { name: 'AbortError' });
  assert.deepEqual(sent.at(-1), { abort: id });
  reply({ id, part: 'late' });
  reply({ id, result: 'late' });
  assert.equal(parts.length, 2);
  const silent = call('z'); // of which nobody wants the parts
  reply({ id: sent.at(-1).id, part: 'Je' });
  reply({ id: sent.at(-1).id, result: 'Je suis' });
  assert.equal(await silent, 'Je suis');
  await assert.rejects(call('y', 1, [], { signal }), { name: 'AbortError' });
  assert.equal(sent.length, 3, 'what is given up already is not sent');
});

test('a file is taken only whole and unchanged', async (context) => {
  const bytes = Buffer.from('recur '.repeat(5000));
  const sha256 = Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex');
  const file = { url: 'http://example.invalid/file', bytes: bytes.length, sha256 };
  const served = (answer) => context.mock.method(globalThis, 'fetch', async () => answer());
  const kindOf = (promise) =>
    promise.then(
      () => 'taken',
      (error) => (assert.ok(error instanceof LoadError), error.kind),
    );

  const progress = [];
  served(() => new Response(bytes));
  assert.deepEqual(
    Buffer.from(await fetchFile(file, { progress: (n) => progress.push(n) })),
    bytes,
  );
  assert.equal(progress.at(-1), bytes.length);

  served(() => new Response(bytes.subarray(1)));
  assert.equal(await kindOf(fetchFile(file)), 'corrupt');
  served(() => new Response(Buffer.concat([bytes, Buffer.alloc(1)])));
  assert.equal(await kindOf(fetchFile(file)), 'corrupt');
  const flipped = Buffer.from(bytes);
  flipped[777] ^= 1;
  served(() => new Response(flipped));
  assert.equal(await kindOf(fetchFile(file)), 'corrupt');
  served(() => new Response('', { status: 404 }));
  assert.equal(await kindOf(fetchFile(file)), 'missing');
  served(() => {
    throw new TypeError('Failed to fetch');
  });
  assert.equal(await kindOf(fetchFile(file)), 'network');
});

test('the typical time leaves the extremes away and forgets the old', () => {
  const watch = createStopwatch();
  assert.deepEqual(watch.add(90), { milliseconds: 90, count: 1 }); // compiling: forgotten
  assert.deepEqual(watch.add(2), { milliseconds: 2, count: 1 });
  for (const time of [0, 0, 1]) watch.add(time);
  assert.deepEqual(watch.add(100), { milliseconds: 1, count: 5 }); // 0 [0 1 2] 100
  for (let i = 0; i < 50; i++) watch.add(7);
  assert.deepEqual(watch.add(7), { milliseconds: 7, count: 50 });
});

test('a store tells its views once a turn', async () => {
  const store = createStore({ a: 1, b: 1 });
  const seen = [];
  store.subscribe(({ a, b }) => seen.push([a, b]));
  store.set({ a: 2 });
  store.set({ b: 2 });
  assert.deepEqual(store.state, { a: 2, b: 2 });
  await turns();
  assert.deepEqual(seen, [
    [1, 1],
    [2, 2],
  ]);
});

test('a step knows the character behind it', () => {
  // "ß" became two letters, and the mark after "u" belongs to it.
  const text = 'Gu\u0308ß a';
  const indices = [0, 1, 3, 3, 4, 5];
  const answer = { text, steps: indices.map((index) => ({ index })) };
  const characters = indices.map((_, step) => characterAt(answer, step));
  assert.deepEqual(characters, ['G', 'u\u0308', 'ß', 'ß', '␣', 'a']);
  assert.equal(textUntil(answer, 1), 'Gu\u0308');
  assert.equal(textUntil(answer, 2), 'Gu\u0308ß');
  assert.equal(textUntil(answer, 5), text);
});

test('words: apostrophes, hyphens and numbers within, French elisions apart', () => {
  const words = (text, language) => wordsOf(text, language).map((word) => word.text);
  assert.deepEqual(words('Don’t go, Mr. O’Brien: it’s 3.5 miles!', 'en'), [
    ...['Don’t', 'go', ',', 'Mr', '.', 'O’Brien', ':', 'it’s', '3.5', 'miles', '!'],
  ]);
  assert.deepEqual(words('J’aime qu’il l’ait vu aujourd’hui, peut-être\u202F?', 'fr'), [
    ...['J’', 'aime', 'qu’', 'il', 'l’', 'ait', 'vu', 'aujourd’hui', ',', 'peut-être', '?'],
  ]);
  for (const { text, start, end } of wordsOf('Où e\u0301tait-ce\u202F? 🎉', 'fr'))
    assert.equal('Où e\u0301tait-ce\u202F? 🎉'.slice(start, end), text);
  assert.deepEqual(words('  \n', 'fr'), []);
});

const ranges = (text, pieces) => {
  let at = 0;
  return pieces.map((piece) => {
    const start = at;
    at += piece.length;
    assert.equal(text.slice(start, at), piece);
    return { text: piece, start, end: at };
  });
};

/** "I’m happy", of which the last token is its end. */
const happy = () =>
  toSentence(
    {
      start: 2,
      end: 11,
      source: 'I’m happy',
      text: 'J’ai joie',
      score: -0.5,
      alternatives: [
        { text: 'J’ai joie', score: -0.6 }, // other tokens, the same text
        { text: 'Je ris', score: -0.7 },
        { text: 'Je ris', score: -0.8 },
      ],
      sourceTokens: ranges('I’m happy', ['I', '’m', ' hap', 'py', '']),
      targetTokens: ranges('J’ai joie', ['J’', 'ai', ' jo', 'ie']),
      attention: Float32Array.from([
        ...[0.5, 0.25, 0.25, 0, 0],
        ...[0, 0.5, 0.25, 0, 0.25],
        ...[0, 0, 0.5, 0.5, 0],
        ...[0, 0.25, 0.25, 0, 0.5],
      ]),
      truncated: false,
      unknown: [],
    },
    100,
  );

test('attention of subwords becomes attention of words', () => {
  const { start, end, sources, targets, links, alternatives } = happy();
  assert.deepEqual([start, end], [102, 111]);
  const texts = (words) => words.map(({ text }) => text);
  assert.deepEqual(texts(sources), ['I’m', 'happy']);
  assert.deepEqual(texts(targets), ['J’', 'ai', 'joie']);
  assert.deepEqual([...links], [0.75, 0.25, 0.5, 0.25, 0.125, 0.625]);
  assert.deepEqual(texts(alternatives), ['Je ris']);
});

test('a word lights those that it looked at, or that looked at it', () => {
  const sentence = happy();
  assert.deepEqual(lightsOf(sentence, { side: 'target', word: 2 }), {
    source: [0.125, 0.625],
    target: [0, 0, 1],
  });
  assert.deepEqual(lightsOf(sentence, { side: 'source', word: 0 }), {
    source: [1, 0],
    target: [0.75, 0.5, 0.125],
  });
  assert.deepEqual(linkedWith(sentence, { side: 'target', word: 2 }), [
    { text: 'happy', share: 0.625 },
    { text: 'I’m', share: 0.125 },
  ]);
});

/** Ranges of pieces that a text has in this order. */
const places = (text, pieces) => placesIn(text, pieces).map(({ start, end }) => ({ start, end }));

test('words: what was copied is one word, whatever it is made of', () => {
  const words = (text, language, pieces) =>
    wordsOf(text, language, placesIn(text, pieces)).map(({ text: word, copied }) =>
      copied === undefined ? word : [word, copied],
    );
  assert.deepEqual(
    words('See (https://a.b/c?d=1) by 3:45 p.m.!', 'en', ['https://a.b/c?d=1', '3:45 p.m.']),
    [...['See', '(', ['https://a.b/c?d=1', 0], ')', 'by', ['3:45 p.m.', 1], '!']],
  );
  // Beside letters, an elision, and one another.
  assert.deepEqual(words('d’Amazon x{name}y 👍🏽👍', 'fr', ['Amazon', '{name}', '👍🏽', '👍']), [
    ...['d’', ['Amazon', 0], 'x', ['{name}', 1], 'y', ['👍🏽', 2], ['👍', 3]],
  ]);
  assert.deepEqual(words('1 299,99 $', 'fr', ['1 299,99 $']), [['1 299,99 $', 0]]);
  assert.deepEqual(words('', 'fr', ['x']), []);
  const text = 'Call 5 of 15, @ann!';
  for (const { text: word, start, end } of wordsOf(text, 'en', placesIn(text, ['15', '@ann'])))
    assert.equal(text.slice(start, end), word);
});

test('pieces are found in their order, else anywhere, never within a word or a number', () => {
  assert.deepEqual(places('In 2015 and 5', ['5']), [{ start: 12, end: 13 }]);
  assert.deepEqual(places('Ann or Annabel or Ann', ['Ann', 'Ann']), [
    { start: 0, end: 3 },
    { start: 18, end: 21 },
  ]);
  assert.deepEqual(places('one', ['two', 'one', '']), [{ start: 0, end: 3 }]);
  assert.deepEqual(
    placesIn('b a a b', ['a', 'b', 'a', 'b', 'b']).map(({ start, index }) => [start, index]),
    [
      [0, 3],
      [2, 0],
      [4, 2],
      [6, 1],
    ],
    'each once',
  );
});

/** "It’s $1,299 at https://a.b" with both copied, the price set as French does and first. */
const priced = (options = {}) => {
  const source = 'It’s $1,299 at https://a.b';
  const text = 'À https://a.b, c’est 1 299 $';
  const token = (whole, piece) => {
    const start = whole.indexOf(piece);
    return { text: piece, start, end: start + piece.length };
  };
  const spans = [
    { source: token(source, '$1,299'), target: token(text, '1 299 $') },
    { source: token(source, 'https://a.b'), target: token(text, 'https://a.b') },
  ];
  return toSentence(
    {
      ...{ start: 0, end: source.length, source, text, score: -1, alternatives: [] },
      ...{ sourceTokens: [], targetTokens: [], truncated: false, unknown: [], spans },
      ...options,
    },
    0,
  );
};

test('words that were copied are told, and whether French set them', () => {
  const sentence = priced();
  const marked = (words) =>
    words.filter(({ copied }) => copied).map(({ text, copied }) => [text, copied]);
  assert.deepEqual(marked(sentence.sources), [
    ['$1,299', 'set'],
    ['https://a.b', 'as-is'],
  ]);
  assert.deepEqual(marked(sentence.targets), [
    ['https://a.b', 'as-is'],
    ['1 299 $', 'set'],
  ]);
  assert.deepEqual(copiedIn(sentence), ['https://a.b', '1 299 $']);
  // The same in the text as it was typed, and in an alternative.
  assert.deepEqual(
    marked(wordsLike("It's   $1,299 at https://a.b", 'en', sentence)),
    marked(sentence.sources),
  );
  assert.deepEqual(marked(wordsLike('Ça coûte 1 299 $ ici', 'fr', sentence)), [['1 299 $', 'set']]);
});

test('a sentence that is copied whole is copied word for word', () => {
  const source = 'Wanda Ellingsby';
  const whole = priced({ source, text: source, spans: [], copied: true });
  assert.deepEqual(copiedIn(whole), ['Wanda', 'Ellingsby']);
  assert.ok(whole.sources.every(({ copied }) => copied === 'as-is'));
});

test('an engine that tells of nothing copied is taken as it is', () => {
  assert.deepEqual(copiedIn(happy()), []);
  assert.deepEqual(happy().spans, []);
});

test('an answer is current for its text and its numbers alone', () => {
  const answer = { text: 'a', numbers: 'french' };
  const state = { text: 'a', numbers: 'french', model: 'main', answers: { main: answer } };
  assert.equal(currentAnswer(state), answer);
  assert.equal(currentAnswer({ ...state, text: 'b' }), null);
  assert.equal(currentAnswer({ ...state, numbers: 'as-is' }), null);
  assert.equal(currentAnswer({ ...state, model: 'tutorial' }), null);
});

test('a dictionary: a phrase’s translations once each, with shares, likeliest first', () => {
  const word = { source: 'bank', text: 'banque', score: -0.5, sources: wordsOf('bank', 'en') };
  const alternatives = [
    { text: 'Banque.', score: -0.5 }, // the same but for how it is written
    { text: 'rive', score: -1.5 },
  ];
  const found = withConsulted(
    { ...word, alternatives },
    {
      text: 'la banque',
      score: -0.4,
      alternatives: [
        { text: '', score: -0.1 }, // says nothing
        { text: 'rive', score: -1.5 },
        { text: 'berge', score: -2.5 },
      ],
    },
  );
  assert.equal(found.consulted, true);
  assert.deepEqual(
    found.alternatives.map(({ text }) => text),
    ['Banque.', 'rive', 'la banque', 'berge'],
    'what had a place keeps it',
  );
  const entries = entriesOf(found);
  assert.deepEqual(
    entries.map(({ text, place }) => [text, place]),
    [
      ['banque', 0],
      ['la banque', 3],
      ['rive', 2],
      ['berge', 4],
    ],
  );
  const sum = 2 * Math.exp(-0.5) + Math.exp(-0.4) + Math.exp(-1.5) + Math.exp(-2.5);
  assert.ok(Math.abs(entries[0].share - (2 * Math.exp(-0.5)) / sum) < 1e-12);
  assert.ok(Math.abs(entries.reduce((all, { share }) => all + share, 0) - 1) < 1e-12);
  // The one that stands above leads, even if a wider search found better; a sentence's differ by a dot.
  const sentence = { ...word, sources: wordsOf('We went to the bank', 'en'), alternatives };
  assert.equal(entriesOf(sentence).length, 3);
  const many = Array.from({ length: 20 }, (_, i) => ({ text: `${i}`, score: -i }));
  assert.equal(entriesOf({ ...word, alternatives: many }).length, 8);
});

test('a phrase is one word to three', () => {
  const phrase = (text) => isPhrase({ sources: wordsOf(text, 'en') });
  assert.deepEqual(['', '…', 'cat', 'next door!', 'of the day', 'it is a cat'].map(phrase), [
    false,
    false,
    true,
    true,
    true,
    false,
  ]);
});

test('what was typed and how numbers are wanted are kept, where that is allowed', (context) => {
  const storage = () => {
    const kept = new Map();
    return {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => kept.set(key, value),
    };
  };
  const names = ['sessionStorage', 'localStorage'];
  const before = names.map((name) => Object.getOwnPropertyDescriptor(globalThis, name));
  const define = (value) =>
    names.forEach((name) =>
      Object.defineProperty(globalThis, name, { value: value(), configurable: true }),
    );
  context.after(() =>
    names.forEach((name, i) =>
      before[i] ? Object.defineProperty(globalThis, name, before[i]) : delete globalThis[name],
    ),
  );
  define(storage);
  assert.deepEqual(typedBefore(), {});
  assert.equal(numbersWanted(), 'french');
  keepTyped({ text: 'a\nb', model: 'tutorial', other: 1 });
  keepNumbers('as-is');
  assert.deepEqual(typedBefore(), { text: 'a\nb', model: 'tutorial' });
  assert.equal(numbersWanted(), 'as-is');
  keepTyped({ text: '', model: 'main' });
  assert.deepEqual(typedBefore(), { text: '', model: 'main' });
  for (const odd of ['', '{', 'null', '[]', '{"text":1,"model":"other"}']) {
    sessionStorage.setItem('recur.english', odd);
    assert.deepEqual(typedBefore(), {}, odd);
  }
  localStorage.setItem('recur.numbers', 'roman');
  assert.equal(numbersWanted(), 'french');
  define(() => undefined); // as where it is forbidden
  keepTyped({ text: 'a', model: 'main' });
  keepNumbers('as-is');
  assert.deepEqual(typedBefore(), {});
  assert.equal(numbersWanted(), 'french');
});

test('every kind of text that is scored has its name in every language', () => {
  for (const strings of [en, fr, zh])
    for (const name of Object.keys(SCORES))
      assert.equal(typeof strings[`about.domain.${name}`], 'string');
  for (const { bleu } of Object.values(SCORES))
    assert.ok(bleu === null || (bleu > 0 && bleu < 100));
});

/** An answer that writes every sentence in capitals. */
function shouted(text) {
  const sentences = Array.from(text.matchAll(/[^\s.][^.\n]*\.?/g), ({ 0: source, index }) => ({
    start: index,
    end: index + source.length,
    source,
    text: source.toUpperCase(),
    alternatives: [{ text: `(${source})` }],
  }));
  return { text, sentences };
}

test('paragraphs come back as paragraphs, with what was picked', () => {
  const answer = shouted(' One. Two.\n\nThree.\n');
  assert.equal(outputOf(answer, {}), ' ONE. TWO.\n\nTHREE.');
  assert.equal(outputOf(answer, { 1: 1 }), ' ONE. (Two.)\n\nTHREE.');
  assert.deepEqual(
    [0, 3, 6, 11, 14, 99].map((place) => sentenceAt(answer, place)),
    [0, 0, 1, 1, 2, 2],
  );
});

test('only lines that changed are translated again, and the whole is the same', () => {
  const text = 'One. Two.\nThree.\n\nFour. Five.\nSix.';
  const from = (before, after) => {
    const { head, tail, from: start, until } = unchanged(before && shouted(before), after);
    const middle = shouted(after.slice(start, until)).sentences.map((sentence) => ({
      ...sentence,
      start: sentence.start + start,
      end: sentence.end + start,
    }));
    assert.deepEqual([...head, ...middle, ...tail], shouted(after).sentences);
    return after.slice(start, until);
  };
  assert.equal(from(null, text), text);
  assert.equal(from(text, `${text} Seven.`), 'Six. Seven.');
  assert.equal(from(text, `${text}\nSeven.`), 'Six.\nSeven.');
  assert.equal(from(text, text.replace('Three', 'Thirty')), 'Thirty.');
  assert.equal(from(text, text.replace('One', 'No')), 'No. Two.');
  assert.equal(from(text, text.replace('.\nT', '.T')), 'One. Two.Three.');
  assert.equal(from(text, text.replace('\n\nFour', '\n\nYes.\nFour')), 'Yes.\nFour. Five.');
  assert.equal(from(text, ''), '');
  assert.equal(from('x', '\nx'), '\nx');
  // Every single edit gives what translating the whole would.
  for (let at = 0; at <= text.length; at++)
    for (const insert of ['', '.', 'x', '\n', ' Yes. ', '\nYes.\n'])
      for (const cut of [0, 1, 7]) from(text, text.slice(0, at) + insert + text.slice(at + cut));
});

/** The labels of the world's classifiers. */
const WORLD = (
  'Afghanistan,Albania,Algeria,Angola,Armenia,Azerbaijan,Bangladesh,Belarus,Brazil,Bulgaria,Cambodia,' +
  'Cameroon,China,Croatia,Czechia,DR Congo,Denmark,Egypt,England,Estonia,Ethiopia,Finland,France,' +
  'Georgia,Germany,Ghana,Greece,Haiti,Hong Kong,Hungary,Iceland,India,Indonesia,Iran,Iraq,Ireland,' +
  'Israel,Italy,Ivory Coast,Japan,Kazakhstan,Kenya,Korea,Laos,Latvia,Lebanon,Lithuania,Madagascar,' +
  'Malaysia,Mali,Mexico,Mongolia,Morocco,Myanmar,Nepal,Netherlands,New Zealand,Nigeria,Norway,' +
  'Pakistan,Philippines,Poland,Portugal,Romania,Russia,Rwanda,Samoa,Saudi Arabia,Scotland,Senegal,' +
  'Serbia,Slovakia,Slovenia,Somalia,South Africa,Spain,Sri Lanka,Sweden,Syria,Taiwan,Tanzania,' +
  'Thailand,Tonga,Tunisia,Turkey,Uganda,Ukraine,Uzbekistan,Vietnam,Wales,Zimbabwe'
).split(',');

test('every country of the world has its code, its flag and a name in every language', () => {
  assert.equal(WORLD.length, 91);
  const flags = join(
    dirname(createRequire(import.meta.url).resolve('country-flag-icons/package.json')),
    '3x2',
  );
  for (const label of WORLD) {
    const { key, regions } = PLACES[label];
    assert.ok(existsSync(join(flags, `${flagCode(label)}.svg`)), label);
    for (const [tag, strings] of Object.entries({ en, fr, 'zh-Hans': zh })) {
      const names = new Intl.DisplayNames(tag, { type: 'region', fallback: 'none' });
      for (const code of regions) assert.ok(names.of(code), `${label} ${code}`);
      if (key) assert.equal(typeof strings[`label.${key}`], 'string');
    }
  }
  for (const { key, labels } of GROUPS) {
    for (const label of labels) assert.ok(WORLD.includes(label), label);
    for (const strings of [en, fr, zh])
      if (key) assert.equal(typeof strings[`label.${key}`], 'string', key);
  }
});

test('a name of several neighbours has a region, the smallest that reaches a half', () => {
  const ranking = (shares) =>
    Object.entries(shares).map(([label, probability]) => ({ label, probability }));
  const { key, labels, probability } = regionOf(
    ranking({ Norway: 0.4, Denmark: 0.3, Sweden: 0.22, Finland: 0.08 }),
  );
  assert.deepEqual([key, labels], ['scandinavia', ['Norway', 'Denmark', 'Sweden']]);
  assert.ok(Math.abs(probability - 0.92) < 1e-12);
  assert.deepEqual(regionOf(ranking({ Slovakia: 0.4, Czechia: 0.35, Poland: 0.25 })).labels, [
    'Slovakia',
    'Czechia',
  ]);
  assert.equal(regionOf(ranking({ Norway: 0.5, Denmark: 0.5 })), null, 'one country says it');
  assert.equal(regionOf(ranking({ Norway: 0.4, Kenya: 0.3, Japan: 0.3 })), null);
  assert.equal(regionOf(ranking({ German: 0.4, Dutch: 0.4 })), null, 'the tutorial has none');
  assert.equal(regionOf([]), null);
});

test('what a link leaves open is the world under equal chances, where the page has it', () => {
  const weights = { world: { gru: {} }, tutorial: { rnn: {}, lstm: {}, gru: {} } };
  const without = { ...weights, world: {} };
  const prior = 'equal';
  assert.deepEqual(completed({}, weights), { cell: 'gru', list: 'world', prior }); // it is alone
  const balanced = { list: 'tutorial', prior: 'balanced' };
  assert.deepEqual(completed({}, without), { cell: 'all', ...balanced });
  assert.deepEqual(completed({ cell: 'all' }, weights), { cell: 'gru', list: 'world', prior });
  assert.deepEqual(completed({ cell: 'rnn' }, weights), { cell: 'rnn', ...balanced });
  assert.deepEqual(completed({ cell: 'rnn', list: 'world' }, weights), {
    ...{ cell: 'gru', list: 'world', prior },
  });
  assert.equal(completed({ list: 'world' }, without).list, 'tutorial');
  assert.equal(completed({ prior: 'data' }, weights).prior, 'data');

  const link = (chosen, there = weights) =>
    linkTo('names', { text: 'A', weights: there, ...chosen });
  assert.equal(link({ cell: 'gru', list: 'world', prior }), '#names/A?cell=gru');
  assert.equal(link({ cell: 'gru', ...balanced }, without), '#names/A?cell=gru');
  assert.equal(link({ cell: 'gru', ...balanced }), '#names/A?cell=gru&list=tutorial');
  assert.equal(link({ cell: 'all', ...balanced }), '#names/A?list=tutorial');
  assert.equal(link({ cell: 'all', ...balanced }, without), '#names/A');
  assert.equal(
    link({ cell: 'gru', list: 'tutorial', prior }),
    '#names/A?cell=gru&list=tutorial&prior=equal',
  );
  assert.equal(
    link({ cell: 'gru', list: 'tutorial', prior: 'data' }),
    '#names/A?cell=gru&list=tutorial&prior=data',
  );
});

test('the table of a long list has what was ever among the best', () => {
  const steps = [{ probabilities: [0.5, 0.3, 0.2, 0] }, { probabilities: [0, 0.1, 0.2, 0.7] }];
  assert.deepEqual(everBest(steps, ['a', 'b', 'c', 'd'], 1), ['a', 'd']);
  assert.deepEqual(everBest(steps, ['a', 'b', 'c', 'd'], 2).sort(), ['a', 'b', 'c', 'd']);
});

test('suggestions: likely labels first, their countries by share, no more than fit', () => {
  const places = { German: ['DE', 'AT', 'CH'], Italian: ['IT', 'CH'], Korean: ['KR'] };
  const ranking = [
    { label: 'German', probability: 0.6 },
    { label: 'Italian', probability: 0.36 },
    { label: 'Korean', probability: 0.01 },
    { label: 'Klingon', probability: 0.03 },
  ];
  // DE 0.6, IT 0.36, CH 0.6/4 + 0.36/2 = 0.33, AT 0.3; KR is below 0.02
  assert.deepEqual(suggestionsOf(ranking, places), ['DE', 'IT', 'CH', 'AT']);
  assert.deepEqual(suggestionsOf([], places), []);
});

test('every language has every string, with the same parameters', () => {
  const shape = (strings) =>
    Object.entries(strings)
      .map(([key, value]) => `${key}: ${typeof value}`)
      .sort();
  assert.deepEqual(shape(fr), shape(en));
  assert.deepEqual(shape(zh), shape(en));
  assert.deepEqual(shape(labFr), shape(labEn));
  assert.deepEqual(shape(labZh), shape(labEn));
});

test('settings: a link says what is unusual, and what it says wrongly counts for nothing', () => {
  const usual = completeSettings({});
  assert.deepEqual(unusualSettings(usual), {});
  const asked = { recipe: 'tutorial', cells: ['gru'], hidden: 48, lr: 0.01 };
  const settings = completeSettings(asked);
  assert.deepEqual([settings.batch, settings.optimizer, settings.data], [1, 'sgd', 'uneven']);
  assert.deepEqual(unusualSettings(settings), asked);
  assert.deepEqual(parseHash('#lab?hidden=7.5&lr=9&cells=tcn&data=x&seed=-1&batch='), {
    view: 'lab',
  });
  assert.ok(sameNetworks(usual, { ...usual, lr: 1, batch: 2 }));
  assert.ok(!sameNetworks(usual, { ...usual, seed: 2 }));
  assert.deepEqual(trainerOptions(settings, 'gru'), {
    ...{ recipe: 'tutorial', cell: 'gru', hidden: 48, layers: 1, directions: 1, embedding: 0 },
    ...{ pooling: 'last', optimizer: 'sgd', lr: 0.01, batch: 1, dropout: 0, clip: 0, seed: 1 },
  });
});

test('a history of any length keeps few points, evenly, and its mean loss', () => {
  const history = createHistory();
  for (let step = 1; step <= 10_000; step++) {
    history.addLoss({ step, seconds: step / 100, loss: step, examples: 2 });
    history.addScore({ step, seconds: step / 100, accuracy: step / 10_000 });
  }
  const { losses, scores } = history;
  assert.ok(losses.length > 200 && losses.length <= 601, `${losses.length} points`);
  const examples = losses.reduce((sum, point) => sum + point.examples, 0);
  const loss = losses.reduce((sum, point) => sum + point.loss * point.examples, 0) / examples;
  assert.deepEqual([examples, loss, losses.at(-1).step], [20_000, 5000.5, 10_000]);
  const gaps = losses.slice(1, -1).map(({ step }, i) => step - losses[i].step);
  assert.equal(new Set(gaps).size, 1, 'evenly');
  assert.ok(scores.length <= 600 && scores.at(-1).step === 10_000);
  assert.ok(scores.every(({ step }, i) => i === 0 || step > scores[i - 1].step));
});

test('units that go alike stand side by side', () => {
  const letters = 6;
  const kinds = [(t) => Math.sin(t), (t) => 0.9 - 0.3 * t, (t) => (t % 2 ? 0.8 : -0.8)];
  const units = 30;
  const states = Float32Array.from({ length: letters * units }, (_, i) => {
    const [t, unit] = [Math.floor(i / units), i % units];
    return kinds[unit % 3](t) * (0.5 + unit / 60);
  });
  const order = orderUnits(states, letters, units);
  assert.deepEqual(
    order.toSorted((a, b) => a - b),
    Array.from(order.keys()),
  );
  const changes = order.filter((unit, i) => i > 0 && unit % 3 !== order[i - 1] % 3).length;
  assert.equal(changes, 2, order.join(' '));
});

test('the equations of a unit give the states that they are of', () => {
  const shape = [1, 2, 3, 2];
  const of = (scale) => Float32Array.from({ length: 12 }, (_, i) => scale * ((i % 5) - 2.1));
  const gates = { reset: of(0.1), update: of(0.2), candidate: of(0.3) };
  const inspection = { shape, gates, hidden: of(0.25), cellState: null };
  const course = courseOf(inspection, { layer: 0, direction: 1, unit: 1 });
  assert.deepEqual(Object.keys(course), ['reset', 'update', 'candidate', 'hidden']);
  assert.deepEqual(
    course.hidden,
    [7, 9, 11].map((i) => inspection.hidden[i]),
  );
  const say = (value) => value.toFixed(2);
  const one = {
    input: [0.5, 0.25],
    forget: [0.5, 0.75],
    candidate: [0.2, -0.4],
    output: [0.5, 0.5],
    cell: [0.1, -0.025],
    hidden: [0.05, -0.0125],
  };
  const lines = (backward) =>
    equationsOf('lstm', one, 1, backward, say).map(({ numbers }) => numbers);
  assert.equal(lines(false)[3], '0.75 · 0.10 + 0.25 · (-0.40) = -0.03');
  assert.equal(lines(true)[3], '0.75 · 0.00 + 0.25 · (-0.40) = -0.03', 'the last is read first');
  assert.equal(lines(false)[0], 'σ(1.10) = 0.75');
});

test('names are spread over the labels as unevenly as the tutorial’s', () => {
  const world = readFileSync(new URL('../../data/names/world.tsv', import.meta.url), 'utf8');
  const names = asUneven(world)
    .trim()
    .split('\n')
    .map((line) => line.split('\t'));
  const counts = Map.groupBy(names, ([, label]) => label);
  assert.equal(counts.size, 18);
  const share = (label) => counts.get(label).length / names.length;
  assert.ok(Math.abs(share('Russian') - 0.469) < 0.005, `${share('Russian')}`);
  assert.ok(Math.abs(share('English') - 0.183) < 0.005);
  assert.ok(counts.get('Vietnamese').length >= 5);
  assert.equal(new Set(names.map((name) => name.join())).size, names.length, 'each once');
});

test('the columns of names and labels are found, and what lacks one is told by its line', () => {
  assert.deepEqual(guess({ columns: ['Land', 'Nachname'], guess: 1 }), {
    name: 1,
    label: 0,
    header: true,
  });
  assert.deepEqual(guess({ columns: ['label', 'text'], guess: 0 }), {
    name: 1,
    label: 0,
    header: true,
  });
  assert.deepEqual(guess({ columns: ['Li', 'China'], guess: 0 }), {
    name: 0,
    label: 1,
    header: false,
  });
  const records = [
    { line: 1, fields: ['Li', 'China'] },
    { line: 2, fields: ['', 'China'] },
    { line: 4, fields: ['Lee', undefined] },
    { line: 5, fields: ['  van \n Gogh ', 'Netherlands'] },
    { line: 7, fields: ['Lee', ' '] },
    { line: 8, fields: ['', ''] },
  ];
  const table = { columns: ['Li', 'China'], guess: 0, records: () => records };
  const { text, count, labels, faults, faulty } = readExamples(table, null);
  assert.equal(text, 'Li\tChina\nvan Gogh\tNetherlands\n');
  assert.deepEqual([count, labels, faulty], [2, ['China', 'Netherlands'], 4]);
  assert.deepEqual(faults, [
    { line: 2, kind: 'name' },
    { line: 4, kind: 'tab' },
    { line: 7, kind: 'label' },
  ]);
});

test('countries get the shares of all labels that are at home there', () => {
  const ranking = Object.entries({
    England: 0.4,
    Wales: 0.2,
    France: 0.1,
    Arabic: 0.1,
    Klingon: 0.2,
  });
  const shares = sharesOf(ranking.map(([label, probability]) => ({ label, probability })));
  assert.ok(Math.abs(shares.get('GB') - 0.6) < 1e-9);
  for (const code of homesOf('Arabic')) assert.equal(shares.get(code), 0.1);
  assert.equal(shares.get('FR'), 0.1);
  assert.equal(shares.size, 2 + homesOf('Arabic').length);
});

test('the map has every country of the labels where it belongs', () => {
  const module = worldMap().load('\0virtual:world-map');
  const { width, height, countries } = JSON.parse(/^export default (.*);$/.exec(module)[1]);
  const style = readFileSync(new URL('../../web/names/world-map.css', import.meta.url), 'utf8');
  assert.ok(style.includes(`aspect-ratio: ${width} / ${height};`), 'its place is kept free');
  const codes = countries.map(({ code }) => code);
  for (const label of Object.keys(PLACES))
    for (const code of homesOf(label)) assert.ok(codes.includes(code), label);
  for (const code of ['HK', 'TO', 'WS', 'IL'])
    assert.ok(countries.find((country) => country.code === code).dot, `${code} is too small`);
  for (const code of ['BR', 'RU', 'PL'])
    assert.equal(countries.find((country) => country.code === code).dot, undefined, code);
  /** Where its first line starts, or its dot. */
  const at = (code) => {
    const { path, dot } = countries.find((country) => country.code === code);
    return dot ?? /^M(\d+) (\d+)/.exec(path.replace(/(\d)-/g, '$1 -')).slice(1).map(Number);
  };
  const ordered = (along, list) =>
    list.reduce((before, code) => {
      assert.ok(at(before)[along] < at(code)[along], `${before} before ${code}`);
      return code;
    });
  ordered(0, ['MX', 'BR', 'IE', 'PL', 'IR', 'IN', 'KR', 'JP', 'TO']);
  ordered(1, ['NO', 'PL', 'GR', 'EG', 'KE', 'MG', 'NZ']);
  for (const { dot } of countries)
    assert.ok(!dot || (dot[0] > 0 && dot[0] < width && dot[1] > 0 && dot[1] < height));
});

test('packed names come back as they were', () => {
  const labels = ['Germany', 'Norway', 'Vietnam'];
  const names = [
    { name: 'Müller', labels: ['Germany'] },
    { name: 'Møller', labels: ['Germany', 'Norway'] },
    { name: 'Miller', labels: ['Norway'] },
    { name: 'van der Berg', labels: ['Germany'] },
    { name: 'Berg', labels: ['Norway', 'Germany'] },
    { name: 'Nguyễn', labels: ['Vietnam'] },
  ];
  const byName = (a, b) => (a.name < b.name ? -1 : 1);
  assert.deepEqual(
    [...unpackNames(packNames(names, labels), labels)].sort(byName),
    names.sort(byName),
  );
});

test('the names that the page has are of the lists, with all of their countries', () => {
  const lists = new Map();
  const file = new URL('../../data/names/world.tsv', import.meta.url);
  for (const line of readFileSync(file, 'utf8').trim().split('\n')) {
    const [name, label] = line.split('\t');
    lists.set(name, (lists.get(name) ?? new Set()).add(label));
  }
  const { labels, packed } = typicalNames();
  const names = [...unpackNames(packed, labels)];
  assert.ok(names.length > 5000 && new Set(names.map(({ name }) => name)).size === names.length);
  for (const { name, labels: at } of names) assert.deepEqual(at, [...lists.get(name)], name);
});

test('names alike share the longest ending, whatever its marks, and are of several countries', () => {
  const listed = (text) =>
    text.split(' ').map((pair) => {
      const [name, ...labels] = pair.split(':');
      return { name, labels };
    });
  const names = listed(
    'Möller:Germany Møller:Norway Heller:Germany Keller:Germany Faller:Germany Teller:England ' +
      'Weller:England Miller:England Bauer:Germany Nowak:Poland',
  );
  const ranking = [
    { label: 'England', probability: 0.7 },
    { label: 'Germany', probability: 0.3 },
  ];
  const alike = namesAlike(names, 'MÜLLER', ranking);
  assert.deepEqual(
    alike.map(({ name, ending }) => [name, ending]),
    [
      ['Teller', 4],
      ['Weller', 4],
      ['Miller', 4],
      ['Möller', 4],
      ['Heller', 4],
      ['Keller', 4],
    ],
  );
  assert.deepEqual(namesAlike(names, 'Nowak', ranking), [], 'not itself');
  assert.deepEqual(namesAlike(names, 'Novák', ranking), [], 'two letters are little');
  assert.deepEqual(
    namesAlike(names, 'Novák', [{ label: 'Poland', probability: 0.5 }]).map(({ name }) => name),
    ['Nowak'],
    'unless the country is likely',
  );
  assert.deepEqual(namesAlike(names, '', ranking), []);
  assert.equal(plainLetters('Łukaszøß'), 'lukaszoß');
});

test('the column of names is found by its header', () => {
  for (const [columns, found] of [
    ['id,First Name,Last Name,city', 2],
    ['first_name,surname', 1],
    ['Vorname,Nachname', 1],
    ['prénom,nom,ville', 1],
    ['编号,姓名', 1],
    ['city,full name', 1],
    ['id,username,city', 1],
    ['a,b,c', 0],
  ])
    assert.equal(guessColumn(columns.split(',')), found, columns);
});
