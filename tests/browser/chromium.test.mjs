import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { launchChromium } from './browsers.mjs';
import * as chromium from './chromium.mjs';
import { coreSuite } from './core.mjs';
import { EXAMPLE, FIRST, WORLD } from './page.mjs';
import { answered, compared, openPage, read, retype, until } from './page.mjs';
import { servePage } from './server.mjs';

const { assertAccessible, faults, longestTransition, offlineReady, tabStops } = chromium;

coreSuite('chromium', launchChromium);

let browser, host;

before(async () => {
  browser = await launchChromium();
});
after(() => browser?.close());
beforeEach(async (context) => {
  host = await servePage();
  context.after?.(() => host.close());
});

const freshPage = (context, options) => chromium.freshPage(browser, context, options);

test('no request leaves the origin, nothing is said on the console, the policy is kept', async (context) => {
  const { page, seen } = await freshPage(context);
  await openPage(page, host, '', EXAMPLE);
  await retype(page, '<img src=//example.com onerror=alert(1)>');
  await compared(page);
  await page.selectOption('#signup-country', 'IN');
  await page.hover('.strip-rows .cell');
  for (const summary of await page.locator('#names-view .as-table summary').all())
    await summary.click();
  await page.selectOption('.choices select >> nth=1', 'dark');
  await offlineReady(page);
  assert.deepEqual([...seen.origins], [new URL(host.url).origin]);
  assert.deepEqual(seen.complaints, []);
  assert.ok(
    host.requests.every((path) => path.startsWith('/some/where/')),
    host.requests.join(' '),
  );
  assert.equal(await page.locator('main img[src*="example.com"]').count(), 0);
});

test('works offline after the first visit', async (context) => {
  const { page, profile } = await freshPage(context);
  const online = await openPage(page, host, '#names/Nakamura?cell=lstm', 'Nakamura');
  await offlineReady(page);
  await host.close();
  await profile.setOffline(true);
  await page.reload();
  const offline = await answered(page, 'Nakamura');
  assert.deepEqual(offline.ranking, online.ranking);
  await compared(page);
  await page.selectOption('#signup-country', 'IN');
  const flag = '.with-flag .flag';
  await until(page, (selector) => document.querySelector(selector).naturalWidth > 0, flag);
  await until(page, () => /No network now/.test(document.querySelector('#footer').innerText));
});

test('builds never mix: a newer page opens at once, and half a build is never kept', async (context) => {
  const { page, profile } = await freshPage(context);
  const markedAs = (mark) => (bytes) =>
    Buffer.from(String(bytes).replace('<html', `<html data-build="${mark}"`));
  const openedBuild = async () => {
    await page.reload();
    await answered(page, EXAMPLE);
    return page.evaluate(() => document.documentElement.dataset.build ?? 'first');
  };
  await openPage(page, host, '', EXAMPLE);
  await offlineReady(page);

  host.change['index.html'] = markedAs('second');
  assert.equal(await openedBuild(), 'second');

  // A newer worker, but the page that the host serves is not the one of its list.
  host.change['sw.js'] = (bytes) =>
    Buffer.from(String(bytes).replace(/BUILD = '\w+'/, "BUILD = 'third'"));
  const outcome = await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    await registration.update();
    const { installing } = registration;
    return new Promise((resolve) => {
      installing.onstatechange = () => resolve(installing.state);
    });
  });
  assert.equal(outcome, 'redundant', 'not installed');

  await profile.setOffline(true);
  assert.equal(await openedBuild(), 'first', 'offline, the build that is whole');
});

for (const file of [FIRST.file, '.wasm'])
  for (const [what, [fault, message]] of Object.entries(faults))
    test(`${file} ${what}: says so, and "Try again" works`, async (context) => {
      const { page } = await freshPage(context);
      host.fault[file] = fault;
      await page.goto(host.url);
      await until(page, () => document.querySelector('.notice button:not([hidden])') !== null);
      const { notice, ranking } = await read(page);
      assert.match(notice, message);
      assert.deepEqual(ranking, []);
      assert.equal(await page.locator('.notice[role=alert]').count(), 1);

      await page.click('.notice button'); // still broken
      await until(page, () => document.querySelector('.notice button:not([hidden])') !== null);
      host.fault = {};
      await page.click('.notice button');
      await answered(page, EXAMPLE);
      await compared(page);
      await offlineReady(page);
    });

test(
  'the world and the tutorial’s 18, under equal chances or those of the lists',
  { skip: !WORLD.includes('gru') },
  async (context) => {
    const { page, seen } = await freshPage(context);
    const prior = () => page.innerText('.prior p');
    const opened = await openPage(page, host, '#names/Horvat?cell=gru', 'Horvat');
    assert.match(await prior(), /the same chance/);
    await page.check('[value=data]', { force: true });
    await until(page, () => location.hash.endsWith('?cell=gru&prior=data'));
    await until(page, () => /longer lists/.test(document.querySelector('.prior p').innerText));
    await until(
      page,
      (before) => document.querySelector('.answer .ranking .share').textContent !== before,
      opened.ranking[0][1],
    );
    const data = (await read(page)).ranking;
    assert.notDeepEqual(data, opened.ranking);
    const linked = await openPage(page, host, '#names/Horvat?cell=gru&prior=data', 'Horvat');
    assert.deepEqual(linked.ranking, data);

    await page.check('[value=tutorial]', { force: true });
    await until(page, () => location.hash.endsWith('?cell=gru&list=tutorial&prior=data'));
    await compared(page);
    assert.match(await page.innerText('.limits'), /18 lists/);
    const tutorial = (await read(page)).ranking;
    await page.check('[value=balanced]', { force: true });
    await until(page, () => location.hash.endsWith('?cell=gru&list=tutorial'));
    await until(page, () => /somewhat more/.test(document.querySelector('.prior p').innerText));
    await until(
      page,
      (before) => document.querySelector('.answer .ranking .share').textContent !== before,
      tutorial[0][1],
    );
    await page.check('[value=data]', { force: true });
    await page.check('[value=world]', { force: true });
    await until(page, () => location.hash.endsWith('?cell=gru&prior=data'));
    await compared(page);
    assert.match(await page.innerText('.limits'), /91 countries/);

    // Only the surname is read, and neighbours are told together.
    await retype(page, 'Anna Nakamura');
    assert.deepEqual((await answered(page, 'Nakamura')).letters, Array.from('Nakamura'));
    await retype(page, 'Παπαδόπουλος');
    await until(page, () => /Written in Greek/.test(document.querySelector('.answer').innerText));
    assert.deepEqual(seen.complaints, []);
  },
);

test('a map shows where the name is common, and says what is under the pointer', async (context) => {
  const { page, seen } = await freshPage(context);
  const darkest = () =>
    page.evaluate(() => {
      const heatOf = ({ style }) => Number(style.getPropertyValue('--heat'));
      const paths = Array.from(document.querySelectorAll('.map-place path[data-code]'));
      const sorted = paths.toSorted((a, b) => heatOf(b) - heatOf(a));
      return [sorted[0].dataset.code, heatOf(sorted[0]) ** 2];
    });
  const pointedAt = async (code) => {
    await page.dispatchEvent(`.map-place path[data-code="${code}"]`, 'pointerover');
    return page.innerText('.map-pointed');
  };
  const opened = await openPage(page, host, '#names/Nakamura?cell=gru', 'Nakamura');
  await until(page, () => document.querySelector('.map-place svg'));
  const [code, share] = await darkest();
  assert.equal(code, 'JP');
  const table = page.locator('.world-map .as-table');
  await table.locator('summary').click();
  const rows = await table.locator('tbody tr').allInnerTexts();
  assert.equal(rows[0].split('\t')[0], 'Japan');
  assert.ok(Math.abs(share - Number.parseFloat(rows[0].split('\t')[1]) / 100) < 0.002);
  assert.equal(await pointedAt('JP'), `Japan ${opened.ranking[0][1]}`);
  assert.match(await pointedAt(''), /No names from here/);
  await page.dispatchEvent('.map-place', 'pointerleave');
  assert.equal(await page.innerText('.map-pointed'), '');

  // A letter that is looked at is what the map shows.
  await page.mouse.move(0, 0);
  await page.focus('.strip-letters button');
  await page.keyboard.press('Home');
  await until(page, () => /“N”/.test(document.querySelector('#ranking-title').textContent));
  assert.ok((await darkest())[1] < share);

  // The tutorial's Arabic names are at home in many countries, its English ones in one that is shared.
  await openPage(page, host, '#names/Haddad?cell=gru&list=tutorial', 'Haddad');
  await until(page, () => document.querySelector('.map-place svg'));
  assert.match(await pointedAt('EG'), /^Arab countries \d+%$/);
  assert.equal(await pointedAt('MA'), await pointedAt('EG'));
  assert.match(await pointedAt('SE'), /No names from here/);
  assert.match(await pointedAt('GB'), /England [<\d].*Scotland|Scotland [<\d].*England/);
  assert.deepEqual(seen.complaints, []);
});

test(
  'names that end alike are links, with their countries',
  { skip: !WORLD.includes('gru') },
  async (context) => {
    const { page, seen } = await freshPage(context);
    await openPage(page, host, '#names/Kowalczyk?cell=gru', 'Kowalczyk');
    await until(page, () => document.querySelectorAll('.alike li').length > 1);
    const items = await page
      .locator('.alike li')
      .evaluateAll((all) =>
        all.map((item) => [
          item.querySelector('a').textContent,
          item.querySelector('b').textContent,
          item.querySelector('small').textContent,
        ]),
      );
    for (const [name, ending, countries] of items) {
      assert.ok(name.endsWith(ending) && 'Kowalczyk'.endsWith(ending) && ending.length >= 3, name);
      assert.match(countries, /Poland/);
    }
    await page.click('.alike a');
    await answered(page, items[0][0]);
    await page.check('[value=tutorial]', { force: true });
    await until(page, () => document.querySelector('.alike').hidden);
    assert.deepEqual(seen.complaints, []);
  },
);

test('a cell that fails leaves the others at work', async (context) => {
  const { page } = await freshPage(context);
  host.fault['names-lstm'] = 404;
  await openPage(page, host, '#names/Nakamura?cell=gru&list=tutorial', 'Nakamura');
  await until(page, () => /LSTM could not/.test(document.querySelector('.compare').innerText));
  await page.check('[value=rnn]', { force: true });
  await until(page, () => location.hash.includes('?cell=rnn'));
  host.fault = {};
  await page.check('[value=lstm]', { force: true }); // asking for it tries once more
  await until(page, () => document.querySelectorAll('.compare .is-empty').length === 0);
  assert.equal((await read(page)).cell, 'lstm');
});

test('shows size and progress while the weights come', async (context) => {
  const { page } = await freshPage(context);
  let open;
  host.fault[FIRST.file] = new Promise((resolve) => (open = resolve));
  await page.goto(host.url);
  await until(page, () =>
    /Fetching the GRU: 0 kB of \d+ kB/.test(document.querySelector('.notice')?.innerText),
  );
  assert.equal(await page.locator('.notice progress').isVisible(), true);
  await page.keyboard.press('End');
  await page.keyboard.type('s'); // typing before the answer is possible, and counts
  open();
  await answered(page, `${EXAMPLE}s`);
});

test('fetches nothing twice, whatever the head asked for early', async (context) => {
  const { page } = await freshPage(context);
  await openPage(page, host, '', EXAMPLE);
  await compared(page);
  const names = await page.evaluate(() =>
    performance.getEntriesByType('resource').map(({ name }) => name),
  );
  assert.equal(
    names.filter((name) => /\.(gguf|wasm)$/.test(name)).length,
    FIRST.cells.length + 1,
    'those of the list, and a module',
  );
  assert.deepEqual(names, [...new Set(names)]);
});

test('a strip too wide for a phone shows at its edges that it goes on', async (context) => {
  const { page } = await freshPage(context, { viewport: { width: 360, height: 740 } });
  const hidden = () =>
    page.evaluate(() => {
      const { classList } = document.querySelector('.strip-scroll');
      return ['before', 'after'].filter((side) => classList.contains(`has-${side}`));
    });
  await openPage(page, host, '#names/Kowalczyk', 'Kowalczyk');
  assert.deepEqual(await hidden(), [], 'nine letters fit');
  await openPage(page, host, '#names/Papadopoulos', 'Papadopoulos');
  assert.deepEqual(await hidden(), ['before'], 'the letter just typed is in view');
  await page.focus('.strip-letters button');
  await page.keyboard.press('Home');
  await until(page, () => document.querySelector('.strip-scroll.has-after:not(.has-before)'));
});

test('works without SIMD, and says that it is slower', async (context) => {
  const { page } = await freshPage(context);
  await page.addInitScript(() => {
    const validate = WebAssembly.validate;
    WebAssembly.validate = (bytes) => bytes.byteLength > 200 && validate(bytes);
  });
  const scalar = await openPage(page, host, '#names/Kowalczyk?cell=gru', 'Kowalczyk');
  assert.match(await page.innerText('#footer'), /without SIMD: works, a little slower/);
  assert.ok(host.requests.some((path) => /scalar.*\.wasm$/.test(path)));
  const { page: other } = await freshPage(context);
  const simd = await openPage(other, host, '#names/Kowalczyk?cell=gru', 'Kowalczyk');
  assert.match(await other.innerText('#footer'), /SIMD, 128 bit/);
  assert.equal(scalar.ranking[0][0], simd.ranking[0][0]);
});

for (const colorScheme of ['light', 'dark'])
  for (const width of [360, 1440])
    test(`axe finds nothing in ${colorScheme} at ${width} px`, async (context) => {
      const { page } = await freshPage(context, { colorScheme, viewport: { width, height: 900 } });
      await openPage(page, host, '', EXAMPLE);
      await compared(page);
      await assertAccessible(page, 'answered');
      for (const summary of await page.locator('#names-view .as-table summary').all())
        await summary.click();
      await page.focus('.strip-letters button');
      await assertAccessible(page, 'looking at a letter, table open');
      await retype(page, '');
      await assertAccessible(page, 'empty');
      host.fault['.gguf'] = 404;
      await page.evaluate(() =>
        navigator.serviceWorker?.getRegistration().then((r) => r?.unregister()),
      );
      await page.reload();
      await until(page, () => document.querySelector('.notice button:not([hidden])') !== null);
      await assertAccessible(page, 'failed');
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
    });

test('everything can be reached and done with the keyboard alone', async (context) => {
  const { page } = await freshPage(context);
  await openPage(page, host, '', EXAMPLE);
  await compared(page);
  if (WORLD.length > 0) await until(page, () => document.querySelector('.alike a'));
  const alike = await page.locator('.alike:not([hidden]) a span').allTextContents();
  const expected = [
    'name',
    'Schröder',
    'O’Brien',
    'Kowalczyk',
    'Papadopoulos',
    'Nguyễn',
    'Dostoevsky',
    ...(WORLD.length > 0 ? ['list'] : []),
    ...(FIRST.cells.length > 1 ? ['cell'] : []),
    'prior',
    'As a table',
    ...alike,
    'N',
    'As a table',
    'signup-country',
    'signup-phone',
    'table-file',
    ...(await page.locator('#footer a').allInnerTexts()), // where package.json says where the code is
  ];
  const reached = await tabStops(page, expected.length);
  assert.deepEqual(reached, expected);
  assert.ok(
    reached.every((name) => !name.includes('not visible')),
    reached.join(', '),
  );

  await openPage(page, host, `#names/${EXAMPLE}?cell=gru&list=tutorial`, EXAMPLE);
  await page.focus('[name=cell]:checked');
  await page.keyboard.press('ArrowLeft');
  await until(page, () => location.hash.includes('?cell=lstm'));
  await page.focus('#examples a');
  await page.keyboard.press('Enter');
  await answered(page, 'Schröder');
});

test('the answer is announced after a pause, not at every letter', async (context) => {
  const { page } = await freshPage(context);
  await openPage(page, host, '', EXAMPLE);
  await page.evaluate(() => {
    window.said = [];
    new MutationObserver(() =>
      window.said.push(document.querySelector('#announcer').textContent),
    ).observe(document.querySelector('#announcer'), { childList: true });
  });
  await retype(page, 'Papadopoulos');
  await until(page, () => window.said.some((text) => text.startsWith('Papadopoulos: Greece')));
  const said = await page.evaluate(() => window.said.filter((text) => /^P/.test(text)));
  assert.equal(said.length, 1, said.join(' | '));
});

test('speaks the browser’s language, and the one that is chosen', async (context) => {
  const expected = {
    'fr-CA': ['fr', 'Le plus probable', 'Japon', /^(> )?\d+\s%$/],
    'zh-CN': ['zh-Hans', '最可能来自', '日本', /^(> )?\d+%$/],
    'en-GB': ['en', 'Most likely', 'Japan', /^(> )?\d+%$/],
    eo: ['en', 'Most likely', 'Japan', /^(> )?\d+%$/],
  };
  for (const [locale, [lang, heading, country, share]] of Object.entries(expected)) {
    const { page } = await freshPage(context, { locale });
    const shown = await openPage(page, host, '#names/Nakamura', 'Nakamura');
    assert.equal(await page.evaluate(() => document.documentElement.lang), lang);
    assert.equal(shown.heading, heading);
    assert.equal(shown.ranking[0][0], country);
    assert.match(shown.ranking[0][1], share);
    assert.doesNotMatch(await page.innerText('body'), /undefined|\[object|NaN/);
  }
  const { page } = await freshPage(context);
  await openPage(page, host, '#names/Nakamura', 'Nakamura');
  await page.selectOption('.choices select >> nth=0', 'fr');
  assert.equal((await read(page)).ranking[0][0], 'Japon');
  await page.reload();
  assert.equal((await answered(page, 'Nakamura')).heading, 'Le plus probable');
});

test('colours follow the choice, and motion the system', async (context) => {
  const { page } = await freshPage(context, { colorScheme: 'light', reducedMotion: 'reduce' });
  await openPage(page, host, '', EXAMPLE);
  const paper = () =>
    page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await paper();
  await page.selectOption('.choices select >> nth=1', 'dark');
  assert.notEqual(await paper(), light);
  assert.equal(await longestTransition(page), 0);
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  assert.ok((await longestTransition(page)) <= 0.15);
});

test('an input method composes undisturbed', async (context) => {
  const { page, profile } = await freshPage(context);
  await openPage(page, host, '', EXAMPLE);
  await retype(page, '');
  const input = await profile.newCDPSession(page);
  await until(page, () => location.hash === '#names/');
  const hash = await page.evaluate(() => location.hash);
  for (const text of ['n', 'ni', 'nin', 'nint', 'ninte']) {
    await input.send('Input.imeSetComposition', {
      text,
      selectionStart: text.length,
      selectionEnd: text.length,
    });
    await page.waitForTimeout(60);
    assert.equal((await read(page)).value, text);
    await answered(page, text); // it answers meanwhile, as all typing on some phones is composing
  }
  await page.waitForTimeout(300);
  assert.equal(await page.evaluate(() => location.hash), hash, 'the address waits for the end');
  await input.send('Input.insertText', { text: 'Nintendō' });
  await answered(page, 'Nintendō');
  await until(page, () => decodeURIComponent(location.hash).startsWith('#names/Nintendō'));
});
