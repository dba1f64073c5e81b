const MOST = 6;
const LEAST = 0.02;

/**
 * Countries to suggest, likeliest first: each country of a label gets a share of the label's
 * probability that halves down the label's list.
 * @param {import('../../wasm/recur.js').Ranked[]} ranking
 * @param {Record<string, string[]>} regionsOf ISO codes by label, the likeliest first
 * @returns {string[]}
 */
export function suggestionsOf(ranking, regionsOf) {
  const weights = new Map();
  for (const { label, probability } of ranking) {
    regionsOf[label]?.forEach((region, place) => {
      weights.set(region, (weights.get(region) ?? 0) + probability / 2 ** place);
    });
  }
  return [...weights]
    .filter(([, weight]) => weight >= LEAST)
    .sort(([, a], [, b]) => b - a)
    .slice(0, MOST)
    .map(([region]) => region);
}
