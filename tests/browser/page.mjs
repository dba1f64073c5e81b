import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { PAGE } from './server.mjs';

/** What the suites read from the page and do to it, through whichever driver `page` belongs to. */

/** The name that the page opens with. */
export const EXAMPLE = 'Nakamura';

const CELLS = ['rnn', 'lstm', 'gru'];
const files = readdirSync(join(PAGE, 'assets'));

/** The cells that learnt the names of the world, as far as the page was built with them. */
export const WORLD = CELLS.filter((cell) =>
  files.some((name) => name.startsWith(`names-world-${cell}`)),
);

/** What the page opens with. */
export const FIRST = WORLD.includes('gru')
  ? { file: 'names-world-gru', cells: WORLD }
  : { file: 'names-gru', cells: CELLS };

/** Waits until `probe(argument)`, run in the page, is truthy, and returns what it gave. */
export async function until(page, probe, argument, limit = 10_000) {
  const end = Date.now() + limit;
  let result;
  do {
    result = await page.evaluate(probe, argument);
    if (result) return result;
    await new Promise((resolve) => setTimeout(resolve, 10));
  } while (Date.now() < end);
  const shown = (await page.evaluate(() => document.body.innerText)).slice(0, 1000);
  assert.fail(`still not so after ${limit / 1000} s: ${probe}; the page says: ${shown}`);
}

/** What the page shows. */
export function read(page) {
  return page.evaluate(() => {
    const text = (selector, root = document) => root.querySelector(selector)?.textContent ?? '';
    const visible = (node) => node && !node.closest('[hidden]');
    const rows = (list) =>
      visible(list)
        ? Array.from(list.children, (row) => [text('.country', row), text('.share', row)])
        : [];
    const notice = document.querySelector('.notice');
    const columns = Array.from(
      document.querySelectorAll('#names-view .compare-column'),
      (column) => [text('h3', column).toLowerCase(), rows(column.querySelector('.ranking'))],
    );
    return {
      value: document.querySelector('#name').value,
      heading: text('#ranking-title'),
      ranking: rows(document.querySelector('.answer .ranking')),
      notice: visible(notice) ? notice.innerText : '',
      letters: Array.from(document.querySelectorAll('.strip-letters button'), (b) =>
        text('span', b),
      ),
      cell: document.querySelector('[name=cell]:checked')?.value,
      compare: Object.fromEntries(columns),
      country: document.querySelector('#signup-country')?.value,
      hash: decodeURIComponent(location.hash),
    };
  });
}

/** Waits for the answer to what is typed now. */
export async function answered(page, text) {
  await until(
    page,
    (wanted) => {
      const letters = Array.from(
        document.querySelectorAll('.strip-letters button > span:first-child'),
      );
      const row = document.querySelector('.answer .ranking:not([hidden]) li');
      return (
        row && letters.map((letter) => letter.textContent).join('') === wanted.replaceAll(' ', '␣')
      );
    },
    text,
  );
  return read(page);
}

/** Waits until all three networks have answered. */
export async function compared(page) {
  await until(page, () => document.querySelectorAll('.compare .is-empty').length === 0);
  return read(page);
}

/** Opens the page at a fragment and waits for the answer. */
export async function openPage(page, host, fragment, text) {
  await page.goto('about:blank'); // a new fragment alone would not load the page again
  await page.goto(host.url + fragment);
  return answered(page, text);
}

/** Empties the field by keyboard and types. */
export async function retype(page, text) {
  await page.evaluate(() => {
    const input = document.querySelector('#name');
    input.focus();
    input.select();
  });
  await page.keyboard.press('Backspace');
  await page.keyboard.type(text);
}
