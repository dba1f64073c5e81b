// Offers contestants.mjs to whoever drives this page: await competeHere('recur').

import { compete } from './contestants.mjs';
import { train } from './training.mjs';

const PEERS = '/tests/bench/node_modules/@tensorflow';

/** TensorFlow.js as its scripts for pages. */
async function tensorflow() {
  for (const file of [
    'tfjs-core/dist/tf-core.min.js',
    'tfjs-backend-wasm/dist/tf-backend-wasm.min.js',
  ]) {
    const script = document.createElement('script');
    script.src = `${PEERS}/${file}`;
    document.head.append(script);
    await new Promise((resolve, reject) => {
      script.onload = resolve;
      script.onerror = () => reject(new Error(`cannot load ${file}`));
    });
  }
  const { tf } = window;
  return {
    tf,
    setWasmPaths: tf.wasm.setWasmPaths,
    folder: `${PEERS}/tfjs-backend-wasm/dist/`,
  };
}

const page = {
  where: 'Chromium',
  async read(name) {
    const response = await fetch(`/${name}`);
    return response.ok ? new Uint8Array(await response.arrayBuffer()) : null;
  },
  tensorflow,
};

window.competeHere = async (name) => {
  const records = [];
  await (name.startsWith('train-') ? train : compete)(name, page, (record) => records.push(record));
  return records;
};
