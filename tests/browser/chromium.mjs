import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { until } from './page.mjs';

/** What the suites do that only Chromium's driver can. */

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * A page with a profile of its own. Whatever it asks for or complains of is in `seen`.
 * @param {import('playwright-core').Browser} browser
 * @param {import('node:test').TestContext} context
 * @param {import('playwright-core').BrowserContextOptions} [options]
 */
export async function freshPage(browser, context, options = {}) {
  const profile = await browser.newContext({ locale: 'en-GB', ...options });
  context.after(() => profile.close());
  const page = await profile.newPage();
  const seen = { origins: new Set(), complaints: [] };
  profile.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol !== 'data:') seen.origins.add(origin);
  });
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) seen.complaints.push(message.text());
  });
  page.on('pageerror', (error) => seen.complaints.push(String(error)));
  await page.addInitScript(() =>
    addEventListener('securitypolicyviolation', (event) =>
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`),
    ),
  );
  return { page, profile, seen };
}

/** Waits until the page says that it works offline. */
export const offlineReady = (page) =>
  until(page, () => /Ready/.test(document.querySelector('#footer').innerText), null, 30_000);

/** What may happen to a file on its way, and what the page says then. */
export const faults = {
  'is missing': [404, /does not have its file/],
  'is cut short': [(bytes) => bytes.subarray(0, bytes.length / 2), /arrived damaged/],
  'has a flipped bit': [(bytes) => ((bytes[bytes.length >> 1] ^= 1), bytes), /arrived damaged/],
  'is something else': [
    () => Buffer.from('<!doctype html><p>Sign in to the network</p>'),
    /damaged/,
  ],
  'is longer than built': [(bytes) => Buffer.concat([bytes, bytes]), /arrived damaged/],
};

/** Nothing that axe knows of is wrong. @param {string} [part] a selector; of the whole page unless given */
export async function assertAccessible(page, state, part) {
  // Through the debugger, as the page's policy admits no script of others.
  await page.evaluate(axe);
  const { violations } = await page.evaluate(
    (root) => window.axe.run(root ?? document, { resultTypes: ['violations'] }),
    part,
  );
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html)}`);
  assert.deepEqual(found, [], state);
}

/**
 * Watches what moves on a page that is about to be opened, other than by a hand just before.
 * @returns {Promise<() => Promise<void>>} asserts that it was less than one sees
 */
export async function watchShifts(page, what) {
  await page.addInitScript(() => {
    window.shifts = [];
    new PerformanceObserver((list) => {
      for (const { value, hadRecentInput, sources } of list.getEntries())
        if (!hadRecentInput)
          window.shifts.push([
            value,
            ...sources.map(({ node }) => node?.className || node?.nodeName),
          ]);
    }).observe({ type: 'layout-shift', buffered: true });
  });
  return async () => {
    const shifts = await page.evaluate(() => window.shifts);
    const sum = shifts.reduce((total, [value]) => total + value, 0);
    assert.ok(sum < 0.02, `${what}: ${JSON.stringify(shifts)}`);
  };
}

/** The longest transition on the page, in seconds. */
export const longestTransition = (page) =>
  page.evaluate(() =>
    Array.from(document.querySelectorAll('*'))
      .flatMap((node) =>
        [null, '::before', '::after'].flatMap((part) =>
          getComputedStyle(node, part)
            .transitionDuration.split(',')
            .map((d) => Number.parseFloat(d)),
        ),
      )
      .reduce((a, b) => Math.max(a, b)),
  );

/** Where Tab leads from what has the focus, and whether one sees that. @param {number} steps */
export async function tabStops(page, steps) {
  const reached = [];
  for (let i = 0; i < steps; i++) {
    if (i > 0) await page.keyboard.press('Tab');
    reached.push(
      await page.evaluate(() => {
        const node = document.activeElement;
        const { outlineStyle, boxShadow } = getComputedStyle(node);
        const proxy =
          node.nextElementSibling && getComputedStyle(node.nextElementSibling).outlineStyle;
        const visible =
          outlineStyle !== 'none' || boxShadow !== 'none' || (proxy && proxy !== 'none');
        const text = (node.querySelector('span') ?? node).textContent;
        return `${node.id || node.name || text}${visible ? '' : ' (focus not visible)'}`;
      }),
    );
  }
  return reached;
}
