import { until } from './page.mjs';

/** What the suites read from the lab and do to it, through whichever driver `page` belongs to. */

/** Opens the lab and waits until its networks are made. */
export async function openLab(page, host, link = '#lab') {
  await page.goto('about:blank');
  await page.goto(host.url + link);
  await made(page);
}

/** Waits until the networks are there and nothing is learnt. */
export async function made(page) {
  await until(
    page,
    () => {
      const go = document.querySelector('.lab-go');
      const facts = Array.from(document.querySelectorAll('.lab-column:not(.is-off) strong'));
      return (
        go && !go.hasAttribute('aria-disabled') && facts.every((node) => /%/.test(node.textContent))
      );
    },
    null,
    60_000,
  );
}

/** What the three columns say, by cell. */
export function columns(page) {
  return page.evaluate(() => {
    const number = (text) => Number(text.replace(/[^\d.]/g, '') || NaN);
    return Object.fromEntries(
      Array.from(document.querySelectorAll('.lab-column'), (column) => {
        const [loss, speed, step, epoch] = Array.from(
          column.querySelectorAll('dd'),
          ({ textContent }) => number(textContent),
        );
        const accuracy = number(column.querySelector('strong').textContent);
        const countries = Array.from(
          column.querySelectorAll('.country'),
          (node) => node.textContent,
        );
        return [column.dataset.cell, { loss, speed, step, epoch, accuracy, countries }];
      }),
    );
  });
}

export const press = (page, selector) =>
  page.evaluate((wanted) => document.querySelector(wanted).click(), selector);

/**
 * Lets the networks learn until `probe`, run in the page, is truthy while they rest: they take further
 * steps before a pause reaches them, in which they may forget what it asks for, and then go on.
 */
export async function learnUntil(page, probe, argument) {
  const deadline = Date.now() + 120_000;
  do {
    await press(page, '.lab-go');
    await until(page, probe, argument, deadline - Date.now());
    await press(page, '.lab-go');
    await resting(page);
  } while (!(await page.evaluate(probe, argument)));
  return columns(page);
}

/** Waits until nothing learns. */
export const resting = (page) =>
  until(page, () => /Go on|Start/.test(document.querySelector('.lab-go').textContent));

/** Presses "One step", and waits for it. @param {number} step that all are at then */
export async function stepTo(page, step) {
  await press(page, '.lab-buttons button:nth-child(2)');
  await until(
    page,
    (wanted) =>
      Array.from(document.querySelectorAll('.lab-column:not(.is-off) dd:nth-of-type(1)')).length &&
      Array.from(document.querySelectorAll('.lab-column:not(.is-off) .lab-facts'), (list) =>
        Number(list.querySelectorAll('dd')[2].textContent.replace(/\D/g, '')),
      ).every((count) => count === wanted),
    step,
    30_000,
  );
  return columns(page);
}

/** Sets a field of the settings as a person does. */
export const choose = (page, name, value) =>
  page.evaluate(
    ([field, wanted]) => {
      const control = document.querySelector(`#lab-${field}`);
      control.value = wanted;
      control.dispatchEvent(new Event('change', { bubbles: true }));
    },
    [name, String(value)],
  );
