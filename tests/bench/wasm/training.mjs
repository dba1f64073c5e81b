// Who trains the network that lab.mjs prepared, in node and in a page alike; `world` as contestants.mjs has
// it. A step is on the same names each time, so that its loss tells whether it is the same step.

import { createEngine, flavours } from '../../../build/wasm/recur.js';
import { timeOf } from '../time_of.mjs';
import { learner } from './training_tfjs.mjs';

const ALLOWED = 1e-4; // how far off a loss may be

/** What gives { version, learners: [{ variant, step }] }, where step() does one and returns its loss. */
const loaders = {
  async 'train-recur'(world, { options, lines }) {
    const learners = [];
    for (const flavour of flavours) {
      const engine = await createEngine({ flavour, models: ['trainer'] });
      const trainer = await engine.createTrainer(options, { train: lines, dev: '' });
      learners.push({ variant: flavour, step: () => trainer.step().loss });
    }
    return { learners };
  },
  async 'train-tfjs'(world, network) {
    const { tf, setWasmPaths, folder } = await world.tensorflow();
    await import('../../../build/bench/tfjs-gradients.js'); // its scripts are without
    setWasmPaths(folder);
    tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
    if (!(await tf.setBackend('wasm'))) throw new Error('TensorFlow.js has no WASM backend here');
    await tf.ready();
    return { version: tf.version_core, learners: [learner(tf, network)] };
  },
};

export async function train(name, world, tell) {
  const network = JSON.parse(new TextDecoder().decode(await world.read('build/bench/lab.json')));
  const { version, learners } = await loaders[name](world, network);
  tell({ version });
  for (const { variant, step } of learners) {
    for (const wanted of network.losses) {
      const loss = step();
      if (!(Math.abs(loss - wanted) <= ALLOWED)) {
        throw new Error(`${name} ${variant ?? ''}: the loss is ${loss}, not ${wanted}`);
      }
    }
    const { value, low, high } = await timeOf(step);
    tell({
      name: `a training step, ${world.where}`,
      variant,
      unit: 'steps/s',
      value: 1000 / value,
      low: 1000 / high,
      high: 1000 / low,
    });
  }
}
