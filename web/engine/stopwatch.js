const KEPT = 50;

/**
 * The time of a typical classification: the mean of the middle half of the last fifty. Browsers round their
 * clock, some to a whole millisecond; a median would show only the rounding, a mean of many evens it
 * out, and leaving the extremes away keeps a busy moment from colouring all.
 */
export function createStopwatch() {
  const times = [];
  let started = false;
  return {
    /** @param {number} milliseconds */
    add(milliseconds) {
      // The first of all also waits for the code to be compiled; it stands only until there is a second.
      if (times.length === 1 && !started) {
        times.pop();
        started = true;
      }
      times.push(milliseconds);
      if (times.length > KEPT) times.shift();
      const sorted = times.toSorted((a, b) => a - b);
      const cut = Math.floor(sorted.length / 4);
      const middle = sorted.slice(cut, sorted.length - cut);
      return {
        milliseconds: middle.reduce((sum, time) => sum + time, 0) / middle.length,
        count: times.length,
      };
    },
  };
}
