/** Takes the README's picture of the built page: `node tests/browser/screenshot.mjs [file]`. */

import { launchChromium } from './browsers.mjs';
import { compared, openPage } from './page.mjs';
import { servePage } from './server.mjs';

const file = process.argv[2] ?? new URL('../../web/screenshot.png', import.meta.url).pathname;

const host = await servePage();
const browser = await launchChromium();
const page = await browser.newPage({
  viewport: { width: 1280, height: 1130 },
  colorScheme: 'light',
  locale: 'en-GB',
});
await openPage(page, host, '#names/Kowalczyk', 'Kowalczyk');
await compared(page);
await page.waitForTimeout(300); // transitions
await page.screenshot({ path: file });
await browser.close();
await host.close();
console.log(file);
