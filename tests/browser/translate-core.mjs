import assert from 'node:assert/strict';
import * as runner from 'node:test';
import { after, before } from 'node:test';
import { answered, until } from './page.mjs';
import { servePage } from './server.mjs';
import {
  EXAMPLE,
  openTranslator,
  readTranslation,
  retypeEnglish,
  translated,
} from './translate-page.mjs';

const link = (text, model) =>
  `#translate/${encodeURIComponent(text)}${model ? `?model=${model}` : ''}`;

const SENTENCE = 'We see a red letter.';
const PARAGRAPHS = 'The lamp is red. We see a letter.\n\nThe chair is white.\nPaul is a gardener.';

/**
 * What the translate view must do in every browser. Uses only what playwright-core and puppeteer-core
 * have in common.
 * @param {string} name
 * @param {() => Promise<{ newPage: () => Promise<object>, close: () => Promise<void> }>} launch
 * @param {() => string} pageFolder of the page to serve
 * @param {RegExp} [chosen] of a slow browser, the tests that are enough
 */
export function translateSuite(name, launch, pageFolder, chosen = /./) {
  let browser, host, page;
  const test = (title, body) => chosen.test(title) && runner.test(title, body);

  before(async () => {
    host = await servePage(pageFolder());
    browser = await launch();
    page = await browser.newPage();
  });
  after(async () => {
    await browser?.close();
    await host?.close();
  });

  test(`${name}: the header leads to the translator and back, and each keeps its text`, async () => {
    await page.goto(`${host.url}#names/Kowalczyk`);
    await answered(page, 'Kowalczyk');
    const title = await page.evaluate(() => document.title);
    await page.click('.views a:nth-child(2)');
    assert.match((await translated(page, EXAMPLE)).french, /\p{L}/u);
    assert.equal(await page.evaluate(() => document.activeElement.id), 'english');
    assert.notEqual(await page.evaluate(() => document.title), title);
    assert.equal(
      await page.evaluate(() => document.querySelector('[aria-current]').textContent.trim()),
      'Translate',
    );
    await retypeEnglish(page, SENTENCE);
    await translated(page, SENTENCE);
    await page.click('.views a:first-child');
    assert.equal((await answered(page, 'Kowalczyk')).value, 'Kowalczyk');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'name');
    await page.evaluate(() => history.back());
    await translated(page, SENTENCE);
  });

  test(`${name}: translates while one types, and says what the whole would say`, async () => {
    await openTranslator(page, host);
    await retypeEnglish(page, '');
    await until(page, () =>
      /comes back in French/.test(document.querySelector('.pair .notice').innerText),
    );
    const seen = new Set();
    let typed = '';
    for (const part of SENTENCE.split(/(?<= )/)) {
      await page.keyboard.type(part);
      typed += part;
      seen.add((await translated(page, typed)).french);
    }
    assert.ok(seen.size >= 3, [...seen].join(' | '));
    const { french, took } = await translated(page, SENTENCE);
    assert.match(took, /\d ms on this device/);
    assert.equal((await openTranslator(page, host, link(SENTENCE))).french, french);
    assert.equal(await page.evaluate(() => document.querySelector('.french').lang), 'fr');
  });

  test(`${name}: a newer text ends the work on the older`, async () => {
    const { french } = await openTranslator(page, host, link(SENTENCE));
    await page.evaluate((text) => {
      const field = document.querySelector('#english');
      const enter = (value) => {
        field.value = value;
        field.dispatchEvent(new Event('input', { bubbles: true }));
      };
      enter(Array.from({ length: 60 }, (_, i) => `${i} is a red chair in the house.`).join('\n'));
      setTimeout(() => enter(text), 30);
    }, SENTENCE);
    await until(page, () => document.querySelector('#english').value.length < 50);
    assert.equal((await translated(page, SENTENCE)).french, french);
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
    assert.equal((await readTranslation(page)).french, french, 'nothing older comes later');
  });

  test(`${name}: the address carries text and model both ways`, async () => {
    const text = 'Is it 100% red?\n\nYes & no #1.';
    await openTranslator(page, host, link(text));
    await retypeEnglish(page, SENTENCE);
    await until(
      page,
      (wanted) => decodeURIComponent(location.hash) === wanted,
      `#translate/${SENTENCE}?model=main`,
    );
    await page.evaluate((hash) => (location.hash = hash), link('The lamp is red.', 'tutorial'));
    const linked = await translated(page, 'The lamp is red.');
    assert.equal(linked.model, 'tutorial');
    await page.evaluate(() => history.back());
    assert.equal((await translated(page, SENTENCE)).model, 'main');
  });

  test(`${name}: a word under the pointer or in focus lights what it looked at`, async () => {
    await openTranslator(page, host, link(SENTENCE));
    const strongest = (numbers) => numbers.indexOf(Math.max(...numbers));
    await page.hover('.french .word:nth-child(4)');
    const { lit, rows, columns, links } = await readTranslation(page);
    assert.deepEqual(columns, ['We', 'see', 'a', 'red', 'letter', '.']);
    assert.equal(rows.length, lit.french.length);
    assert.equal(lit.french[3], 1);
    const sum = lit.mirror.reduce((a, b) => a + b);
    assert.ok(sum > 0 && sum < 1.01, `${lit.mirror}`);

    // A line from each word that is lit to the one that is looked at.
    const boxes = await page.evaluate(() =>
      Array.from(document.querySelectorAll('.mirror .word, .french .word:nth-child(4)'), (word) => {
        const { left, right, top, bottom } = word.getBoundingClientRect();
        return { left, right, top, bottom };
      }),
    );
    const touches = ({ x, y }, box) =>
      x > box.left && x < box.right && y > box.top - 1 && y < box.bottom + 1;
    const strengths = lit.mirror.filter((light) => light > 0);
    assert.equal(links.length, strengths.length);
    for (const { from, to, strength } of links) {
      const word = boxes.findIndex((box) => touches(from, box));
      assert.ok(Math.abs(lit.mirror[word] - strength) < 1e-6, JSON.stringify({ from, word }));
      assert.ok(touches(to, boxes.at(-1)), JSON.stringify({ to, boxes }));
    }

    // The heat map has the same numbers.
    const heat = await page.evaluate(() =>
      Array.from(document.querySelectorAll('.attention-row.is-looked .cell'), (cell) =>
        Number(cell.style.getPropertyValue('--heat')),
      ),
    );
    assert.equal(strongest(heat), strongest(lit.mirror));

    await page.hover('#english'); // its middle: below a text of one line, or on a word
    await page.evaluate(() => {
      const word = document.querySelectorAll('.mirror .word')[4].getBoundingClientRect();
      document.querySelector('#english').dispatchEvent(
        new PointerEvent('pointermove', {
          clientX: word.x + word.width / 2,
          clientY: word.y + word.height / 2,
          pointerType: 'mouse',
        }),
      );
    });
    await until(page, () => document.querySelector('.attention-heads .is-looked') !== null);
    const other = await readTranslation(page);
    assert.deepEqual(other.lit.mirror, [0, 0, 0, 0, 1, 0]);
    assert.ok(Math.max(...other.lit.french) > 0);

    // The caret looks too, when it is moved.
    await page.evaluate(() => {
      document.querySelector('#english').focus();
      document.querySelector('#english').setSelectionRange(3, 3);
    });
    await page.keyboard.press('ArrowRight');
    await until(page, () =>
      document.querySelectorAll('.mirror .word')[1].style.cssText.includes('1'),
    );
    assert.deepEqual((await readTranslation(page)).lit.mirror, [0, 1, 0, 0, 0, 0]);

    // And French words by keyboard.
    await page.evaluate(() => document.querySelector('.french [tabindex="0"]').focus());
    assert.equal((await readTranslation(page)).lit.french[0], 1);
    await page.keyboard.press('ArrowRight');
    assert.equal((await readTranslation(page)).lit.french[1], 1);
    await page.keyboard.press('End');
    assert.equal((await readTranslation(page)).lit.french.at(-1), 1);
    await page.evaluate(() => document.activeElement.blur());
    assert.equal(Math.max(...(await readTranslation(page)).lit.mirror), 0);
  });

  test(`${name}: the table holds the numbers of the picture`, async () => {
    const { rows, columns } = await openTranslator(page, host, link(SENTENCE));
    await page.evaluate(() => document.querySelector('.heatmap summary').click());
    const table = await until(page, () => {
      const lines = document.querySelectorAll('.heatmap tr');
      return lines.length && Array.from(lines, (r) => Array.from(r.cells, (c) => c.textContent));
    });
    assert.deepEqual(table[0].slice(1), columns);
    assert.deepEqual(
      table.slice(1).map(([head]) => head),
      rows,
    );
    const heat = await page.evaluate(() =>
      Array.from(document.querySelectorAll('.attention .cell'), (cell) =>
        Number(cell.style.getPropertyValue('--heat')),
      ),
    );
    const numbers = table.slice(1).flatMap((row) => row.slice(1).map((cell) => parseInt(cell, 10)));
    assert.equal(numbers.length, heat.length);
    numbers.forEach((percent, i) => assert.ok(Math.abs(percent - 100 * heat[i]) <= 0.6));
  });

  test(`${name}: alternatives are one key away, and one can be taken`, async () => {
    const { french } = await openTranslator(page, host, link(SENTENCE));
    await page.evaluate(() => document.querySelector('#english').focus());
    await page.keyboard.down('Alt');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.up('Alt');
    const { alternatives } = await until(
      page,
      () => document.querySelector('.alternatives:not([hidden]) button') !== null,
    ).then(() => readTranslation(page));
    assert.equal(alternatives[0], french);
    assert.ok(alternatives.length >= 2 && alternatives.length <= 4, `${alternatives.length}`);
    assert.equal(new Set(alternatives).size, alternatives.length);

    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await until(
      page,
      (other) => document.querySelector('.french').textContent === other,
      alternatives[1],
    );
    assert.equal(
      await page.evaluate(() => document.querySelector('[aria-pressed=true]').textContent),
      alternatives[1],
    );
    await page.keyboard.press('Escape');
    await until(page, () => document.querySelector('.alternatives').hidden);
    assert.equal(await page.evaluate(() => document.activeElement.id), 'english');
    await retypeEnglish(page, `${SENTENCE} `);
    await translated(page, `${SENTENCE} `);
    await retypeEnglish(page, SENTENCE);
    assert.equal((await translated(page, SENTENCE)).french, french, 'another text, the best again');
  });

  test(`${name}: paragraphs come back as paragraphs, and edits cost nothing of the rest`, async () => {
    const whole = await openTranslator(page, host, link(PARAGRAPHS));
    assert.match(whole.french, /^[^\n]+\n\n[^\n]+\n[^\n]+$/);
    assert.deepEqual(whole.columns, ['Paul', 'is', 'a', 'gardener', '.'], 'where the caret is');
    await page.hover('.french [data-sentence="1"] .word');
    assert.deepEqual((await readTranslation(page)).columns, ['The', 'chair', 'is', 'white', '.']);
    await page.hover('.heatmap h2');
    assert.deepEqual((await readTranslation(page)).columns, ['The', 'chair', 'is', 'white', '.']);

    // The same text, typed together from the middle.
    const start = PARAGRAPHS.replace('We see a letter.', '');
    await openTranslator(page, host, link(start));
    await page.evaluate((at) => {
      document.querySelector('#english').focus();
      document.querySelector('#english').setSelectionRange(at, at);
    }, PARAGRAPHS.indexOf('We see'));
    await page.keyboard.type('We see a letter.');
    const typed = await translated(page, PARAGRAPHS);
    assert.equal(typed.french, whole.french);
    assert.equal(typed.columns.join(' '), 'The lamp is red . We see a letter .');
  });

  test(`${name}: two translators side by side, and either can be the one`, async () => {
    await openTranslator(page, host, link(SENTENCE, 'tutorial'));
    await until(
      page,
      () => document.querySelector('.pairwise .notice:not([hidden]) button:not([hidden])') !== null,
    );
    await page.evaluate(() =>
      document.querySelector('.pairwise .notice button:not([hidden])').click(),
    );
    const renditions = await until(page, () => {
      const texts = Array.from(document.querySelectorAll('.rendition'), (p) => p.textContent);
      return texts.every(Boolean) && texts;
    });
    assert.equal(renditions[1], (await readTranslation(page)).french);
    await page.evaluate(() => document.querySelector('[name=model][value=main]').click());
    await until(
      page,
      (text) => document.querySelector('.french').textContent === text,
      renditions[0],
    );
    await until(page, () => location.hash.endsWith('?model=main'));
  });

  test(`${name}: the tutorial’s translator says what it cannot read`, async () => {
    assert.equal((await openTranslator(page, host, link(SENTENCE, 'tutorial'))).remark, '');
    const { remark } = await openTranslator(page, host, link('We see a red zebra.', 'tutorial'));
    assert.match(remark, /never seen “zebra”/);
    const long = 'We see a red letter and a red lamp and a red chair.';
    const cut = await openTranslator(page, host, link(long, 'tutorial'));
    assert.match(cut.remark, /only the first 9 words/);
  });

  test(`${name}: clears, and says so when a text is too long`, async () => {
    await openTranslator(page, host, link(SENTENCE));
    const paste = (text) =>
      page.evaluate((value) => {
        const field = document.querySelector('#english');
        field.value = value;
        field.dispatchEvent(new Event('input', { bubbles: true }));
      }, text);
    await paste('The lamp is red. '.repeat(6_000));
    await until(page, () =>
      /100,000 bytes of text, too much/.test(document.querySelector('.pair .notice').innerText),
    );
    await paste(SENTENCE);
    await translated(page, SENTENCE);
    await page.click('.pair-source .link');
    await until(page, () =>
      /comes back in French/.test(document.querySelector('.pair .notice').innerText),
    );
    assert.equal(await page.evaluate(() => document.activeElement.id), 'english');
    assert.equal((await readTranslation(page)).english, '');
    await page.click('.pair .examples a');
    await until(page, () => document.querySelector('#english').value !== '');
  });
}
