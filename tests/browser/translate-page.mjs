import { parseHash } from '../../web/page/url.js';
import { until } from './page.mjs';

/** The sentence that the translator opens with. */
export const EXAMPLE = 'She is happy, and he is happy too.';

/** What the suites read from the translate view and do to it. */

/** What the view shows. */
export function readTranslation(page) {
  return page.evaluate(() => {
    const visible = (node) => node && !node.closest('[hidden]');
    const text = (selector) => {
      const node = document.querySelector(selector);
      return visible(node) ? node.textContent : '';
    };
    const list = (selector) =>
      Array.from(document.querySelectorAll(selector), (node) => node.textContent);
    return {
      english: document.querySelector('#english').value,
      french: text('.french'),
      notice: text('.pair .notice'),
      remark: text('.pair .caveat'),
      model: document.querySelector('[name=model]:checked')?.value,
      alternatives: visible(document.querySelector('.alternatives'))
        ? list('.alternatives button')
        : null,
      columns: list('.attention-heads > span'),
      rows: list('.attention-head'),
      lit: Object.fromEntries(
        ['mirror', 'french'].map((side) => [
          side,
          Array.from(document.querySelectorAll(`.${side} .word`)).map((word) =>
            Number(word.style.getPropertyValue('--light') || 0),
          ),
        ]),
      ),
      // Each line's ends, and how strong it is.
      links: Array.from(document.querySelectorAll('.links path'), (line) => {
        const { left, top } = line.ownerSVGElement.getBoundingClientRect();
        const at = (share) => {
          const { x, y } = line.getPointAtLength(share * line.getTotalLength());
          return { x: x + left, y: y + top };
        };
        return { from: at(0), to: at(1), strength: Number(line.style.opacity) };
      }),
      took: text('.took'),
      hash: decodeURIComponent(location.hash),
    };
  });
}

/** Waits until what is typed now is translated to the end. */
export async function translated(page, english) {
  await until(
    page,
    (wanted) =>
      document.querySelector('#english')?.value === wanted &&
      document.querySelector('.french[aria-busy=false]:not([hidden]) .word') !== null,
    english,
    30_000,
  );
  return readTranslation(page);
}

/** Opens the page at a fragment, as in a new tab, and waits for the translation. */
export async function openTranslator(page, host, fragment = '#translate') {
  await page.evaluate(() => {
    try {
      sessionStorage.clear();
    } catch {
      // a page that has none
    }
  });
  await page.goto('about:blank'); // a new fragment alone would not load the page again
  await page.goto(host.url + fragment);
  const { text = EXAMPLE } = parseHash(fragment);
  return translated(page, text);
}

/** Empties the field by keyboard and types. */
export async function retypeEnglish(page, text) {
  await page.evaluate(() => {
    const field = document.querySelector('#english');
    field.focus();
    field.select();
  });
  await page.keyboard.press('Backspace');
  await page.keyboard.type(text);
}
