import { chromium } from 'playwright-core';
import puppeteer from 'puppeteer-core';

/** Debian's Chromium, or the one that CHROMIUM names. */
export function launchChromium() {
  return chromium.launch(ofChromium());
}

/** The same by its own protocol, which reaches into workers. */
export function launchByProtocol() {
  return puppeteer.launch({ ...ofChromium('--lang=en'), protocolTimeout: 0 });
}

const ofChromium = (...args) => ({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: process.getuid?.() === 0 ? [...args, '--no-sandbox'] : args,
});

/** Debian's Firefox ESR over WebDriver BiDi, or the one that FIREFOX names. */
export function launchFirefox() {
  return puppeteer.launch({
    browser: 'firefox',
    executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr',
    extraPrefsFirefox: { 'intl.accept_languages': 'en' },
  });
}
