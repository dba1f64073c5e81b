/** Lets what waits have its turn; timers would make it wait longer each time. */
export function createTurns() {
  const { port1, port2 } = new MessageChannel();
  return {
    next: () =>
      new Promise((resolve) => {
        port1.onmessage = resolve;
        port2.postMessage(null);
      }),
  };
}
