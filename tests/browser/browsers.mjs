import { chromium } from 'playwright-core';
import puppeteer from 'puppeteer-core';

/** Debian's Chromium, or the one that CHROMIUM names. */
export function launchChromium() {
  const asRoot = process.getuid?.() === 0;
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: asRoot ? ['--no-sandbox'] : [],
  });
}

/** The same by its own protocol, which reaches into workers. */
export function launchByProtocol() {
  const asRoot = process.getuid?.() === 0;
  return puppeteer.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--lang=en', ...(asRoot ? ['--no-sandbox'] : [])],
    protocolTimeout: 0,
  });
}

/** Debian's Firefox ESR over WebDriver BiDi, or the one that FIREFOX names. */
export function launchFirefox() {
  return puppeteer.launch({
    browser: 'firefox',
    executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr',
    extraPrefsFirefox: { 'intl.accept_languages': 'en' },
  });
}
