import { launchChromium } from './browsers.mjs';
import { openPage, read } from './page.mjs';
import { servePage } from './server.mjs';
const host = await servePage(); const browser = await launchChromium(); const page = await browser.newPage({locale:'en-GB'});
page.on('console', m => console.log('C', m.text())); page.on('pageerror', e => console.log('E', e.stack));
page.on('requestfailed', r => console.log('F', r.url()));
for (let i=0;i<4;i++){
await openPage(page, host, '#names/Nakamura?cell=gru', 'Nakamura');
await page.waitForTimeout(1500);
console.log(await page.evaluate(() => [document.querySelectorAll('#signup-country option').length, document.querySelectorAll('.map-place svg').length]));
}
await page.focus('.strip-letters button'); await page.keyboard.press('Home'); await page.waitForTimeout(300);
console.log((await read(page)).heading, await page.evaluate(()=>document.activeElement.outerHTML));
console.log(host.requests.filter(r=>/js$/.test(r)).join(' '));
await browser.close(); await host.close();
