/* The equations of the cells, as kernels and torch.nn have them, and with the numbers of one step put in. */

/** By name, an array's symbol. */
export const SYMBOLS = {
  input: 'i',
  forget: 'f',
  candidate: 'g',
  output: 'o',
  reset: 'r',
  update: 'z',
  cell: 'c',
  hidden: 'h',
};

/** The arrays of an inspection by name, in the order of the equations. */
export const arraysOf = ({ gates, cellState, hidden }) => ({
  ...gates,
  ...(cellState && { cell: cellState }),
  hidden,
});

/** Of the GRU the candidate is n in torch.nn. */
export const symbolOf = (cell, name) =>
  cell === 'gru' && name === 'candidate' ? 'n' : SYMBOLS[name];

/**
 * What one unit has at each letter, in all arrays.
 * @param {import('../../wasm/recur-trainer.js').Inspection} inspection
 * @param {{ layer: number, direction: number, unit: number }} at
 * @returns {Record<string, number[]>}
 */
export function courseOf(inspection, { layer, direction, unit }) {
  const [, directions, letters, units] = inspection.shape;
  const from = (layer * directions + direction) * letters;
  return Object.fromEntries(
    Object.entries(arraysOf(inspection)).map(([name, values]) => [
      name,
      Array.from({ length: letters }, (_, t) => values[(from + t) * units + unit]),
    ]),
  );
}

const logit = (p) => Math.log(p / (1 - p));

/**
 * The equations of a unit at one letter, each with its symbols and with numbers.
 * @param {'rnn' | 'lstm' | 'gru'} cell
 * @param {Record<string, number[]>} course of the unit
 * @param {number} letter
 * @param {boolean} backward it reads the last letter first
 * @param {(value: number) => string} say a number
 * @returns {{ symbols: string, numbers: string }[]}
 */
export function equationsOf(cell, course, letter, backward, say) {
  const before = backward ? letter + 1 : letter - 1;
  const value = (name) => course[name][letter];
  const past = (name) => course[name][before] ?? 0;
  const n = (number) => (number < 0 ? `(${say(number)})` : say(number));
  const gate = (name, symbol) => ({
    symbols: `${symbol} = σ(W x + U h₋₁ + b)`,
    numbers: `σ(${say(logit(value(name)))}) = ${say(value(name))}`,
  });
  const squashed = (name, symbol, sum) => ({
    symbols: `${symbol} = tanh(${sum})`,
    numbers: `tanh(${say(Math.atanh(value(name)))}) = ${say(value(name))}`,
  });
  if (cell === 'rnn') return [squashed('hidden', 'h', 'W x + U h₋₁ + b')];
  if (cell === 'lstm')
    return [
      gate('forget', 'f'),
      gate('input', 'i'),
      squashed('candidate', 'g', 'W x + U h₋₁ + b'),
      {
        symbols: 'c = f · c₋₁ + i · g',
        numbers: `${n(value('forget'))} · ${n(past('cell'))} + ${n(value('input'))} · ${n(value('candidate'))} = ${say(value('cell'))}`,
      },
      gate('output', 'o'),
      {
        symbols: 'h = o · tanh(c)',
        numbers: `${n(value('output'))} · tanh(${say(value('cell'))}) = ${say(value('hidden'))}`,
      },
    ];
  return [
    gate('reset', 'r'),
    gate('update', 'z'),
    squashed('candidate', 'n', 'W x + b + r · (U h₋₁ + b′)'),
    {
      symbols: 'h = (1 − z) · n + z · h₋₁',
      numbers: `${n(1 - value('update'))} · ${n(value('candidate'))} + ${n(value('update'))} · ${n(past('hidden'))} = ${say(value('hidden'))}`,
    },
  ];
}
