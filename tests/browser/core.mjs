import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { EXAMPLE, WORLD, answered, compared, openPage, read, retype, until } from './page.mjs';
import { servePage } from './server.mjs';

/**
 * What every browser must do. Uses only what playwright-core and puppeteer-core have in common.
 * @param {string} name
 * @param {() => Promise<{ newPage: () => Promise<object>, close: () => Promise<void> }>} launch
 */
export function coreSuite(name, launch) {
  let browser, host, page;

  before(async () => {
    host = await servePage();
    browser = await launch();
    page = await browser.newPage();
  });
  after(async () => {
    await browser?.close();
    await host?.close();
  });

  test(`${name}: opens focused, with an example that is answered`, async () => {
    const { value, ranking } = await openPage(page, host, '', EXAMPLE);
    assert.equal(value, EXAMPLE);
    assert.equal(ranking.length, 5);
    assert.equal(await page.evaluate(() => document.activeElement.id), 'name');
    const shares = ranking.map(([, share]) =>
      share.startsWith('<') ? 0 : Number.parseInt(share.replace('>', ''), 10),
    );
    assert.deepEqual(
      shares,
      shares.toSorted((a, b) => b - a),
    );
    assert.ok(shares[0] > 0 && shares.reduce((a, b) => a + b) <= 103, `shares ${shares}`);
  });

  test(`${name}: answers every keystroke, for what is typed then`, async () => {
    await openPage(page, host, '', EXAMPLE);
    await retype(page, '');
    assert.match((await until(page, emptied)).trim(), /./);
    const seen = new Set();
    let typed = '';
    for (const letter of 'Papadopoulos') {
      await page.keyboard.type(letter);
      typed += letter;
      seen.add(JSON.stringify((await answered(page, typed)).ranking));
    }
    assert.ok(seen.size > 6, `${seen.size} different answers to 12 letters`);
    assert.equal((await read(page)).ranking[0][0], 'Greece');
  });

  test(`${name}: the answer after fast typing is the one of the whole name`, async () => {
    for (const text of ['Nakamura', 'Kowalczyk', 'Ivanov']) {
      await openPage(page, host, '', EXAMPLE);
      await compared(page); // all answer together from now on
      await retype(page, text);
      const typed = await answered(page, text);
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 100)));
      const later = await read(page);
      await openPage(page, host, `#names/${text}`, text);
      const fresh = await compared(page);
      assert.deepEqual(typed.ranking, fresh.ranking);
      assert.deepEqual(later.ranking, fresh.ranking);
    }
  });

  test(`${name}: switches between the networks`, async () => {
    await openPage(page, host, '#names/Kowalczyk?cell=gru&list=tutorial', 'Kowalczyk');
    const { compare } = await compared(page);
    for (const cell of ['rnn', 'lstm', 'gru']) {
      await page.evaluate((value) => document.querySelector(`[value=${value}]`).click(), cell);
      await until(page, (value) => location.hash.includes(`?cell=${value}`), cell);
      await until(
        page,
        ([value, first]) =>
          document.querySelector('.compare-column.is-chosen h3').textContent.toLowerCase() ===
            value && document.querySelector('.answer .ranking .share').textContent === first,
        [cell, compare[cell][0][1]],
      );
      const { ranking } = await read(page);
      assert.deepEqual(ranking.slice(0, 3), compare[cell]);
    }
    // All together: between what each says of the first.
    await page.evaluate(() => document.querySelector('[name=cell][value=all]').click());
    await until(page, () => location.hash === '#names/Kowalczyk?list=tutorial');
    await until(page, () => !document.querySelector('.compare-column.is-chosen'));
    const { ranking, cell } = await read(page);
    assert.equal(cell, 'all');
    const shares = Object.values(compare).map(([[country, share]]) => {
      assert.equal(country, ranking[0][0]);
      return parseFloat(share);
    });
    const together = parseFloat(ranking[0][1]);
    assert.ok(together >= Math.min(...shares) && together <= Math.max(...shares) + 1);
  });

  test(`${name}: the address carries the state both ways`, async () => {
    const opened = await openPage(page, host, '#names/Nakamura?cell=rnn', 'Nakamura');
    assert.equal(opened.cell, 'rnn');
    assert.equal(opened.ranking[0][0], 'Japan');

    const entries = await page.evaluate(() => history.length);
    await retype(page, 'Müller&%?#');
    await until(page, () => decodeURIComponent(location.hash) === '#names/Müller&%?#?cell=rnn');
    assert.equal(await page.evaluate(() => history.length), entries, 'typing adds no history');

    await page.evaluate(() => (location.hash = '#names/O%E2%80%99Brien?cell=lstm'));
    const linked = await answered(page, 'O’Brien');
    assert.equal(linked.value, 'O’Brien');
    assert.equal(linked.cell, 'lstm');
    await page.evaluate(() => history.back());
    assert.equal((await answered(page, 'Müller&%?#')).cell, 'rnn');
  });

  test(`${name}: a letter in focus shows that moment, and the table holds the same numbers`, async () => {
    await openPage(page, host, '#names/Dostoevsky', 'Dostoevsky');
    const final = await compared(page);
    await page.evaluate(() => document.querySelector('.strip-letters button').focus());
    await page.keyboard.press('End');
    assert.deepEqual(
      (await read(page)).ranking,
      final.ranking,
      'the last letter is the whole name',
    );
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    const moment = await read(page);
    assert.match(moment.heading, /“Do”/);
    await page.evaluate(() => document.activeElement.blur());
    assert.deepEqual((await read(page)).ranking, final.ranking);
    await openPage(page, host, '#names/Do', 'Do');
    const short = await compared(page);
    assert.deepEqual(moment.ranking, short.ranking, 'as if the name ended there');

    await openPage(page, host, '#names/Dostoevsky', 'Dostoevsky');
    await compared(page);
    await page.evaluate(() => document.querySelector('.strip .as-table summary').click());
    const table = await until(page, () => {
      const rows = document.querySelectorAll('.strip .as-table tbody tr');
      return rows.length > 0 && Array.from(rows, (r) => Array.from(r.cells, (c) => c.textContent));
    });
    if (WORLD.includes('gru')) assert.ok(table.length >= 12 && table.length < 91);
    else assert.equal(table.length, 18);
    for (const row of table) assert.equal(row.length, 1 + 'Dostoevsky'.length);
    const order = table.slice(0, 5).map(([country]) => country);
    assert.deepEqual(
      order,
      final.ranking.map(([country]) => country),
    );
    for (const [i, [, share]] of final.ranking.entries())
      if (/^\d/.test(share))
        assert.ok(Math.abs(Number.parseInt(share, 10) - Number.parseFloat(table[i].at(-1))) <= 0.5);
  });

  test(`${name}: the form takes the hint, and one keystroke overrides it for good`, async () => {
    await openPage(page, host, '#names/Nakamura', 'Nakamura');
    await until(page, () => document.querySelectorAll('#signup-country option').length > 200);
    assert.equal((await read(page)).country, 'JP');
    assert.deepEqual(
      await page.evaluate(() => [
        document.querySelector('#signup-country optgroup').label,
        document.querySelector('#signup-country optgroup option').value,
        document.querySelector('.calling-code').textContent,
        document.querySelector('#signup-phone-hint').textContent,
      ]),
      ['Suggested', 'JP', '+81', '10 digits'],
    );

    await page.evaluate(() => document.querySelector('#signup-country').focus());
    await page.keyboard.type('Fra');
    await until(page, () => document.querySelector('#signup-country').value === 'FR');
    await retype(page, 'Papadopoulos');
    await answered(page, 'Papadopoulos');
    assert.equal((await read(page)).country, 'FR', 'the choice stays');
    assert.equal(
      await page.evaluate(() => document.querySelector('.calling-code').textContent),
      '+33',
    );
    assert.equal(
      await page.evaluate(() => document.querySelector('#signup-country optgroup option').value),
      'GR',
      'the list still leads with what the name suggests',
    );
    await page.evaluate(() => document.querySelector('.signup .link').click());
    assert.equal((await read(page)).country, 'GR');
  });

  test(`${name}: the telephone number is formatted while typed`, async () => {
    await openPage(page, host, '#names/Kowalczyk', 'Kowalczyk');
    await until(page, () => document.querySelectorAll('#signup-country option').length > 200);
    await page.evaluate(() => {
      const country = document.querySelector('#signup-country');
      country.value = 'PL';
      country.dispatchEvent(new Event('input', { bubbles: true }));
    });
    await until(page, () => document.querySelector('.calling-code').textContent === '+48');
    await page.evaluate(() => document.querySelector('#signup-phone').focus());
    const field = () =>
      page.evaluate(() => [
        document.querySelector('#signup-phone').value,
        document.querySelector('#signup-phone-hint').textContent,
      ]);
    await page.keyboard.type('51234');
    assert.deepEqual(await field(), ['512 34', '5 of 9 digits']);
    await page.keyboard.type('5678');
    assert.deepEqual(await field(), ['512 345 678', '9 digits, complete']);
    for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Backspace'); // the space: the digit before it goes
    assert.equal((await field())[0].replaceAll(' ', ''), '51234678');
    for (let i = 0; i < 12; i++) await page.keyboard.press('ArrowRight');
    for (let i = 0; i < 14; i++) await page.keyboard.press('Backspace');
    await page.keyboard.type('+331');
    assert.equal((await read(page)).country, 'FR', 'a calling code says the country');
  });

  test(`${name}: says so when a text is too long, and recovers`, async () => {
    await openPage(page, host, `#names/${EXAMPLE}?cell=gru&list=tutorial`, EXAMPLE);
    const paste = (text) =>
      page.evaluate((value) => {
        const input = document.querySelector('#name');
        input.value = value;
        input.dispatchEvent(new Event('input', { bubbles: true }));
      }, text);
    await paste('a'.repeat(10_001));
    await until(page, () => /10,000 letters/.test(document.querySelector('.notice').innerText));
    assert.deepEqual((await read(page)).ranking, []);
    await paste('ß'.repeat(9_000)); // 18,000 letters once it is folded: the engine says so
    await until(page, () => document.querySelector('.notice .detail:not([hidden])')?.innerText);
    await paste('a'.repeat(10_000));
    await until(page, () => document.querySelector('.answer .ranking:not([hidden])') !== null);
    await paste('Ivanov');
    await answered(page, 'Ivanov');
  });

  test(`${name}: reads combining marks, other scripts and nothing at all`, async () => {
    const composed = await openPage(page, host, `#names/${encodeURIComponent('Müller')}`, 'Müller');
    const decomposed = 'Mu\u0308ller';
    const combined = await openPage(
      page,
      host,
      `#names/${encodeURIComponent(decomposed)}`,
      decomposed,
    );
    assert.deepEqual(combined.ranking, composed.ranking);
    assert.equal(combined.letters.length, 6);

    await retype(page, 'محمد');
    // Unless the file tells which countries are at home in a script.
    await until(page, () =>
      /cannot read|Written in Arabic/.test(document.querySelector('.answer').innerText),
    );
    assert.equal(
      await page.evaluate(() => getComputedStyle(document.querySelector('#name')).direction),
      'rtl',
    );
    assert.equal((await read(page)).value, 'محمد');
    await retype(page, ' ');
    await until(page, emptied);
  });

  /** The notice of a page in which nothing is typed. */
  function emptied() {
    const notice = document.querySelector('.notice');
    const letters = document.querySelectorAll('.strip-grid:not([hidden]) button');
    return !notice.hidden && letters.length === 0 && notice.innerText;
  }
}
