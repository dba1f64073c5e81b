import { CELLS } from '../page/state.js';

/* What a network is trained with: the choices, where they start, and how a link writes them. */

/** Where all other settings start: what shows most here, or the classic character-RNN tutorial. */
const RECIPES = {
  lab: {
    data: 'sample',
    cells: CELLS,
    hidden: 64,
    layers: 1,
    directions: 1,
    embedding: 32,
    pooling: 'last',
    optimizer: 'adamw',
    lr: 0.003,
    batch: 32,
    dropout: 0.2,
    clip: 1,
    seed: 1,
  },
  tutorial: {
    data: 'uneven',
    cells: CELLS,
    hidden: 128,
    layers: 1,
    directions: 1,
    embedding: 0,
    pooling: 'last',
    optimizer: 'sgd',
    lr: 0.001,
    batch: 1,
    dropout: 0,
    clip: 0,
    seed: 1,
  },
};

export const DATA = ['sample', 'world', 'uneven', 'own'];

/** What is offered of each; of numbers a link may ask for others between the least and the most. */
export const CHOICES = {
  recipe: Object.keys(RECIPES),
  data: DATA,
  hidden: [8, 16, 32, 64, 128, 256],
  layers: [1, 2, 3],
  directions: [1, 2],
  embedding: [0, 8, 16, 32, 64],
  pooling: ['last', 'all'],
  optimizer: ['adamw', 'adam', 'sgd'],
  lr: [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1],
  batch: [1, 8, 16, 32, 64, 128, 256],
  dropout: [0, 0.1, 0.2, 0.3, 0.5],
  clip: [0, 0.5, 1, 5],
};

const WHOLE = ['hidden', 'layers', 'directions', 'embedding', 'batch'];

/** What may change while the networks learn. */
export const LIVE = ['lr', 'batch'];

/**
 * @typedef {object} Settings
 * @property {'lab' | 'tutorial'} recipe
 * @property {'sample' | 'world' | 'uneven' | 'own'} data
 * @property {readonly import('../page/state.js').Cell[]} cells that learn
 * @property {number} hidden
 * @property {number} layers
 * @property {1 | 2} directions
 * @property {number} embedding 0: letters go in one-hot
 * @property {'last' | 'all'} pooling
 * @property {'adamw' | 'adam' | 'sgd'} optimizer
 * @property {number} lr
 * @property {number} batch
 * @property {number} dropout
 * @property {number} clip 0: none
 * @property {number} seed
 */

/** By name, the value that a link means, or undefined if it is none. */
export const PARSERS = {
  ...Object.fromEntries(
    Object.entries(CHOICES).map(([name, offered]) => [
      name,
      typeof offered[0] === 'number'
        ? (text) => numberIn(text, offered, WHOLE.includes(name))
        : (text) => offered.find((value) => value === text.toLowerCase()),
    ]),
  ),
  cells(text) {
    const asked = text.toLowerCase().split(',');
    const cells = CELLS.filter((cell) => asked.includes(cell));
    return cells.length > 0 ? cells : undefined;
  },
  seed: (text) => numberIn(text, [0, 2 ** 31 - 1], true),
};

function numberIn(text, offered, whole) {
  const value = text.trim() === '' ? NaN : Number(text);
  const fits = value >= Math.min(...offered) && value <= Math.max(...offered);
  return fits && (!whole || Number.isInteger(value)) ? value : undefined;
}

/** All settings of which a link gives some. @param {Partial<Settings>} given @returns {Settings} */
export function completeSettings({ recipe = 'lab', ...given }) {
  const settings = { recipe, ...RECIPES[recipe] };
  for (const name of Object.keys(PARSERS))
    if (given[name] !== undefined) settings[name] = given[name];
  return settings;
}

/** What a link must say for these settings. @param {Settings} settings @returns {Partial<Settings>} */
export function unusualSettings({ recipe, ...settings }) {
  const usual = RECIPES[recipe];
  const unusual = Object.entries(settings).filter(
    ([name, value]) => `${value}` !== `${usual[name]}`,
  );
  return { ...(recipe !== 'lab' && { recipe }), ...Object.fromEntries(unusual) };
}

/** Whether networks with one of the settings can go on with the other. */
export const sameNetworks = (one, other) =>
  Object.keys(one).every((name) => LIVE.includes(name) || `${one[name]}` === `${other[name]}`);

/**
 * What `createTrainer` gets. The rate stays as it is chosen, as there is no last step to fall towards.
 * @param {Settings} settings
 * @param {import('../page/state.js').Cell} cell
 * @returns {import('../../wasm/recur-trainer.js').TrainerOptions}
 */
export function trainerOptions({ recipe, ...settings }, cell) {
  const options = { ...settings };
  delete options.data;
  delete options.cells;
  if (recipe === 'tutorial') return { recipe, cell, ...options };
  return { cell, schedule: 'constant', warmup: 0, unmarked: 0, rare: 1, ...options };
}
