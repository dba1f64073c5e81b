// How fast a translator is, in node and in a page alike.

const MOST = 320; // sentences that are translated together: from all over the file, which is sorted
const TIMES = 30;

const words = (text) => text.split(/\s+/).length;

/** Milliseconds for a sentence of ten words, and words a second of many together. */
export async function speedOf(translator, texts) {
  const nearTen = texts.toSorted((a, b) => Math.abs(words(a) - 10) - Math.abs(words(b) - 10));
  const some = nearTen.slice(0, TIMES);
  const step = Math.max(1, texts.length / MOST);
  const many = texts.filter((_, i) => i % step < 1);
  for (const text of some) await translator.translate(text); // until the code is compiled
  const times = [];
  for (const text of some) times.push((await translator.translate(text)).milliseconds);
  const rates = [];
  for (let run = 0; run < 3; run++) {
    const { milliseconds } = await translator.translate(many.join('\n'), { beam: 1 });
    rates.push((1000 * words(many.join(' '))) / milliseconds);
  }
  return [
    { name: 'a sentence of ten words, beam 4', unit: 'ms', ...spread(times) },
    { name: 'greedy batches', unit: 'words/s', ...spread(rates) },
  ];
}

function spread(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return { value: sorted[Math.floor(sorted.length / 2)], low: sorted[0], high: sorted.at(-1) };
}
