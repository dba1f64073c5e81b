import { detectFlavour } from '../../build/wasm/recur.js';
import { MODULES } from '../engine/assets.js';
import { createClient } from '../engine/client.js';
import { fetchKept } from '../engine/kept.js';
import { createHistory } from './history.js';
import { trainerOptions } from './settings.js';

const SMOOTH = 0.3; // of the newest in the speed that is shown

/**
 * @typedef {object} Network One cell's, as far as it is known here.
 * @property {import('../page/state.js').Cell} cell
 * @property {'starting' | 'paused' | 'running' | 'failed'} phase
 * @property {string} [error] of the engine
 * @property {{ labels: string[], letters: string[], parameters: number,
 *   examples: { train: number, dev: number } }} [info]
 * @property {ReturnType<typeof createHistory>} history
 * @property {number} step updates so far
 * @property {number} epoch
 * @property {number} seconds spent learning
 * @property {number | null} speed names a second
 * @property {number | null} loss of the names just learnt
 * @property {import('../../wasm/recur-trainer.js').TrainerEvaluation} [evaluation] of the names kept apart
 * @property {import('../../wasm/recur.js').Ranked[]} ranking of the name that is watched
 */

/**
 * The networks that learn, each in a worker of its own.
 * @param {() => void} changed something is new; comes often
 */
export function createTraining(changed) {
  /** By cell. @type {Map<string, Network & { client: object, running: Promise<unknown> | null }>} */
  const networks = new Map();
  let watched = '';
  let turn = 0;
  let module = null;

  async function fetchModule() {
    const flavour = await detectFlavour();
    return { flavour, wasmBinary: (await fetchKept(MODULES.trainer[flavour])).bytes };
  }

  /** Rejects if the module cannot be had, and then asks anew the next time. */
  function moduleOf() {
    module ??= fetchModule().catch((error) => {
      module = null;
      throw error;
    });
    return module;
  }

  function open(cell) {
    const worker = new Worker(new URL('./worker.js', import.meta.url), {
      type: 'module',
      name: `recur ${cell}`,
    });
    return createClient(worker);
  }

  function close(cell) {
    networks.get(cell)?.client.close();
    networks.delete(cell);
  }

  function take(network, part) {
    const { steps, examples, loss, epoch, step, milliseconds, evaluation, ranking } = part;
    if (steps) {
      network.seconds += milliseconds / 1000;
      const speed = (examples / milliseconds) * 1000;
      network.speed =
        network.speed === null ? speed : network.speed + SMOOTH * (speed - network.speed);
      network.stepTime = milliseconds / steps;
      Object.assign(network, { step, epoch, loss });
      network.history.addLoss({ step, seconds: network.seconds, loss, examples });
    }
    if (ranking && network.watched === watched) network.ranking = ranking;
    if (evaluation) {
      network.evaluation = evaluation;
      const { accuracy } = evaluation;
      network.history.addScore({ step: network.step, seconds: network.seconds, accuracy });
    }
    changed();
  }

  function fail(network, error) {
    Object.assign(network, { phase: 'failed', error: error.message, running: null });
    changed();
  }

  async function create(cell, settings, data, mine) {
    const before = networks.get(cell);
    const client = before?.client ?? open(cell);
    const network = {
      cell,
      client,
      phase: 'starting',
      history: createHistory(),
      ...{ step: 0, epoch: 0, seconds: 0, speed: null, loss: null, ranking: [], running: null },
    };
    networks.set(cell, network);
    try {
      const { flavour, wasmBinary } = await moduleOf();
      await before?.running;
      await client.call('watch', { text: watched });
      network.watched = watched;
      const options = trainerOptions(settings, cell);
      const created = await client.call('create', { flavour, wasmBinary, options, data });
      if (mine !== turn) return;
      Object.assign(network, { phase: 'paused', info: created.info });
      take(network, created);
    } catch (error) {
      if (mine === turn) fail(network, error);
    }
  }

  async function run(network) {
    network.phase = 'running';
    const onPart = (part) => take(network, part);
    try {
      take(network, await network.client.call('run', null, [], { onPart }));
      network.phase = 'paused';
    } catch (error) {
      fail(network, error);
    }
    network.running = null;
    changed();
  }

  const all = () => [...networks.values()];
  const able = () => all().filter(({ phase }) => phase === 'paused');

  return {
    /** @returns {Network | undefined} */
    network: (cell) => networks.get(cell),
    get networks() {
      return all();
    },
    /** New networks, as nothing was learnt yet. */
    async prepare(settings, data) {
      const mine = ++turn;
      this.pause();
      for (const { cell } of all()) if (!settings.cells.includes(cell)) close(cell);
      // At once, so that a page without a connection says so instead of waiting for three workers.
      await moduleOf();
      if (mine !== turn) return;
      await Promise.all(settings.cells.map((cell) => create(cell, settings, data, mine)));
    },
    start() {
      for (const network of able()) network.running = run(network);
      changed();
    },
    pause() {
      for (const { phase, client } of all()) if (phase === 'running') client.call('pause');
    },
    async step() {
      const steps = able().map(async (network) => {
        try {
          take(network, await network.client.call('step'));
        } catch (error) {
          fail(network, error);
        }
      });
      await Promise.all(steps);
    },
    /** Learning rate and batch, from the next step on. */
    set(patch) {
      for (const { info, client } of all()) if (info) client.call('set', patch).catch(() => {});
    },
    /** The name whose ranking follows the learning. */
    watch(text) {
      watched = text;
      for (const network of all()) {
        if (!network.info) continue;
        network.client.call('watch', { text }).then(
          (ranking) => {
            network.watched = text;
            if (text === watched) Object.assign(network, { ranking });
            changed();
          },
          () => {},
        );
      }
    },
    /** Any other call of a network's worker. */
    ask: (cell, action, payload) => networks.get(cell).client.call(action, payload),
  };
}
