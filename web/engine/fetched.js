/**
 * Tells of what this thread has fetched and will fetch. In a worker its own script is not among it, which
 * whoever started the worker hears of.
 * @param {(bodies: Body[]) => void} tell
 * @returns {() => Body[]} what is known and was not told yet
 *
 * @typedef {{ url: string, bytes: number }} Body as it crossed the wire
 */
export function watchFetched(tell) {
  const observer = new PerformanceObserver((list) => tell(bodiesOf(list.getEntries())));
  observer.observe({ type: 'resource', buffered: true });
  return () => bodiesOf(observer.takeRecords());
}

/** @param {PerformanceResourceTiming[]} entries @returns {Body[]} */
export const bodiesOf = (entries) =>
  entries.map(({ name, encodedBodySize }) => ({ url: name, bytes: encodedBodySize }));
