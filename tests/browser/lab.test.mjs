import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { launchChromium, launchFirefox } from './browsers.mjs';
import * as chromium from './chromium.mjs';
import { choose, columns, learnUntil, made, openLab, press, resting, stepTo } from './lab-page.mjs';
import { answered, until } from './page.mjs';
import { PAGE, servePage } from './server.mjs';
import { launchWebkit } from './webkit.mjs';

const root = new URL('../..', import.meta.url).pathname;
const DEV = readFileSync(join(root, 'data/sample/names.dev.tsv'), 'utf8');
const SMALL = '?hidden=16&embedding=8';
const CELLS = ['rnn', 'lstm', 'gru'];

let browser, host, folder;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'recur-lab-'));
  browser = await launchChromium();
  host = await servePage();
});
after(async () => {
  await browser?.close();
  await host?.close();
  rmSync(folder, { recursive: true });
});

const freshPage = (context, options) => chromium.freshPage(browser, context, options);

/** Accuracy of every network that learns, in percent, is above this. */
const above = (least) =>
  Array.from(document.querySelectorAll('.lab-column:not(.is-off) strong')).every(
    (node) => Number(node.textContent.replace(/\D/g, '')) > least,
  );

/** The same, and of the name that is watched each says that it is Japanese. */
const knowsJapan = (least) =>
  Array.from(document.querySelectorAll('.lab-column:not(.is-off)')).every(
    (column) =>
      Number(column.querySelector('strong').textContent.replace(/\D/g, '')) > least &&
      column.querySelector('.country').textContent === 'Japan',
  );

for (const [name, launch] of Object.entries({
  chromium: launchChromium,
  firefox: launchFirefox,
  webkit: launchWebkit,
}))
  test(`${name}: three networks learn side by side, pause, step and begin anew`, async (context) => {
    const other = await launch();
    context.after(() => other.close());
    const page = await other.newPage();
    await openLab(page, host, `#lab/Nakamura${SMALL}&lr=0.01`);
    const before = await columns(page);
    for (const cell of CELLS) {
      assert.equal(before[cell].step, 0, cell);
      assert.ok(before[cell].accuracy < 25, `${cell} ${before[cell].accuracy}`);
    }
    const learnt = await learnUntil(page, knowsJapan, 30);
    for (const cell of CELLS) {
      assert.ok(learnt[cell].step > 10 && learnt[cell].loss < 2.7, JSON.stringify(learnt[cell]));
      assert.equal(learnt[cell].countries[0], 'Japan', cell);
    }
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 500)));
    assert.deepEqual(await columns(page), learnt, 'it rests');
    await press(page, '.lab-buttons button:nth-child(3)');
    await until(page, () => document.querySelector('.lab-facts dd').textContent === '–');
    await made(page);
    assert.deepEqual(await columns(page), before, 'as at the start');
    const one = await stepTo(page, 1);
    assert.ok(
      CELLS.every((cell) => one[cell].loss > 2),
      JSON.stringify(one),
    );
  });

test('the same seed learns the same, and another seed does not', async (context) => {
  const { page } = await freshPage(context);
  const three = async () => {
    await stepTo(page, 1);
    await stepTo(page, 2);
    return Object.values(await stepTo(page, 3)).map(({ loss }) => loss);
  };
  await openLab(page, host, `#lab/Nakamura${SMALL}`);
  const first = await three();
  await press(page, '.lab-buttons button:nth-child(3)');
  await until(page, () => document.querySelector('.lab-facts dd').textContent === '–');
  await made(page);
  assert.deepEqual(await three(), first);
  await openLab(page, host, `#lab/Nakamura${SMALL}&seed=2`);
  assert.notDeepEqual(await three(), first);
});

test('settings live in the address; rate and batch change on the way, others at the next reset', async (context) => {
  const { page, seen } = await freshPage(context);
  await openLab(page, host, `#lab/Nakamura${SMALL}&cells=gru`);
  assert.equal(await page.locator('.lab-column.is-off').count(), 2);
  await stepTo(page, 1);
  await choose(page, 'lr', 0.1);
  await choose(page, 'batch', 8);
  await until(
    page,
    () => location.hash.endsWith('&lr=0.1&batch=8') || location.hash.includes('lr=0.1'),
  );
  await stepTo(page, 2);
  assert.equal(await page.innerText('.lab-controls .lab-note'), '');
  await choose(page, 'hidden', 32);
  await until(page, () => /next reset/.test(document.querySelector('.lab-note').textContent));
  await stepTo(page, 3);
  await press(page, '.lab-buttons button:nth-child(3)');
  await until(page, () => document.querySelector('[data-cell=gru] dd').textContent === '–');
  await made(page);
  await page.waitForTimeout(200);
  const hash = await page.evaluate(() => location.hash);
  assert.equal(hash, '#lab/Nakamura?hidden=32&embedding=8&lr=0.1&batch=8&cells=gru');
  await openLab(page, host, hash);
  for (const [field, value] of [
    ['hidden', '32'],
    ['lr', '0.1'],
    ['batch', '8'],
  ])
    assert.equal(await page.inputValue(`#lab-${field}`), value);
  assert.deepEqual(seen.complaints, []);
});

test('a cell of the confusion matrix opens the names behind it', async (context) => {
  const { page } = await freshPage(context);
  await openLab(page, host, `#lab/Nakamura${SMALL}&cells=rnn&lr=0.01`);
  await learnUntil(page, above, 30);
  const [said] = await page.locator('.confusion-worst .link').allInnerTexts();
  await page.click('.confusion-worst .link >> nth=0');
  await until(page, () => document.querySelector('.confusion-names a'));
  assert.equal(await page.innerText('.confusion-found h3'), said);
  const names = (await page.locator('.confusion-names a').allInnerTexts()).map((name) =>
    name.trim(),
  );
  assert.equal(names.length, Number(/\d+$/.exec(said)[0]));
  const labels = new Set(
    names.map(
      (name) =>
        DEV.split('\n')
          .find((line) => line.startsWith(`${name}\t`))
          ?.split('\t')[1],
    ),
  );
  assert.equal(labels.size, 1, `${said}: ${names}`);

  // By keyboard, on the picture itself.
  await page.focus('.confusion-matrix canvas');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  const pointed = await page.innerText('.confusion-pointed');
  assert.match(pointed, /taken for .*: \d+|recognised: \d+/);
  await page.keyboard.press('Enter');
  await until(
    page,
    (text) => document.querySelector('.confusion-found h3').textContent === text,
    pointed,
  );
  await page.click('.lab-confusion .as-table summary');
  await until(page, () => document.querySelector('.lab-confusion tbody td'));
  const counts = await page.locator('.lab-confusion tbody td:last-child').allInnerTexts();
  assert.equal(
    counts.reduce((sum, count) => sum + Number(count), 0),
    DEV.trim().split('\n').length,
  );
});

test('own names: faults by line, any labels, kept on the device if asked, never sent', async (context) => {
  const { page, seen } = await freshPage(context);
  await openLab(page, host, `#lab/mimi${SMALL}&cells=gru`);
  await chromium.offlineReady(page);
  const asked = host.requests.length;
  const sent = [];
  page.on('request', (request) => {
    if (request.method() !== 'GET' || request.postData()) sent.push(request.url());
  });
  await choose(page, 'data', 'own');
  await until(page, () =>
    /names of your own/.test(document.querySelector('.lab-note').textContent),
  );
  const status = (pattern) =>
    until(
      page,
      (wanted) =>
        new RegExp(wanted).test(document.querySelector('.lab-own .lab-note')?.textContent),
      pattern.source,
    );
  const use = async (text) => {
    await page.fill('#lab-own-text', text);
    await page.click('.own-ways button');
  };
  await use('mimi\tcat\nrex\tdog\nbello\n\tcat\n');
  await status(/Line 3 has no column of labels.*Line 4 has no name\./);
  await use('mimi\tcat\nrex\tcat\n');
  await status(/same label/);
  const pets = Array.from({ length: 40 }, (_, i) =>
    i % 2 ? `mi${'aeiou'[i % 5]}mi${i}\tcat` : `rex${'aeiou'[i % 5]}x${i}\tdog`,
  );
  await use(pets.join('\n'));
  await status(/^40 names, 2 labels/);
  await made(page);
  await learnUntil(page, above, 90);
  assert.equal((await columns(page)).gru.countries[0], 'cat');
  await page.check('.lab-own .check >> nth=1 >> input');
  await page.waitForTimeout(200);
  const files = /\/assets\/[\w.-]+\.(js|wasm)$/; // of the page, for whoever reads the table
  assert.deepEqual(
    host.requests.slice(asked).filter((path) => !files.test(path)),
    [],
  );
  assert.deepEqual(sent, []);
  await page.reload();
  await status(/^40 names, 2 labels/);
  await made(page);
  await page.uncheck('.lab-own .check >> nth=1 >> input');
  await page.waitForTimeout(200);
  await page.reload();
  await until(page, () =>
    /names of your own/.test(document.querySelector('.lab-note')?.textContent),
  );

  // A table with its columns in another order and names on them.
  const csv = join(folder, 'pets.csv');
  writeFileSync(
    csv,
    `label,note,name\n${pets.map((line) => line.split('\t').reverse().join(',"a, b",')).join('\n')}\n`,
  );
  await page.setInputFiles('#lab-own-file', csv);
  await status(/^40 names, 2 labels/);
  assert.equal(
    await page.evaluate(() => document.querySelector('#lab-own-name').selectedOptions[0].text),
    'name',
  );
  await choose(page, 'own-label', 1);
  await status(/same label/);
  assert.deepEqual(seen.complaints, []);
});

test('saved weights are read by the names view and by classify', async (context) => {
  const { page, seen } = await freshPage(context);
  await openLab(page, host, `#lab/Nakamura${SMALL}&cells=gru&lr=0.01`);
  await learnUntil(page, () => {
    const [country, share] = document.querySelectorAll('[data-cell=gru] :is(.country, .share)');
    return country.textContent === 'Japan' && Number(share.textContent.replace(/\D/g, '')) > 70;
  });
  const { gru } = await columns(page);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.click('.weights-rows li:nth-child(3) .link >> nth=0'),
  ]);
  assert.equal(download.suggestedFilename(), 'names-gru.gguf');
  const path = await download.path();
  const program = join(root, 'build/native/bin/classify');
  const native = execFileSync(program, ['--model', path, '--json', '--top', '3', 'Nakamura']);
  assert.equal(JSON.parse(native).predictions[0].label, 'Japanese');

  await page.setInputFiles('#lab-weights-file', path);
  await until(page, () => location.hash === '#names/Nakamura?cell=gru&list=own');
  await answered(page, 'Nakamura');
  await until(page, () => document.querySelector('[value=own]:checked'));
  assert.equal(await page.innerText('.answer .ranking li:first-child .country'), gru.countries[0]);
  assert.match(await page.innerText('.limits'), /18 labels of your own file/);
  const wrong = join(folder, 'wrong.gguf');
  writeFileSync(wrong, 'no weights');
  await page.goto(`${host.url}#lab/Nakamura${SMALL}&cells=gru`);
  await made(page);
  await page.setInputFiles('#lab-weights-file', wrong);
  await until(page, () =>
    /refused/.test(document.querySelector('.lab-weights .lab-note').textContent),
  );
  assert.deepEqual(seen.complaints, []);
});

test('one looks inside: maps by keyboard, equations that hold, and what reaches the first letter', async (context) => {
  const { page, seen } = await freshPage(context);
  await openLab(page, host, `#lab/Nakamura${SMALL}&lr=0.01`);
  await learnUntil(page, above, 20);
  await page.evaluate(() => document.querySelector('.lab-inside').scrollIntoView());
  for (const cell of CELLS) {
    await page.evaluate(
      (value) => document.querySelector(`[name=inside][value=${value}]`).click(),
      cell,
    );
    const maps = { rnn: 1, lstm: 6, gru: 4 }[cell];
    await until(
      page,
      (count) =>
        document.querySelectorAll('.lab-inside .maps .unit-map:not([hidden])').length >= count &&
        document.querySelectorAll('.lab-inside .maps:not([hidden]) .unit-map:not([hidden])')
          .length === count,
      maps,
    );
    await page.focus('.lab-inside .maps .unit-map:not([hidden]) canvas:not([hidden])');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    const pointed = await page.innerText('.lab-inside .maps-pointed');
    assert.match(pointed, /unit \d+, letter “k”: −?\d\.\d\d$/, pointed);
    await page.keyboard.press('Enter');
    const unit = /unit (\d+)/.exec(pointed)[1];
    await until(
      page,
      (wanted) => document.querySelector('.unit h3').textContent.startsWith(wanted),
      `Unit ${unit} at “k”`,
    );
    await until(page, () => document.querySelectorAll('.drivers a').length === 10);
    const shown = await page.locator('.equations dd').allInnerTexts();
    assert.equal(shown.length, { rnn: 1, lstm: 6, gru: 4 }[cell]);
    for (const line of shown) assertHolds(line);
  }
  await page.fill('#lab-second', 'Kowalczyk');
  await until(
    page,
    () => document.querySelectorAll('.lab-inside .maps:not([hidden])').length === 2,
  );
  await until(
    page,
    () => /RNN .*%.*LSTM .*%.*GRU .*%/.test(document.querySelector('.gradient-result').textContent),
    null,
    30_000,
  );
  for (const summary of await page.locator('.lab-inside .as-table summary').all())
    await summary.click();
  await until(page, () => document.querySelectorAll('.lab-gradient tbody tr').length === 6);
  const norms = await page.locator('.lab-gradient tbody td').allInnerTexts();
  assert.ok(
    norms.every((text) => Number(text) > 0),
    norms.join(' '),
  );
  assert.deepEqual(seen.complaints, []);
});

/** "0.10 · (−0.20) + 0.30 · 0.40 = 0.10", to the digits that are shown. */
function assertHolds(line) {
  const plain = line
    .replaceAll('−', '-')
    .replaceAll('·', '*')
    .replaceAll('σ', 'sigma')
    .replaceAll('tanh', 'Math.tanh')
    .replace(/- -/g, '- (-');
  const [left, right] = plain.split('=');
  const value = new Function('sigma', `return ${left}`)((x) => 1 / (1 + Math.exp(-x)));
  assert.ok(Math.abs(value - Number(right)) < 0.03, `${line}: ${value}`);
}

test('everything can be done with the keyboard, axe finds nothing, and a phone has room', async (context) => {
  for (const colorScheme of ['light', 'dark']) {
    const { page } = await freshPage(context, {
      viewport: { width: 360, height: 740 },
      colorScheme,
    });
    await openLab(page, host, `#lab/Nakamura${SMALL}`);
    assert.equal(await page.evaluate(() => document.activeElement.id), 'lab-name');
    await chromium.assertAccessible(page, `${colorScheme}, as it opens`);
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Start');
    await page.keyboard.press('Enter');
    await until(page, above, 15, 60_000);
    await page.keyboard.press('Enter');
    await resting(page);
    await until(page, () => /^At step \d/.test(document.querySelector('#announcer').textContent));
    await page.evaluate(() => document.querySelector('.lab-inside').scrollIntoView());
    await until(page, () => document.querySelector('.gradient-result').textContent);
    await page.evaluate(() => document.querySelector('.lab-look').scrollIntoView());
    const facts = () =>
      Array.from(document.querySelectorAll('.score-facts')).every((node) => node.textContent);
    await until(page, facts, null, 30_000);
    for (const summary of await page.locator('.lab summary').all()) await summary.click();
    await chromium.assertAccessible(page, colorScheme);
    await page.selectOption('#lab-data', 'own');
    await chromium.assertAccessible(page, `${colorScheme}, own names`);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
  }
});

test('speaks the browser’s language, and says why the tutorial’s LSTM and GRU stay behind', async (context) => {
  for (const [locale, start, why] of [
    ['fr', 'Lancer', /Pourquoi LSTM et GRU/],
    ['zh', '开始', /为什么 RNN 早已离开最常见的标签，LSTM 和 GRU/],
    ['en', 'Start', /Why LSTM and GRU/],
  ]) {
    const { page } = await freshPage(context, { locale });
    await openLab(page, host, `#lab/Nakamura${SMALL}`);
    assert.equal(await page.innerText('.lab-go'), start);
    assert.equal(await page.isVisible('.lab-why'), false);
    await page.evaluate(() => document.querySelector('[value=tutorial][name=recipe]').click());
    await until(page, () => location.hash.includes('recipe=tutorial'));
    await until(
      page,
      (pattern) => new RegExp(pattern).test(document.querySelector('.lab-why').innerText),
      why.source,
    );
    await made(page);
    assert.equal(await page.inputValue('#lab-batch'), '1');
  }
});

test('the tutorial’s RNN leaves the commonest label long before LSTM and GRU do', async (context) => {
  const { page } = await freshPage(context);
  await openLab(page, host, '#lab/Nakamura?recipe=tutorial');
  const { rnn, lstm, gru } = await learnUntil(page, () => {
    const steps = document.querySelectorAll('.lab-column[data-cell=rnn] dd')[2].textContent;
    return Number(steps.replace(/\D/g, '')) > 15_000;
  });
  assert.equal(lstm.accuracy, gru.accuracy);
  assert.equal(lstm.countries[0], gru.countries[0]);
  assert.ok(rnn.accuracy > gru.accuracy + 8, `${rnn.accuracy} and ${gru.accuracy} %`);
});

test('what was opened once works without a network, the world’s names too', async (context) => {
  const other = await servePage();
  const { page, profile } = await freshPage(context);
  await openLab(page, other, `#lab/Nakamura${SMALL}&cells=rnn&data=world`);
  await chromium.offlineReady(page);
  await other.close();
  await profile.setOffline(true);
  await page.reload();
  await made(page);
  await stepTo(page, 1);
});

test('the names alone fetch nothing of the lab; nothing leaves the origin', async (context) => {
  const { page, seen } = await freshPage(context, { serviceWorkers: 'block' });
  host.requests.length = 0;
  await page.goto(`${host.url}#names/Nakamura`);
  await answered(page, 'Nakamura');
  const ofLab = () => host.requests.filter((path) => /assets\/lab-|trainer|\.tsv/.test(path));
  assert.deepEqual(ofLab(), []);
  await page.click('.views a:last-child');
  await made(page);
  assert.equal(ofLab().filter((path) => path.endsWith('.wasm')).length, 1, 'one training module');
  assert.deepEqual([...seen.origins], [new URL(host.url).origin]);
  assert.ok(
    seen.complaints.every((text) => /ServiceWorker|service worker/i.test(text)),
    seen.complaints.join(),
  );
});

test('the footer counts all that was fetched, by the page and by its workers', async (context) => {
  const { page } = await freshPage(context, { serviceWorkers: 'block' });
  host.requests.length = 0;
  /** What the host gave, each file once, in kilobytes. */
  const given = () => {
    const sums = { page: 0, WebAssembly: 0, weights: 0 };
    for (const path of new Set(host.requests)) {
      const name = path.slice(new URL(host.url).pathname.length) || 'index.html';
      const kind = name.endsWith('.wasm')
        ? 'WebAssembly'
        : name.endsWith('.gguf')
          ? 'weights'
          : 'page';
      sums[kind] += statSync(join(PAGE, name)).size / 1000;
    }
    return sums;
  };
  const told = async () =>
    Object.fromEntries(
      Array.from(
        (await page.innerText('.facts > :nth-child(2) dd')).matchAll(/([\d,.]+) (k|M)B (\w+)/g),
        ([, number, unit, kind]) => [
          kind,
          Number(number.replace(',', '')) * (unit === 'M' ? 1000 : 1),
        ],
      ),
    );
  const settled = async (state) => {
    let shown, sums;
    for (let i = 0; i < 50; i++) {
      [shown, sums] = [await told(), given()];
      const near = (kind) => Math.abs(shown[kind] - sums[kind]) < (sums[kind] < 1000 ? 1 : 51);
      if (Object.keys(sums).every(near)) return sums;
      await page.waitForTimeout(200);
    }
    assert.fail(`${state}: ${JSON.stringify({ shown, sums })}`);
  };
  await page.goto(`${host.url}#names/Nakamura`);
  await answered(page, 'Nakamura');
  const names = await settled('names');
  await page.click('.views a:last-child');
  await made(page);
  const lab = await settled('lab');
  assert.ok(lab.page > names.page + 100 && lab.WebAssembly > 1.5 * names.WebAssembly);
  await page.evaluate(() => document.querySelector('.lab-look').scrollIntoView());
  await until(page, () => document.querySelector('.look-said').textContent);
  const look = await settled('translators looked into');
  assert.ok(look.weights > lab.weights && look.WebAssembly > lab.WebAssembly + 100);
});

for (const width of [390, 1280]) {
  test(`a view that a link names opens at its top, ${width} pixels wide`, async (context) => {
    for (const link of ['#names', '#translate', '#lab']) {
      const { page } = await freshPage(context, { viewport: { width, height: 844 } });
      await page.goto(host.url + link);
      await page.waitForSelector(`${link}-view > *`);
      await page.waitForTimeout(500); // a browser scrolls once what it looks for is there
      assert.equal(await page.evaluate(() => window.scrollY), 0, link);
    }
  });

  test(`nothing jumps at ${width} pixels, among names and in the lab`, async (context) => {
    for (const link of ['#names/Kowalczyk', `#lab/Nakamura${SMALL}`]) {
      const { page } = await freshPage(context, { viewport: { width, height: 844 } });
      const still = await chromium.watchShifts(page, link);
      await page.goto(host.url + link);
      if (link.startsWith('#lab')) {
        await made(page);
        await learnUntil(page, above, 15);
      } else if (link.startsWith('#names')) await answered(page, 'Kowalczyk');
      await chromium.offlineReady(page);
      await page.waitForTimeout(500);
      await still();
    }
  });
}
