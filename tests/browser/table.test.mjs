import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import { launchChromium } from './browsers.mjs';
import * as chromium from './chromium.mjs';
import { EXAMPLE, FIRST, answered, openPage, retype, until } from './page.mjs';
import { servePage } from './server.mjs';

/* Whole tables of names: a file in, the same file with columns added out. */

const root = new URL('../..', import.meta.url).pathname;
let browser, host, folder;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'recur-table-'));
  browser = await launchChromium();
  host = await servePage();
});
after(async () => {
  await browser?.close();
  await host?.close();
  rmSync(folder, { recursive: true });
});

const write = (name, content) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

const freshPage = (context, options) => chromium.freshPage(browser, context, options);

async function choose(page, path) {
  await page.setInputFiles('#table-file', path);
  await until(
    page,
    (name) => document.querySelector('.table-about')?.textContent.startsWith(`${name} (`),
    basename(path),
  );
}

const start = (page) => page.click('.table-form .button');

async function saved(page) {
  await page.waitForSelector('.table-done:not([hidden]) a', { timeout: 120_000 });
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.click('.table-done a'),
  ]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

/** What the program gives for the same table. */
function native(path, column, top) {
  const models = FIRST.cells.flatMap((cell) => [
    '--model',
    join(root, `data/weights/${FIRST.file.replace('gru', cell)}.gguf`),
  ]);
  const { stdout, stderr, status } = spawnSync(
    join(root, 'build/native/bin/classify'),
    [...models, '--column', column, '--top', String(top), '--in', path],
    { maxBuffer: 1 << 28 },
  );
  assert.equal(status, 0, String(stderr));
  return stdout;
}

const NUMBER = /[01]\.\d{6}/g;

/** Byte for byte the same, but for the last digits of probabilities. */
function assertSameTable(actual, expected) {
  const [a, b] = [actual, expected].map((bytes) => bytes.toString('latin1'));
  assert.equal(a.replace(NUMBER, '#'), b.replace(NUMBER, '#'));
  const numbers = b.match(NUMBER).map(Number);
  a.match(NUMBER).forEach((number, i) =>
    assert.ok(Math.abs(Number(number) - numbers[i]) < 2e-3, `${number} ${numbers[i]}`),
  );
}

const AWKWARD = {
  'quoted.csv':
    '\uFEFFid,"Family Name",note\r\n1,Müller,"a, ""b"""\r\n2,"O""Brien","two\r\nlines"\r\n\r\n' +
    '3,"Nguyễn, Văn An",\r\n4\r\n5,Παπαδόπουλος,x,more,fields\r\n6,,empty\r\n7,  ,blank\r\n8,Kowalczyk,no end',
  'tabs.tsv': 'nom\tlabel\tprobability\nMüller\t"x"\t1\nOkafor\ty"\t2\n',
  'semicolons.csv': 'Straße;Nachname\nA;"Öztürk"\nB;Tanaka;\n',
  'one.csv': 'surname\nHaddad\nHaddad\n\nLi\n',
  'header.csv': 'surname,other\n',
};
const COLUMNS = {
  'quoted.csv': 'Family Name',
  'tabs.tsv': 'nom',
  'semicolons.csv': 'Nachname',
  'one.csv': 'surname',
  'header.csv': 'surname',
};

test('a table comes back as the program classify makes it, and nothing is sent', async (context) => {
  const { page, seen } = await freshPage(context);
  await openPage(page, host, '', EXAMPLE);
  await chromium.offlineReady(page);
  for (const [name, content] of Object.entries(AWKWARD)) {
    const path = write(name, content);
    await choose(page, path);
    assert.equal(
      await page.evaluate(() => document.querySelector('#table-column').selectedOptions[0].text),
      COLUMNS[name],
    );
    const top = name === 'one.csv' ? 1 : 3;
    await page.selectOption('#table-top', String(top));
    const before = host.requests.length;
    await start(page);
    const { name: given, bytes } = await saved(page);
    assert.equal(given, name.replace('.', '.labelled.'));
    const expected = native(path, COLUMNS[name], top);
    if (name === 'header.csv') assert.deepEqual(bytes, expected);
    else assertSameTable(bytes, expected);
    assert.equal(host.requests.length, before, 'nothing is asked for or sent');
  }
  assert.deepEqual([...seen.origins], [new URL(host.url).origin]);
  assert.deepEqual(seen.complaints, []);
});

/** Names without end, all different. */
function manyNames(count) {
  const rows = readFileSync(join(root, 'data/names/world.tsv'), 'utf8').trim().split('\n');
  const names = [...new Set(rows.map((line) => line.split('\t')[0]))];
  const lines = Array.from(
    { length: count },
    (_, i) => `${i},${names[(i * 7) % names.length]}${i < names.length ? '' : i}`,
  );
  return `id,surname\n${lines.join('\n')}\n`;
}

test('a long table shows how far it is while names are answered, and is given up', async (context) => {
  const { page } = await freshPage(context);
  await openPage(page, host, '', EXAMPLE);
  await choose(page, write('long.csv', manyNames(60_000)));
  await start(page);
  const far = () => page.evaluate(() => document.querySelector('.table-running progress').value);
  await until(page, () => document.querySelector('.table-running progress').value > 0);
  await retype(page, 'Kowalczyk');
  await answered(page, 'Kowalczyk');
  const first = await far();
  await until(
    page,
    (before) => document.querySelector('.table-running progress').value > before,
    first,
  );
  assert.ok((await far()) < 1);
  assert.match(await page.innerText('.table-rows'), /^[\d,]+ rows, \d+%$/);
  await page.click('.table-running .link');
  await until(page, () => /Cancelled/.test(document.querySelector('.table-status').textContent));
  await retype(page, 'Nakamura');
  await answered(page, 'Nakamura');

  await choose(page, write('short.csv', manyNames(300)));
  await start(page);
  const { bytes } = await saved(page);
  assertSameTable(bytes, native(join(folder, 'short.csv'), 'surname', 3));
});

test('a dropped file is read, and the column can be another', async (context) => {
  const { page } = await freshPage(context);
  await openPage(page, host, '', EXAMPLE);
  const data = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(['city,who\nParis,Tanaka\nLyon,Kowalczyk\n'], 'dropped.csv'));
    return transfer;
  });
  await page.dispatchEvent('body', 'dragover', { dataTransfer: data });
  assert.ok(await page.evaluate(() => document.querySelector('.table.is-target')));
  await page.dispatchEvent('body', 'drop', { dataTransfer: data });
  await until(page, () => document.querySelector('.table-about')?.textContent);
  assert.equal(await page.evaluate(() => document.querySelector('.table.is-target')), null);
  await page.selectOption('#table-column', { label: 'who' });
  assert.equal(await page.innerText('#table-begins'), 'It begins: Tanaka, Kowalczyk');
  await page.selectOption('#table-top', '1');
  await start(page);
  const { bytes } = await saved(page);
  assert.match(
    String(bytes),
    /^city,who,label,probability\nParis,Tanaka,Japan,0\.\d{6}\nLyon,Kowalczyk,Poland,0\.\d{6}\n$/,
  );
  assert.match(await page.innerText('.table-status'), /^2 rows in /);
  assert.deepEqual((await page.locator('.table-done .country').allInnerTexts()).toSorted(), [
    'Japan',
    'Poland',
  ]);
});

test('what cannot be read is said, and another file helps', async (context) => {
  const { page } = await freshPage(context);
  await openPage(page, host, '', EXAMPLE);
  for (const [content, said] of [
    [Buffer.from('\uFEFFsurname\nLi\n', 'utf16le'), /UTF-16/],
    ['', /empty/],
  ]) {
    await choose(page, write('wrong.csv', content));
    // What was said of the file before still stands there for a moment.
    await until(
      page,
      (pattern) => new RegExp(pattern).test(document.querySelector('.table-status').textContent),
      said.source,
    );
    assert.equal(await page.isVisible('.table-form'), false);
  }
  await choose(page, write('right.csv', 'surname\nLi\n'));
  await page.waitForSelector('.table-form:not([hidden])');
  await until(page, () => document.querySelector('.table-status').textContent === '');
});

test('it can be done with the keyboard, and axe finds nothing', async (context) => {
  const { page } = await freshPage(context, { viewport: { width: 360, height: 740 } });
  await openPage(page, host, '', EXAMPLE);
  await choose(page, write('people.csv', 'surname,city\nTanaka,Paris\n'));
  await page.waitForSelector('.table-form:not([hidden])');
  const focused = () => page.evaluate(() => document.activeElement.textContent);
  await until(page, () => document.activeElement.matches('.table-form .button'));
  await chromium.assertAccessible(page, 'a file is chosen');
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
  await page.keyboard.press('Enter');
  await until(page, () => document.activeElement.matches('.table-done a'));
  assert.equal(await focused(), 'Save people.labelled.csv');
  await chromium.assertAccessible(page, 'done');
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
});
