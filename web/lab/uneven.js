/** Of the tutorial's 18 labels, how many names it has, and where such names are at home in the world's. */
const UNEVEN = {
  Russian: [9408, 'Russia'],
  English: [3668, 'England'],
  Arabic: [2000, 'Egypt', 'Syria', 'Iraq', 'Lebanon', 'Saudi Arabia'],
  Japanese: [991, 'Japan'],
  German: [724, 'Germany'],
  Italian: [709, 'Italy'],
  Czech: [519, 'Czechia'],
  Spanish: [298, 'Spain'],
  Dutch: [297, 'Netherlands'],
  French: [277, 'France'],
  Chinese: [268, 'China'],
  Irish: [232, 'Ireland'],
  Greek: [203, 'Greece'],
  Polish: [139, 'Poland'],
  Scottish: [100, 'Scotland'],
  Korean: [94, 'Korea'],
  Portuguese: [74, 'Portugal'],
  Vietnamese: [73, 'Vietnam'],
};

/**
 * Names of the world's lists, as unevenly spread over 18 labels as the tutorial's, as many as the
 * commonest label has. Each list is gone through at even steps, as its order means something.
 * @param {string} world `name<TAB>country` a line
 */
export function asUneven(world) {
  const byCountry = new Map();
  for (const line of world.split('\n')) {
    const [name, country] = line.split('\t');
    if (!country) continue;
    byCountry.set(country, (byCountry.get(country) ?? new Set()).add(name));
  }
  const pools = Object.entries(UNEVEN).map(([label, [count, ...countries]]) => {
    const names = new Set(countries.flatMap((country) => [...(byCountry.get(country) ?? [])]));
    return { label, count, names: [...names] };
  });
  const scale = Math.min(...pools.map(({ count, names }) => names.length / count));
  return pools
    .flatMap(({ label, count, names }) => {
      const wanted = Math.round(count * scale);
      const at = (i) => names[Math.floor((i * names.length) / wanted)];
      return Array.from({ length: wanted }, (_, i) => `${at(i)}\t${label}\n`);
    })
    .join('');
}
