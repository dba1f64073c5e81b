const CATEGORIES = [
  'blink.user_timing',
  'devtools.timeline',
  'disabled-by-default-devtools.timeline',
];
const MARK = 'recur-calibration';

/** Milliseconds of a processor that the loop below takes where nothing else runs, on an EPYC of 2023. */
const CALIBRATION = 10;

/** In the page, in a task of its own: work that is the same everywhere. */
const calibrate = (mark) =>
  new Promise((resolve) =>
    setTimeout(() => {
      performance.mark(mark);
      let state = 1;
      for (let i = 0; i < 500_000; i++) state = (state * 48271) % 2147483647;
      resolve(state);
    }),
  );

/**
 * What the page's main thread does during `work`, by what Chromium notes of itself. Times are those of a
 * processor: another program that runs at the same time does not count.
 * @param {import('playwright-core').Browser} browser
 * @param {import('playwright-core').Page} page
 * @param {() => Promise<unknown>} work
 * @returns {Promise<{ tasks: number[], slowness: number, styled: number[] }>} milliseconds of each task;
 *   how many times slower than the machine that limits are meant for this one is, at least 1; elements of
 *   each restyling
 */
export async function traced(browser, page, work) {
  await browser.startTracing(page, { categories: CATEGORIES });
  for (let i = 0; i < 5; i++) await page.evaluate(calibrate, MARK);
  await work();
  const { traceEvents } = JSON.parse(await browser.stopTracing());

  const marks = traceEvents.filter(({ name }) => name === MARK);
  const [{ pid, tid }] = marks;
  const mine = traceEvents.filter((event) => event.pid === pid && event.tid === tid);
  const all = mine.filter(({ name, tdur }) => name === 'RunTask' && tdur !== undefined);
  const calibrations = all.filter(({ ts, dur }) =>
    marks.some((mark) => mark.ts >= ts && mark.ts <= ts + dur),
  );
  const milliseconds = ({ tdur }) => tdur / 1000;
  const loops = calibrations.map(milliseconds).sort((a, b) => a - b);
  return {
    tasks: all.filter((task) => !calibrations.includes(task)).map(milliseconds),
    slowness: Math.max(1, loops[loops.length >> 1] / CALIBRATION),
    styled: mine
      .filter(({ name }) => name === 'UpdateLayoutTree')
      .map(({ args }) => args.elementCount),
  };
}
