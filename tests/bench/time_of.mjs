// How long a call takes, in node and in a page alike.

const WINDOWS = 9;
const WINDOW = 60; // milliseconds
const WARM_UP = 400; // until the runtime has compiled the hot code in earnest

/** Milliseconds a call: the median of several windows, the lowest and the highest. */
export async function timeOf(call) {
  await window(call, WARM_UP);
  const times = [];
  for (let i = 0; i < WINDOWS; i++) times.push(await window(call, WINDOW));
  times.sort((a, b) => a - b);
  return { value: times[(WINDOWS - 1) / 2], low: times[0], high: times[WINDOWS - 1] };
}

async function window(call, milliseconds) {
  const start = performance.now();
  let calls = 0;
  let spent;
  do {
    const pending = call();
    if (pending instanceof Promise) await pending;
    calls++;
    spent = performance.now() - start;
  } while (spent < milliseconds);
  return spent / calls;
}
