import { EXAMPLE, answered, compared } from '../browser/page.mjs';
import { visitIn } from '../browser/visit.mjs';

export const title = 'The page in Chromium, nothing cached';

const OPENS = 15;
const NAME = 'Papadopoulos';

async function measure(browser, host) {
  const first = [];
  const atOnce = [];
  const all = [];
  const keys = [];
  const engine = [];

  for (let i = 0; i < OPENS; i++) {
    await (await open(browser, host, 0, atOnce)).context().close();
    const page = await open(browser, host, 1000, first);
    await compared(page);
    all.push(await page.evaluate(() => performance.now()));

    await page.evaluate(() => document.querySelector('#name').select());
    for (const letter of NAME) {
      await page.keyboard.press(letter);
      await page.waitForTimeout(30);
    }
    await answered(page, NAME);
    keys.push(...(await page.evaluate(() => window.keys)));
    engine.push(parseFloat(await page.innerText('.facts > :nth-child(4) dd')));
    await page.context().close();
  }

  const rows = [
    row('opening to first prediction', first),
    row('the same while the window itself still opens', atOnce),
    row('opening to all three networks', all),
    row('keystroke to changed ranking', keys),
    row('one classification, as the page reports it', engine),
  ];
  return { rows };
}

function row(name, times) {
  const sorted = times.toSorted((a, b) => a - b);
  return {
    name,
    unit: 'ms',
    value: sorted[Math.floor(sorted.length / 2)],
    low: sorted[0],
    high: sorted.at(-1),
  };
}

/**
 * Opens the page with nothing cached, in a window that has been there for a while: a new one loads
 * pages of its own beside ours.
 */
async function open(browser, host, milliseconds, times) {
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
  let said = '';
  addEventListener('input', (event) => (pressed = event.timeStamp), true);
  document.addEventListener('DOMContentLoaded', () => {
    new MutationObserver(() => {
      const ranking = document.querySelector('.answer .ranking:not([hidden]):has(li)');
      if (!ranking || ranking.textContent === said) return;
      said = ranking.textContent;
      const time = performance.now();
      window.shown.push({ time });
      if (pressed !== null) window.keys.push(time - pressed);
      pressed = null;
    }).observe(document.querySelector('#names-view'), {
      childList: true,
      subtree: true,
      characterData: true,
    });
  });
}

export const contestants = [{ name: 'recur', measure: () => visitIn(measure) }];
