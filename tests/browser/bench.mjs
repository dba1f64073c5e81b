/** How quick the page is in this Chromium, on this machine: `node tests/browser/bench.mjs [opens]`. */

import { launchChromium } from './browsers.mjs';
import { EXAMPLE, answered, compared } from './page.mjs';
import { servePage } from './server.mjs';

const opens = Number(process.argv[2] ?? 15);
const NAME = 'Papadopoulos';

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const print = (what, times) =>
  console.log(
    `${what.padEnd(46)} median ${median(times).toFixed(1)} ms, worst ${Math.max(...times).toFixed(1)} ms`,
  );

const host = await servePage();
const browser = await launchChromium();
const first = [];
const atOnce = [];
const all = [];
const keys = [];
let engine;

for (let i = 0; i < opens; i++) {
  await (await open(0, atOnce)).context().close();
  const page = await open(1000, first);
  await compared(page);
  all.push(await page.evaluate(() => performance.now()));

  await page.evaluate(() => document.querySelector('#name').select());
  for (const letter of NAME) {
    await page.keyboard.press(letter);
    await page.waitForTimeout(30);
  }
  await answered(page, NAME);
  keys.push(...(await page.evaluate(() => window.keys)));
  engine = await page.innerText('.facts > :nth-child(4) dd');
  await page.context().close();
}

print(`opening to first prediction (${opens} cold opens)`, first);
print('the same while the window itself still opens', atOnce);
print('opening to all three networks', all);
print(`keystroke to changed ranking (${keys.length} keys)`, keys);
console.log(`${'the engine alone, as the page reports it'.padEnd(46)} ${engine}`);
await browser.close();
await host.close();

/**
 * Opens the page with nothing cached, in a window that has been there for a while: a new one loads
 * pages of its own beside ours.
 */
async function open(milliseconds, times) {
  const profile = await browser.newContext({ serviceWorkers: 'block' });
  const page = await profile.newPage();
  await page.addInitScript(watch);
  await page.waitForTimeout(milliseconds);
  await page.goto(host.url);
  await answered(page, EXAMPLE);
  times.push(await page.evaluate(() => window.shown[0].time));
  return page;
}

/** Notes in the page when an answer appears, and how long after its keystroke. */
function watch() {
  window.shown = [];
  window.keys = [];
  let pressed = null;
  addEventListener('input', (event) => (pressed = event.timeStamp), true);
  document.addEventListener('DOMContentLoaded', () => {
    new MutationObserver(() => {
      if (!document.querySelector('.answer .ranking:not([hidden]) li')) return;
      const time = performance.now();
      window.shown.push({ time });
      if (pressed !== null) window.keys.push(time - pressed);
      pressed = null;
    }).observe(document.querySelector('#main'), {
      childList: true,
      subtree: true,
      characterData: true,
    });
  });
}
