import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { launchChromium, launchFirefox } from './browsers.mjs';
import * as chromium from './chromium.mjs';
import { EXAMPLE, compared, openPage, until } from './page.mjs';
import { COPYING, doctorWorker } from './doctored.mjs';
import { servePage } from './server.mjs';
import { SCORES } from '../../web/translate/scores.js';
import { translateSuite } from './translate-core.mjs';
import { EXAMPLE as FIRST_SENTENCE } from './translate-page.mjs';
import { openTranslator, readTranslation, retypeEnglish, translated } from './translate-page.mjs';
import { buildPages } from './translators.mjs';
import { launchWebkit } from './webkit.mjs';

const { assertAccessible, faults, longestTransition, offlineReady, tabStops } = chromium;
const SENTENCE = 'We see a red letter.';
const LINK = `#translate/${encodeURIComponent(SENTENCE)}`;
const WEIGHTS = /en-fr.*\.gguf$/;

let pages, browser, host;

before(async () => {
  pages = buildPages();
  browser = await launchChromium();
});
after(async () => {
  await browser?.close();
  pages?.remove();
});
beforeEach(async (context) => {
  host = await servePage(pages.page);
  context.after?.(() => host.close());
});

translateSuite('chromium', launchChromium, () => pages.page);
translateSuite('firefox', launchFirefox, () => pages.page);
translateSuite('webkit', launchWebkit, () => pages.page, /while one types|looked at/);

const freshPage = (context, options) => chromium.freshPage(browser, context, options);
const weightsAsked = () => host.requests.filter((path) => WEIGHTS.test(path)).length;
const notice = (page) =>
  page.evaluate(() => document.querySelector('.pair .notice:not([hidden])')?.innerText ?? '');
const noticed = (page, pattern) =>
  until(
    page,
    (source) => new RegExp(source).test(document.querySelector('.pair .notice')?.innerText),
    pattern.source,
  );

test('a visitor of the names alone fetches neither the translator’s weights nor its scripts', async (context) => {
  const { page } = await freshPage(context);
  await openPage(page, host, '', EXAMPLE);
  await compared(page);
  await offlineReady(page);
  assert.equal(weightsAsked(), 0);
  assert.match(
    await page.innerText('.views a:nth-child(2)'),
    /^Translate \d+ kB$/,
    'the size before the download',
  );
  const scripts = () =>
    page.evaluate(() =>
      performance.getEntriesByType('resource').filter(({ name }) => /translate-/.test(name)),
    );
  assert.deepEqual(await scripts(), []);
  await page.click('.views a:nth-child(2)');
  await until(page, () => document.querySelector('.french[aria-busy=false]') !== null);
  assert.equal(weightsAsked(), 1);
  assert.match(await page.innerText('.views a:nth-child(2)'), /^Translate$/);
});

test('no request leaves the origin, nothing is said on the console, the policy is kept', async (context) => {
  const { page, seen } = await freshPage(context);
  await openTranslator(page, host, LINK);
  await retypeEnglish(page, '<img src=//example.com onerror=alert(1)>');
  await translated(page, '<img src=//example.com onerror=alert(1)>');
  await page.click('.tools [aria-expanded]');
  await page.click('.heatmap summary');
  await page.hover('.attention .cell');
  await page.click('.pairwise .notice:not([hidden]) button');
  await until(page, () => document.querySelectorAll('.rendition:not([hidden])').length === 2);
  await offlineReady(page);
  assert.deepEqual([...seen.origins], [new URL(host.url).origin]);
  assert.deepEqual(seen.complaints, []);
  assert.equal(await page.locator('main img[src*="example.com"]').count(), 0);
});

for (const width of [390, 1280])
  test(`nothing jumps at ${width} pixels, from the notice to the answer`, async (context) => {
    let open;
    host.fault['en-fr-'] = new Promise((resolve) => (open = resolve));
    const { page } = await freshPage(context, { viewport: { width, height: 844 } });
    const still = await chromium.watchShifts(page, width);
    await page.goto(`${host.url}#translate`);
    await noticed(page, /Fetching/);
    await page.waitForTimeout(200);
    open();
    await translated(page, FIRST_SENTENCE);
    await offlineReady(page);
    await page.waitForTimeout(300);
    await still();
  });

test('shows size and progress while the weights come, can be stopped, and goes on', async (context) => {
  const { page } = await freshPage(context);
  let open;
  host.fault['en-fr-'] = new Promise((resolve) => (open = resolve));
  await page.goto(host.url + LINK);
  await noticed(page, /Fetching the translator, once: 0 kB of \d+ kB/);
  assert.equal(await page.locator('.pair .notice progress').isVisible(), true);
  await page.click('.pair .notice button');
  await noticed(page, /Stopped\. The translator is \d+ kB/);
  await page.click('.pair .notice button');
  await noticed(page, /Fetching/);
  await page.focus('#english');
  await page.keyboard.press('End');
  await page.keyboard.type(' '); // typing before it is here is possible, and counts
  open();
  await translated(page, await page.inputValue('#english'));
  assert.equal(await notice(page), '');
});

for (const [what, [fault, message]] of Object.entries(faults))
  test(`weights of which the file ${what}: says so, and "Try again" works`, async (context) => {
    const { page } = await freshPage(context);
    host.fault['en-fr-'] = fault;
    await page.goto(host.url + LINK);
    await noticed(page, message);
    assert.equal(await page.locator('.pair .notice[role=alert]').count(), 1);
    await page.click('.pair .notice button'); // still broken
    await until(page, () => document.querySelector('.pair .notice progress[hidden]'));
    await noticed(page, message);
    host.fault = {};
    await page.click('.pair .notice button');
    await translated(page, SENTENCE);
  });

test('the weights stay: the next visit asks for them no more, and works without a network', async (context) => {
  const { page, profile } = await freshPage(context);
  const online = await openTranslator(page, host, LINK);
  await offlineReady(page);
  await page.goto('about:blank');
  await openTranslator(page, host, LINK);
  assert.equal(weightsAsked(), 1);
  await host.close();
  await profile.setOffline(true);
  await page.reload();
  assert.equal((await translated(page, SENTENCE)).french, online.french);
  await until(page, () => /No network now/.test(document.querySelector('#footer').innerText));
  await until(page, () =>
    /[3-9]\d\d kB weights|MB weights/.test(document.querySelector('#footer').innerText),
  );
});

test('the weights are read by the worker, while the page is free', async (context) => {
  const { page } = await freshPage(context);
  await openTranslator(page, host, LINK);
  const names = () => performance.getEntriesByType('resource').map(({ name }) => name);
  assert.deepEqual(
    (await page.evaluate(names)).filter((name) => WEIGHTS.test(name)),
    [],
  );
  assert.equal(weightsAsked(), 1);
});

test('a kept copy that is damaged is fetched anew', async (context) => {
  const { page } = await freshPage(context);
  await openTranslator(page, host, LINK);
  await page.evaluate(async () => {
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys())
        if (/en-fr/.test(request.url)) await cache.put(request, new Response('damage'));
    }
  });
  await openTranslator(page, host, LINK);
  assert.equal(weightsAsked(), 2);
});

test('without a network and without weights: says so, and goes on when the network is back', async (context) => {
  const { page, profile } = await freshPage(context);
  await openPage(page, host, '', EXAMPLE);
  await offlineReady(page);
  await profile.setOffline(true);
  await page.click('.views a:nth-child(2)');
  await noticed(page, /No network, and the translator is not on this device/);
  await profile.setOffline(false);
  await until(page, () => document.querySelector('.french[aria-busy=false]') !== null);
});

test('a page built without the weights says so, and its names work', async (context) => {
  const bare = await servePage(pages.bare);
  context.after(() => bare.close());
  const { page, seen } = await freshPage(context);
  await page.goto(bare.url + LINK);
  await noticed(page, /was built without the translator/);
  assert.equal(await page.locator('.pair .notice button').isVisible(), false);
  await page.click('.views a:first-child');
  await until(page, () => document.querySelectorAll('.answer .ranking li').length === 5);
  assert.deepEqual(seen.complaints, []);
});

test('works without SIMD', async (context) => {
  const { page } = await freshPage(context);
  await page.addInitScript(() => {
    const validate = WebAssembly.validate;
    WebAssembly.validate = (bytes) => bytes.byteLength > 200 && validate(bytes);
  });
  const { french } = await openTranslator(page, host, LINK);
  assert.match(french, /\p{L}/u);
  assert.match(await page.innerText('#footer'), /without SIMD: works, a little slower/);
});

test('copies the translation, and says so', async (context) => {
  const permissions = ['clipboard-read', 'clipboard-write'];
  const { page } = await freshPage(context, { permissions });
  const { french } = await openTranslator(page, host, LINK);
  await page.click('.tools button');
  await until(page, () => document.querySelector('.tools button').textContent === 'Copied');
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), french);
  await until(page, () => document.querySelector('.tools button').textContent === 'Copy');
});

test('where copying is not allowed, the translation is selected', async (context) => {
  const { page } = await freshPage(context);
  await page.addInitScript(() => {
    Object.defineProperty(navigator, 'clipboard', { value: undefined });
  });
  const { french } = await openTranslator(page, host, LINK);
  await page.click('.tools button');
  await until(page, () => /Selected/.test(document.querySelector('.tools button').textContent));
  assert.equal(await page.evaluate(() => String(getSelection())), french);
});

for (const colorScheme of ['light', 'dark'])
  for (const width of [360, 1440])
    test(`axe finds nothing in ${colorScheme} at ${width} px`, async (context) => {
      const { page } = await freshPage(context, { colorScheme, viewport: { width, height: 900 } });
      await openTranslator(page, host, LINK);
      await assertAccessible(page, 'translated');
      await page.click('.tools [aria-expanded]');
      await page.click('.heatmap summary');
      await page.focus('.french [tabindex="0"]');
      await assertAccessible(page, 'looking at a word, alternatives and table open');
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
      await retypeEnglish(page, '');
      await assertAccessible(page, 'empty');
      host.fault['.gguf'] = 404;
      await page.click('[name=model][value=tutorial] + span');
      await noticed(page, /does not have its file/);
      await assertAccessible(page, 'failed');
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
    });

test('everything can be reached and done with the keyboard alone', async (context) => {
  const { page } = await freshPage(context);
  await openTranslator(page, host, LINK);
  const french = await page.innerText('.french .word');
  const expected = [
    'english',
    french,
    'numbers',
    'Copy',
    'Alternatives',
    'she is, he is',
    'tenses',
    'an idiom',
    'a question',
    'capitals',
    'a link',
    'an emoji',
    'a price and a time',
    'a name it has never seen',
    'paragraphs',
    'As a table',
    'Fetch', // the tutorial's translator
    ...(await page.locator('#footer a').allInnerTexts()), // where package.json says where the code is
  ];
  await page.focus('#english');
  const reached = await tabStops(page, expected.length + 1);
  assert.equal(reached.splice(1, 1)[0], 'model');
  assert.deepEqual(
    reached.map((name) => name.replace(/^Fetch .*/, 'Fetch')),
    expected,
  );

  await page.focus('.views a');
  assert.deepEqual(
    (await tabStops(page, 6)).map((name) => name.replace(/\d.*/, '')),
    ['Names', 'Translate', 'Lab', 'EnglishFrançais中文', 'AutoLightDark', 'Clear'],
  );
  await page.focus('.pair .examples a');
  await page.keyboard.press('Enter');
  await until(page, () => document.querySelector('#english').value.startsWith('She is happy'));
});

test('the translation is announced after a pause, and what a word in focus looked at', async (context) => {
  const { page } = await freshPage(context);
  await openTranslator(page, host, LINK);
  await page.evaluate(() => {
    window.said = [];
    new MutationObserver(() =>
      window.said.push(document.querySelector('#announcer').textContent),
    ).observe(document.querySelector('#announcer'), { childList: true });
  });
  await retypeEnglish(page, 'The lamp is red.');
  const { french } = await translated(page, 'The lamp is red.');
  await until(page, (text) => window.said.includes(`In French: ${text}`), french);
  const said = await page.evaluate(() => window.said);
  assert.equal(said.length, 1, said.join(' | '));
  assert.equal(await page.getAttribute('#announcer span', 'lang'), 'fr');
  await page.focus('.french [tabindex="0"]');
  await until(page, () => window.said.some((text) => /: .* \d+%/.test(text)));
});

test('speaks the browser’s language', async (context) => {
  for (const [locale, heading] of [
    ['fr-CA', 'Français'],
    ['zh-CN', '法语'],
  ]) {
    const { page } = await freshPage(context, { locale });
    await openTranslator(page, host, LINK);
    assert.equal(await page.innerText('#french-title'), heading);
    await page.click('.tools [aria-expanded]');
    assert.doesNotMatch(await page.innerText('body'), /undefined|\[object|NaN/);
  }
});

test('motion follows the system', async (context) => {
  const { page } = await freshPage(context, { reducedMotion: 'reduce' });
  await openTranslator(page, host, LINK);
  assert.equal(await longestTransition(page), 0);
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  assert.ok((await longestTransition(page)) <= 0.15);
});

test('an input method composes undisturbed', async (context) => {
  const { page, profile } = await freshPage(context);
  await openTranslator(page, host, LINK);
  await retypeEnglish(page, '');
  const input = await profile.newCDPSession(page);
  await until(page, () => location.hash === '#translate/?model=main');
  for (const text of ['T', 'Th', 'The', 'The l', 'The lamp']) {
    await input.send('Input.imeSetComposition', {
      text,
      selectionStart: text.length,
      selectionEnd: text.length,
    });
    await page.waitForTimeout(60);
    assert.equal((await readTranslation(page)).english, text);
    await translated(page, text); // it answers meanwhile, as all typing on some phones is composing
  }
  await page.waitForTimeout(300);
  assert.equal(await page.evaluate(() => location.hash), '#translate/?model=main');
  await input.send('Input.insertText', { text: 'The lamp is red.' });
  await translated(page, 'The lamp is red.');
  await until(page, () =>
    decodeURIComponent(location.hash).startsWith('#translate/The lamp is red.'),
  );
});

const [PRICE, NAME, WORD] = Object.keys(COPYING);

/** The page with a translator that copies what is not language. */
async function openCopying(context, english, options) {
  const opened = await freshPage(context, options);
  await opened.page.addInitScript(doctorWorker, COPYING);
  const shown = await openTranslator(
    opened.page,
    host,
    `#translate/${encodeURIComponent(english)}`,
  );
  return { ...opened, shown };
}

const copiedWords = (page, place) =>
  page.evaluate(
    (selector) =>
      Array.from(document.querySelectorAll(`${selector} .is-copied`), (node) => node.textContent),
    place,
  );

test('what was copied is told apart in the English, in the French and in the picture', async (context) => {
  const { page, shown } = await openCopying(context, PRICE);
  const [read, written] = [
    ['$1,299.99', 'https://example.com/a?b=1', '😀'],
    ['1 299,99 $', 'https://example.com/a?b=1', '😀'],
  ];
  assert.deepEqual(await copiedWords(page, '.mirror'), read);
  assert.deepEqual(await copiedWords(page, '.french'), written);
  assert.deepEqual(await copiedWords(page, '.attention-heads'), read);
  assert.deepEqual(await copiedWords(page, '.attention-rows'), written);
  assert.deepEqual(shown.columns, ['It', 'costs', '$1,299.99', 'at', read[1], '😀']);
  assert.deepEqual(shown.rows, ['Ça', 'coûte', '1 299,99 $', 'sur', read[1], '😀']);

  // A line under them needs no colour; what it means stands below, and in the table.
  const decoration = (selector) =>
    page.$eval(selector, (node) => getComputedStyle(node).textDecorationStyle);
  assert.equal(await decoration('.mirror .is-copied'), 'dotted');
  assert.equal(await decoration('.french .is-copied'), 'dotted');
  assert.equal(
    await page.textContent('.copied-legend'),
    `word copied, not translated: ${written.join(', ')}`,
  );
  await page.click('.heatmap summary');
  const heads = await page.locator('.heatmap tbody th').allTextContents();
  assert.equal(heads[2], '1 299,99 $ not translated, but set as French does');
  assert.equal(heads[3], 'sur');
  assert.equal(heads[5], '😀 copied, not translated');

  // An alternative has them too.
  await page.click('.tools [aria-expanded]');
  await page.click('.alternatives li:nth-child(2) button');
  await until(page, () => document.querySelector('.french').textContent.startsWith('https'));
  assert.deepEqual(await copiedWords(page, '.french'), [written[1], written[0], written[2]]);
});

test('screen readers hear what was copied, of a word in focus and in the whole', async (context) => {
  const { page } = await openCopying(context, PRICE);
  const described = (nth) =>
    page.evaluate((i) => {
      const word = document.querySelectorAll('.french .word')[i];
      const by = word.getAttribute('aria-describedby');
      return by && document.getElementById(by).textContent;
    }, nth);
  assert.equal(await described(0), null);
  assert.equal(await described(2), 'not translated, but set as French does');
  assert.equal(await described(4), 'copied, not translated');
  await page.focus('.french [tabindex="0"]');
  for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowRight');
  await until(page, () =>
    /^https:\S+: copied, not translated$/.test(document.querySelector('#announcer').textContent),
  );
  for (const width of [360, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    await assertAccessible(page, `copied, ${width} px`);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
  }
});

test('the engine’s own placeholders have their text on both sides', async (context) => {
  const { page } = await freshPage(context);
  const text = 'The lamp at https://a.example/x is $1,299.99 at 3:45 p.m. 😀';
  const { rows, columns } = await openTranslator(
    page,
    host,
    `#translate/${encodeURIComponent(text)}`,
  );
  const copied = ['https://a.example/x', '$1,299.99', '3:45 p.m.', '😀'];
  const written = ['https://a.example/x', '1\u202F299,99\u00A0$', '15\u00A0h\u00A045', '😀'];
  for (const place of ['.mirror', '.attention-heads'])
    assert.deepEqual(await copiedWords(page, place), copied);
  const spaces = (words) => words.map((word) => word.replace(/\s/g, ' ')).sort();
  for (const place of ['.french', '.attention-rows'])
    assert.deepEqual(spaces(await copiedWords(page, place)), spaces(written));
  for (const word of copied) assert.ok(columns.includes(word), columns.join(' | '));
  assert.ok(rows.includes('😀'), rows.join(' | '));
  await page.click('[name=numbers][value=as-is] + span');
  await until(page, () => document.querySelector('.french').textContent.includes('$1,299.99'));
  assert.deepEqual((await copiedWords(page, '.french')).sort(), [...copied].sort());
});

test('a name alone is copied whole; where nothing is copied, the room of the legend stays', async (context) => {
  const { page } = await openCopying(context, NAME);
  assert.deepEqual(await copiedWords(page, '.french'), ['Wanda', 'Ellingsby']);
  assert.match(await page.textContent('.heatmap .lead'), /did not look at anything/);
  const topOf = (selector) => page.$eval(selector, (node) => node.getBoundingClientRect().top);
  const before = await topOf('.tools');
  await retypeEnglish(page, WORD);
  await translated(page, WORD);
  assert.deepEqual(await copiedWords(page, '.french'), []);
  assert.equal(await page.locator('.copied-legend').isVisible(), false);
  assert.equal(await topOf('.tools'), before);
});

test('numbers are set as one wants them, and that stays on the device', async (context) => {
  const { page, profile } = await openCopying(context, PRICE);
  const numbers = (style) => page.click(`[name=numbers][value=${style}] + span`);
  const says = (text) =>
    until(page, (wanted) => document.querySelector('.french').textContent === wanted, text);
  await page.hover('.french .word');
  await numbers('as-is');
  await says(COPYING[PRICE].asIs);
  assert.equal(await page.evaluate(() => window.asked.at(-1).options.numbers), 'as-is');
  await page.reload();
  assert.equal((await translated(page, PRICE)).french, COPYING[PRICE].asIs);
  assert.equal(await page.isChecked('[name=numbers][value=as-is]'), true);
  await page.focus('[name=numbers][value=as-is]');
  await page.keyboard.press('ArrowLeft');
  await says(COPYING[PRICE].french);
  const other = await profile.newPage();
  await other.addInitScript(doctorWorker, COPYING);
  await openTranslator(other, host, `#translate/${encodeURIComponent(PRICE)}`);
  assert.equal(await other.isChecked('[name=numbers][value=french]'), true);
});

test('a translator that copies nothing has neither legend nor numbers', async (context) => {
  const { page } = await freshPage(context);
  await openTranslator(page, host, `${LINK}?model=tutorial`);
  assert.equal(await page.locator('.copied').isVisible(), false);
  assert.equal(await page.locator('.is-copied:visible').count(), 0);
});

test('a word has a small dictionary, looked up only when it is wanted', async (context) => {
  const { page } = await openCopying(context, WORD);
  const beams = () => page.evaluate(() => window.asked.map(({ options }) => options.beam));
  assert.deepEqual(await beams(), [4]);
  await page.click('.tools [aria-expanded]');
  await until(page, () => document.querySelectorAll('.alternatives li').length === 8);
  assert.deepEqual(await beams(), [4, 12]);
  assert.equal(await page.textContent('#alternatives-title'), 'bank');
  const rows = await page.$$eval('.alternatives li', (items) =>
    items.map((item) => [
      item.querySelector('button').textContent,
      item.querySelector('.share').textContent,
      Number(item.querySelector('.bar').style.getPropertyValue('--share')),
    ]),
  );
  assert.deepEqual(
    rows.map(([text]) => text),
    ['banque', 'rive', 'berge', 'banc', 'talus', 'digue', 'bord', 'rivage'],
    '“Banque.” is “banque”',
  );
  assert.match(rows[0][1], /^\d\d%$/);
  assert.ok(rows.every(([, , share], i) => share > 0 && (i < 1 || share <= rows[i - 1][2])));
  await assertAccessible(page, 'dictionary');

  // By keyboard, as the alternatives of a sentence; what is taken stands above.
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'banque');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await until(page, () => document.querySelector('.french').textContent === 'berge');
  assert.equal(await page.textContent('.alternatives [aria-pressed=true]'), 'berge');
  assert.equal(await page.locator('.alternatives [aria-pressed=true]').count(), 1);
  await page.hover('.french .word');
  await page.waitForTimeout(100);
  assert.deepEqual(await beams(), [4, 12], 'once');
});

test('what was typed survives a change of model and a reload, in this tab alone', async (context) => {
  const { page, profile } = await freshPage(context);
  await openTranslator(page, host, LINK);
  const typed = 'The lamp is red.\n\nWe see a letter.';
  await page.fill('#english', typed);
  await page.reload(); // before the address has it
  await translated(page, typed);
  await page.click('[name=model][value=tutorial] + span');
  await translated(page, typed);
  await page.reload();
  assert.equal((await translated(page, typed)).model, 'tutorial');
  await page.click('[name=model][value=main] + span');
  await translated(page, typed);

  // From the other view, and of a text that no address holds.
  const long = `${'é'.repeat(100)}\n`.repeat(110);
  await page.evaluate((text) => {
    const field = document.querySelector('#english');
    field.value = text;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }, long);
  await until(page, () => location.hash === '#translate?model=main');
  await page.reload();
  await until(page, (text) => document.querySelector('#english')?.value === text, long);
  await page.fill('#english', typed);
  await page.click('.views a:first-child');
  await until(page, () => document.activeElement.id === 'name');
  await page.reload();
  await page.click('.views a:nth-child(2)');
  await translated(page, typed);

  // A link says what it says; another tab knows nothing of this one.
  await page.goto('about:blank');
  await page.goto(host.url + LINK);
  await translated(page, SENTENCE);
  await page.reload();
  await translated(page, SENTENCE);
  const other = await profile.newPage();
  await other.goto(`${host.url}#translate`);
  await translated(other, 'She is happy, and he is happy too.');

  // What was cleared stays so.
  await page.click('.pair-source .link');
  await page.reload();
  await noticed(page, /comes back in French/);
  assert.equal(await page.inputValue('#english'), '');
});

test('tells how good it is by kind of text, its size and its speed here', async (context) => {
  const { page } = await freshPage(context);
  await openTranslator(page, host, LINK);
  const rows = await page.locator('.scores tbody tr').allInnerTexts();
  assert.equal(rows.length, Object.keys(SCORES).length);
  // Not toFixed, which rounds 24.95 as the binary number just below it.
  const tenths = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
  for (const [i, { pairs, bleu }] of Object.values(SCORES).entries()) {
    const [, count, score] = rows[i].split('\t');
    assert.equal(count, pairs.toLocaleString('en'));
    assert.equal(score, bleu === null ? 'not measured yet' : bleu.toLocaleString('en', tenths));
  }
  const facts = await page.innerText('.about-measures .facts');
  assert.match(facts, /Size\n\d+ kB, [\d,]+ weights/);
  assert.match(facts, /One sentence\n[\d,.]+ ms, measured here over \d/);
  assert.match(await page.innerText('.about-translator'), /weakest at news/);
});

test('nothing jumps when the translation, what was copied, or the dictionary comes', async (context) => {
  const { page } = await freshPage(context);
  await page.addInitScript(doctorWorker, COPYING);
  await page.addInitScript(() => {
    window.shift = 0;
    new PerformanceObserver((list) => {
      for (const { value, hadRecentInput } of list.getEntries())
        if (!hadRecentInput) window.shift += value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await openTranslator(page, host, `#translate/${encodeURIComponent(WORD)}`);
  await page.waitForTimeout(300);
  await page.evaluate(() => (window.shift = 0)); // opening is another matter
  await page.evaluate(() => document.querySelector('.tools [aria-expanded]').focus());
  await page.keyboard.press('Enter');
  await until(page, () => document.querySelectorAll('.alternatives li').length === 8);
  await page.waitForTimeout(700);
  assert.ok((await page.evaluate(() => window.shift)) < 0.02);
});
