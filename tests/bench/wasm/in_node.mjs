// node in_node.mjs CONTESTANT: prints what contestants.mjs measures, as JSON Lines.

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { compete } from './contestants.mjs';
import { train } from './training.mjs';

const path = (name) => fileURLToPath(new URL(name, import.meta.url));

const node = {
  where: 'node',
  read: (name) => readFile(path(`../../../${name}`)).catch(() => null),
  async tensorflow() {
    const tf = await import('@tensorflow/tfjs-core');
    const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
    return {
      tf,
      setWasmPaths,
      folder: path('../node_modules/@tensorflow/tfjs-backend-wasm/dist/'),
    };
  },
};

await (process.argv[2].startsWith('train-') ? train : compete)(process.argv[2], node, (record) =>
  console.log(JSON.stringify(record)),
);
process.exit(); // whatever timers a peer has left
