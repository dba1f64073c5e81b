/**
 * Takes the README's picture of the built page, or others:
 * `node tests/browser/screenshot.mjs [file] [--link '#translate/…'] [--width N] [--dark] [--whole]`.
 */

import { parseArgs } from 'node:util';
import { compared, openPage } from './page.mjs';
import { parseHash } from '../../web/page/url.js';
import { openTranslator } from './translate-page.mjs';
import { visitIn } from './visit.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    link: { type: 'string', default: '#names/Kowalczyk' },
    width: { type: 'string', default: '1280' },
    dark: { type: 'boolean' },
    whole: { type: 'boolean' },
    hover: { type: 'string' },
    locale: { type: 'string', default: 'en-GB' },
  },
});
const file = positionals[0] ?? new URL('../../web/screenshot.png', import.meta.url).pathname;

await visitIn(async (browser, host) => {
  const page = await browser.newPage({
    viewport: { width: Number(values.width), height: 1130 },
    colorScheme: values.dark ? 'dark' : 'light',
    locale: values.locale,
  });
  if (values.link.startsWith('#translate')) {
    await openTranslator(page, host, values.link);
  } else {
    await openPage(page, host, values.link, parseHash(values.link).text);
    await compared(page);
  }
  if (values.hover) await page.hover(values.hover);
  await page.waitForTimeout(400); // transitions
  await page.screenshot({ path: file, fullPage: values.whole });
});
console.log(file);
