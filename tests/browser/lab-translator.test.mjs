import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { createEngine } from '../../build/wasm/recur.js';
import { launchChromium } from './browsers.mjs';
import * as chromium from './chromium.mjs';
import { until } from './page.mjs';
import { servePage } from './server.mjs';

const SCORES = ['dot', 'general', 'additive'];
const EXAMPLE = 'I look for a green mountain.';

let browser, host, engine;
const translators = {};

before(async () => {
  browser = await launchChromium();
  host = await servePage();
  engine = await createEngine({ models: ['inspector'] });
  for (const score of SCORES) {
    const file = new URL(`../../data/weights/en-fr-small-${score}.gguf`, import.meta.url);
    translators[score] = engine.loadTranslator(readFileSync(file));
  }
});
after(async () => {
  await browser?.close();
  await host?.close();
  engine?.free();
});

const read = (page) =>
  page.evaluate(() => {
    const texts = (nodes) => Array.from(nodes, (node) => node.textContent);
    const numbersOf = (place) => ({
      sources: texts(place.querySelectorAll('thead th')).slice(1),
      targets: texts(place.querySelectorAll('tbody th')),
      rows: Array.from(place.querySelectorAll('tbody tr'), (row) =>
        texts(row.querySelectorAll('td')).map(Number),
      ),
    });
    const said = document.querySelector('.look-said').textContent;
    const [first] = document.querySelectorAll('.lab-look > .attention-numbers');
    const columns = Array.from(document.querySelectorAll('.score-column'), (column) => ({
      said: column.querySelector('.rendition').textContent,
      facts: column.querySelector('.score-facts').textContent,
      tables: Array.from(column.querySelectorAll('.attention-numbers'), numbersOf),
    }));
    return { said, attention: numbersOf(first), columns };
  });

/** Opens the lab at the translator and waits until all networks have looked at the sentence. */
async function openLook(page) {
  await page.goto(`${host.url}#lab/Nakamura?hidden=16&embedding=8&cells=rnn`);
  await page.waitForSelector('.lab-look', { timeout: 60_000 });
  await page.evaluate(() => document.querySelector('.lab-look').scrollIntoView());
  await looked(page, EXAMPLE);
}

async function looked(page, text) {
  const expected = Object.fromEntries(
    await Promise.all(SCORES.map(async (score) => [score, await translators[score].inspect(text)])),
  );
  await until(
    page,
    (wanted) => {
      const said = Array.from(document.querySelectorAll('.score-column .rendition'));
      return said.every((node, i) => node.textContent === wanted[i]);
    },
    SCORES.map((score) => expected[score].text),
    60_000,
  );
  return expected;
}

const namesOf = (words) => words.map(({ text }) => text || '(end)');

/** The numbers of a table are those of an attention, in percent. */
function assertNumbers({ sources, targets, rows }, inside) {
  assert.deepEqual(sources, namesOf(inside.sourceWords));
  assert.deepEqual(targets, namesOf(inside.targetWords));
  rows.forEach((row, t) => {
    assert.ok(Math.abs(row.reduce((a, b) => a + b, 0) - 100) <= row.length / 2, row.join(' '));
    row.forEach((number, j) => {
      const share = inside.wordAttention[t * sources.length + j];
      assert.ok(Math.abs(number - 100 * share) <= 3, `${number} for ${share}`);
    });
  });
}

test('shows what is inside a translator, for sentences of one’s own', async (context) => {
  const { page, seen } = await chromium.freshPage(browser, context);
  await openLook(page);
  const inside = (await looked(page, EXAMPLE)).general;
  const shown = await read(page);
  assert.equal(shown.said, inside.text);
  assertNumbers(shown.attention, inside);

  await page.fill('#lab-sentence', 'Marie draws the bridge.');
  const other = (await looked(page, 'Marie draws the bridge.')).general;
  await until(
    page,
    (text) => document.querySelector('.look-said').textContent === text,
    other.text,
  );
  assertNumbers((await read(page)).attention, other);

  // The picture by keyboard, and its table.
  const canvas = page.locator('.lab-look .unit-map:nth-child(4) canvas >> visible=true');
  await canvas.focus();
  await page.keyboard.press('ArrowRight');
  const pointed = await page.innerText('.lab-look .maps-pointed');
  assert.match(pointed, /^State, unit \d+, after “draws”: −?\d\.\d\d$/);
  await page.click('.lab-look > .as-table summary');
  const cells = page.locator('.lab-look > .as-table td');
  const { shape } = other.encoder;
  assert.equal(await cells.count(), 4 * shape[3] * other.sourceWords.length);
  const [, unit, value] = /unit (\d+), .*: (.*)$/.exec(pointed);
  const [, numbers] = await page.evaluate((wanted) => {
    const rows = document.querySelectorAll('.lab-look > .as-table tbody tr');
    const found = Array.from(rows).find((row) => row.firstChild.textContent === wanted);
    return Array.from(found.querySelectorAll('td'), (node) => node.textContent);
  }, `State ${unit}`);
  assert.equal(numbers, value);

  await page.click('.lab-look input[value=decoder] + span');
  await until(page, () => document.querySelectorAll('.lab-look .map-letters span').length > 0);
  await until(
    page,
    (words) =>
      Array.from(
        document.querySelector('.lab-look .map-letters').children,
        (node) => node.textContent,
      ).join() === words,
    namesOf(other.targetWords).join(),
  );

  await page.fill('#lab-sentence', `${'The map is old. '.repeat(4)}`);
  await until(page, () =>
    /One sentence at a time/.test(document.querySelector('.lab-look').innerText),
  );
  await page.fill('#lab-sentence', '');
  await page.click('.look-examples button:first-of-type');
  await looked(page, EXAMPLE);
  assert.deepEqual(seen.complaints, []);
});

test('three scores side by side, and the plain dot product of the same states', async (context) => {
  const { page } = await chromium.freshPage(browser, context);
  await openLook(page);
  const expected = await looked(page, EXAMPLE);
  const { columns } = await read(page);
  SCORES.forEach((score, i) => {
    assertNumbers(columns[i].tables[0], expected[score]);
    assert.match(columns[i].facts, /looks at \d\.\d words on average/);
    assert.equal(columns[i].tables.length, score === 'dot' ? 1 : 2);
  });
  // Where nothing is learnt but the states, the plain product is the network's own.
  for (const { facts } of columns.slice(1)) assert.match(facts, /puts \d+% of it elsewhere/);
  await chromium.assertAccessible(page, 'the translator looked into', '.lab-look');
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth + 1));
});

test('nothing of it is fetched before one comes to it', async (context) => {
  const { page } = await chromium.freshPage(browser, context, { serviceWorkers: 'block' });
  await page.setViewportSize({ width: 1280, height: 700 });
  const from = host.requests.length;
  await page.goto(`${host.url}#lab/Nakamura?hidden=16&embedding=8&cells=rnn`);
  await page.waitForSelector('.lab-look', { timeout: 60_000 });
  await page.waitForTimeout(500);
  const own = () => host.requests.slice(from).filter((path) => /en-fr|inspector-/.test(path));
  assert.deepEqual(own(), []);
  await page.evaluate(() => document.querySelector('.lab-look').scrollIntoView());
  await looked(page, EXAMPLE);
  assert.equal(own().filter((path) => path.includes('en-fr-small')).length, 3);
  assert.ok(own().every((path) => !/en-fr-(?!small)/.test(path)));
});
