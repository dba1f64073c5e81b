/** Lets what waits have its turn; timers would make it wait longer each time. */
export function createTurns() {
  const { port1, port2 } = new MessageChannel();
  /** Several may wait at a time; each has its own turn. */
  const waiting = [];
  port1.onmessage = () => waiting.shift()();
  return {
    next: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        port2.postMessage(null);
      }),
  };
}
