import { launchChromium } from './browsers.mjs';
import { servePage } from './server.mjs';

/**
 * Serves a folder, opens Chromium and closes both again, whatever becomes of `visit`: what stays open
 * would keep the program from ending.
 * @template T
 * @param {(browser: import('playwright-core').Browser,
 *   host: Awaited<ReturnType<typeof servePage>>) => Promise<T>} visit
 * @param {Parameters<typeof servePage>} served what of; the built page unless told
 * @returns {Promise<T>}
 */
export async function visitIn(visit, ...served) {
  const host = await servePage(...served);
  try {
    const browser = await launchChromium();
    try {
      return await visit(browser, host);
    } finally {
      await browser.close();
    }
  } finally {
    await host.close();
  }
}
