// recur's JavaScript module; recur.d.ts documents what it exports.
//
// Classifiers and translators have WASM modules of their own, so that a page gets only the code that it
// runs. One instance owns all memory of its models. A model here is a handle that the core checks at
// every use; pointers are read at once and never kept.

import { relaxedSimd, simd } from 'wasm-feature-detect'; // bundled by the build
import { Classifier } from './classifier.js';
import { checkOneOf, asBytes, encoder, utf8, Core } from './core.js';
import { Translator } from './translator.js';

// Written out one by one, as bundlers look for exactly this form to give the files their names.
const locations = {
  classifier: {
    scalar: () => new URL('./recur-classifier-scalar.wasm', import.meta.url),
    simd128: () => new URL('./recur-classifier-simd128.wasm', import.meta.url),
    relaxed: () => new URL('./recur-classifier-relaxed.wasm', import.meta.url),
  },
  translator: {
    scalar: () => new URL('./recur-translator-scalar.wasm', import.meta.url),
    simd128: () => new URL('./recur-translator-simd128.wasm', import.meta.url),
    relaxed: () => new URL('./recur-translator-relaxed.wasm', import.meta.url),
  },
};

/** Scripts with a module of their own, which are imported when they are first asked for. */
const extras = {
  trainer: () => import('./recur-trainer.js'),
  inspector: () => import('./recur-inspector.js'),
};

const kinds = Object.keys(locations);
export const flavours = Object.freeze(Object.keys(locations.classifier));

export async function detectFlavour() {
  if (await relaxedSimd()) return 'relaxed';
  return (await simd()) ? 'simd128' : 'scalar';
}

export async function createEngine({ flavour, models = kinds, wasmBinaries = {} } = {}) {
  flavour ??= await detectFlavour();
  checkOneOf(flavours, flavour, 'the flavour');
  if (models.length === 0) throw new TypeError('an engine is for at least one kind of models');
  for (const model of models)
    checkOneOf(kinds.concat(Object.keys(extras)), model, 'a kind of models');
  const cores = {};
  const load = async (model, where) =>
    (cores[model] = await instantiate(
      await (wasmBinaries[model] ?? read(where[model][flavour]())),
    ));
  const opened = {};
  const openScript = async (name) => {
    const script = await extras[name]();
    return script.open(await load(name, script), Classifier);
  };
  const open = (name) =>
    (opened[name] ??= openScript(name).catch((error) => {
      opened[name] = undefined; // to be tried again
      throw error;
    }));
  await Promise.all(models.map((model) => (extras[model] ? open : load)(model, locations)));
  return new Engine(cores, flavour, open);
}

async function instantiate(binary) {
  const normalize = (form) => (text, length, out) => {
    const { memory } = instance.exports;
    const normal = utf8.decode(new Uint8Array(memory.buffer, text, length)).normalize(form);
    return encoder.encodeInto(normal, new Uint8Array(memory.buffer, out)).written;
  };
  const { instance } = await WebAssembly.instantiate(asBytes(binary, 'a WASM binary'), {
    env: { recur_nfc: normalize('NFC'), recur_nfd: normalize('NFD') },
  });
  return new Core(instance.exports);
}

async function read(url) {
  if (url.protocol === 'file:') {
    // No import, which bundlers would follow.
    return globalThis.process.getBuiltinModule('node:fs/promises').readFile(url);
  }
  const response = await fetch(url).catch((cause) => {
    throw new Error(`${url.href} cannot be fetched`, { cause });
  });
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (bytes[0] === 0) return bytes; // "\0asm"
  const type = response.headers.get('content-type');
  throw new Error(`${url.href} answers with HTTP status ${response.status}, ${type}, not WASM`);
}

class Engine {
  #cores; // by the kind of their models
  #open;

  constructor(cores, flavour, open) {
    this.#cores = cores;
    this.#open = open;
    this.flavour = flavour;
    this.version = Object.values(cores)[0].version;
    Object.freeze(this);
  }

  get memoryBytes() {
    return Object.values(this.#cores).reduce((sum, core) => sum + core.memoryBytes, 0);
  }

  loadClassifier(bytes) {
    return this.#load('classifier', Classifier, bytes, 'trainer');
  }

  loadTranslator(bytes) {
    return this.#load('translator', Translator, bytes, 'inspector');
  }

  async createTrainer(options, data) {
    if (this.memoryBytes === 0) throw new Error('the engine was freed');
    return (await this.#open('trainer')).create(options, data);
  }

  free() {
    for (const core of Object.values(this.#cores)) core.free();
  }

  /** extra: what looks inside, and can do all that the kind's own module does. */
  #load(kind, Model, bytes, extra) {
    const core = this.#cores[kind] ?? this.#cores[extra];
    if (core === undefined) {
      throw new Error(`this engine has no ${kind}: name it in the models of createEngine`);
    }
    const handle = core.load(kind, bytes);
    return new Model(core, handle, async () => (await this.#open(extra)).look(bytes, core, handle));
  }
}
