import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suggestionsOf } from '../../web/suggestions.js';
import { createClient, latestOnly } from '../../web/engine/client.js';
import { LoadError, fetchFile } from '../../web/engine/fetch.js';
import { createStopwatch } from '../../web/engine/stopwatch.js';
import en from '../../web/i18n/en.js';
import fr from '../../web/i18n/fr.js';
import zh from '../../web/i18n/zh.js';
import { characterAt, textUntil } from '../../web/moment.js';
import { createStore } from '../../web/state.js';
import { createAddress, formatHash, parseHash } from '../../web/url.js';

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
    assert.deepEqual(parseHash(formatHash({ text, cell: 'lstm' })), { text, cell: 'lstm' });
  assert.deepEqual(parseHash('#names/Müller?cell=gru'), { text: 'Müller', cell: 'gru' });
  assert.deepEqual(parseHash('#names/Müller'), { text: 'Müller' });
  assert.deepEqual(parseHash('#names/100%?cell=transformer'), { text: '100%' });
  assert.equal(parseHash('#elsewhere'), null);
  assert.equal(parseHash(''), null);
  assert.deepEqual(parseHash(formatHash({ text: 'half \uD83D' })), { text: 'half \uFFFD' });
});

test('the address follows the typing after a pause, and leaves other entries of the history alone', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const replaced = [];
  Object.assign(globalThis, {
    location: { hash: '#names/A?cell=gru' },
    history: { replaceState: (_, __, hash) => replaced.push((location.hash = hash)) },
  });
  context.after(() => ['location', 'history'].forEach((name) => delete globalThis[name]));
  const address = createAddress();
  for (const text of ['Ab', 'Abc', 'Abcd']) address.show({ text, cell: 'gru' });
  context.mock.timers.tick(1000);
  assert.deepEqual(replaced, ['#names/Abcd?cell=gru']);

  address.show({ text: 'Abcde', cell: 'gru' });
  location.hash = '#names/before'; // back, before the pause is over
  context.mock.timers.tick(1000);
  assert.equal(location.hash, '#names/before');
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
});
