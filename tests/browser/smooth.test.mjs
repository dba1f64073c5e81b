import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchChromium } from './browsers.mjs';
import { freshPage } from './chromium.mjs';
import { openLab, press, resting } from './lab-page.mjs';
import { answered, compared, openPage, until } from './page.mjs';
import { servePage } from './server.mjs';
import { traced } from './trace.mjs';

const LONG = 50; // milliseconds, from which on people notice
const WATCHED = 3000; // milliseconds

let browser, host;

before(async () => {
  browser = await launchChromium();
  host = await servePage();
});
after(async () => {
  await browser?.close();
  await host?.close();
});

/* Every part that is drawn while the networks learn: numbers and curves, the confusion matrix, what is
 * inside the cells, and how the gradient fades. */
for (const part of ['.lab-watched', '.lab-confusion', '.lab-inside', '.lab-gradient'])
  test(`nothing holds the page up while three networks learn and ${part} is seen`, async (context) => {
    const { page } = await freshPage(browser, context, { serviceWorkers: 'block' });
    await openLab(page, host, '#lab/Nakamura');
    await page.evaluate((shown) => document.querySelector(shown).scrollIntoView(), part);
    await press(page, '.lab-go');
    // What comes once, when it is first seen, is not what is asked about here.
    await until(
      page,
      () => document.querySelector('.lab-go').textContent === 'Pause',
      null,
      60_000,
    );
    await page.waitForTimeout(1000);
    const { tasks, slowness } = await traced(browser, page, () => page.waitForTimeout(WATCHED));
    await press(page, '.lab-go');
    await resting(page); // all of them still listen
    const longest = Math.max(...tasks);
    const said = `${longest.toFixed(1)} ms of ${tasks.length} tasks, ${slowness.toFixed(1)} times slower`;
    context.diagnostic(said);
    assert.ok(tasks.length > 20, said);
    assert.ok(longest < LONG * slowness, said);
  });

test('a letter that is typed styles anew what it changes, not the page', async (context) => {
  const { page } = await freshPage(browser, context, { serviceWorkers: 'block' });
  await openPage(page, host, '#names/Kowalczy', 'Kowalczy');
  await compared(page);
  await page.waitForTimeout(1000);
  await page.focus('#name');
  await page.keyboard.press('End');
  const elements = await page.evaluate(() => document.querySelectorAll('*').length);
  const { styled } = await traced(browser, page, async () => {
    await page.keyboard.press('k');
    await answered(page, 'Kowalczyk');
    await page.waitForTimeout(300); // transitions
  });
  const most = Math.max(...styled);
  assert.ok(styled.length > 0 && most < 0.6 * elements, `${most} of ${elements} elements`);
});
