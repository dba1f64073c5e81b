// A module whose memory may not grow beyond so many pages: at whatever allocation it ends, what was
// asked fails with a reason, and what fits is still answered, as by a module with all the memory.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { createEngine } from '../../build/wasm/recur.js';
import { everyFlavour, path } from './support.mjs';

const MEMORY_SECTION = 5;
const FIRST_PAGES = 32; // a module begins with so many, of 64 KiB each
const NO_MEMORY = /out of memory|no room/;

const read = (name) => new Uint8Array(readFileSync(path(name)));

/** A number of LEB128 in `bytes` at `at`: its value, and where it ends. */
function numberAt(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return { value, end: at };
  }
}

/** A copy of a module whose memory has at most so many pages, in as many bytes as before. */
function limited(module, pages) {
  const bytes = module.slice();
  for (let at = 8; at < bytes.length;) {
    const kind = bytes[at];
    const { value: size, end } = numberAt(bytes, at + 1);
    at = end + size;
    if (kind !== MEMORY_SECTION) continue;
    const least = numberAt(bytes, end + 2); // behind the count of memories and the flags
    assert.equal(least.value, FIRST_PAGES);
    for (let i = least.end; i < at; i++) {
      bytes[i] = ((pages >> (7 * (i - least.end))) & 0x7f) | (i < at - 1 ? 0x80 : 0);
    }
    return bytes;
  }
  throw new Error('the module has no memory');
}

everyFlavour('a module whose memory is limited', (flavour) => {
  const engineOf = (kind, pages) => {
    const module = read(`build/wasm/recur-${kind}-${flavour}.wasm`);
    const wasmBinaries = { [kind]: pages === undefined ? module : limited(module, pages) };
    return createEngine({ flavour, models: [kind], wasmBinaries });
  };

  test('a classifier', async (t) => {
    const weights = read('data/weights/names-world-gru.gguf');
    const answers = (engine) => {
      const classifier = engine.loadClassifier(weights);
      return classifier.classify('Müller', { steps: true }).predictions;
    };
    const whole = answers(await engineOf('classifier'));
    let refused = 0;
    for (let pages = FIRST_PAGES; ; pages++) {
      const engine = await engineOf('classifier', pages);
      try {
        assert.deepEqual(answers(engine), whole);
        break;
      } catch (error) {
        assert.match(error.message, NO_MEMORY);
        refused++;
      }
      assert.ok(engine.memoryBytes <= pages * 65536);
    }
    t.diagnostic(`refused ${refused} times`);
    assert.ok(refused > 3);
  });

  test('a trainer', async (t) => {
    const train = new TextDecoder().decode(read('data/sample/names.tsv'));
    const bytesOf = async (engine) => {
      const trainer = await engine.createTrainer({ cell: 'lstm', hidden: 160, seed: 3 }, { train });
      trainer.step();
      return trainer.save();
    };
    const whole = await bytesOf(await engineOf('trainer'));
    let refused = 0;
    for (let pages = FIRST_PAGES; ; pages += 4) {
      try {
        assert.deepEqual(await bytesOf(await engineOf('trainer', pages)), whole);
        break;
      } catch (error) {
        assert.match(error.message, NO_MEMORY);
        refused++;
      }
    }
    t.diagnostic(`refused ${refused} times`);
    assert.ok(refused > 3);
  });

  let weights;
  before(() => {
    weights = read('data/weights/en-fr.gguf');
  });
  const short = 'Where is the bridge?';
  const long = 'The old man who lives next door always feeds the birds, even in winter. '.repeat(
    300,
  );

  test('a translator', async (t) => {
    const free = await engineOf('translator');
    const translator = free.loadTranslator(weights);
    const answer = (await translator.translate(short)).text;
    const loaded = free.memoryBytes / 65536;
    let refused = 0;
    let pages = FIRST_PAGES;
    for (let done = false; !done;) {
      const engine = await engineOf('translator', pages);
      try {
        const { text } = await engine.loadTranslator(weights).translate(short);
        assert.equal(text, answer);
        done = true;
      } catch (error) {
        assert.match(error.message, NO_MEMORY);
        assert.ok(pages <= loaded, `${pages} pages are enough elsewhere`);
        refused++;
        pages += Math.ceil(loaded / 16);
      }
    }
    t.diagnostic(`refused ${refused} times`);
    assert.ok(refused > 8);
  });

  test('a text that is too long for it', async () => {
    const free = await engineOf('translator');
    const translator = free.loadTranslator(weights);
    const answer = (await translator.translate(short)).text;
    const limit = free.memoryBytes / 65536;
    const engine = await engineOf('translator', limit);
    const confined = engine.loadTranslator(weights);
    await assert.rejects(confined.translate(long), NO_MEMORY);
    assert.equal((await confined.translate(short)).text, answer);
    await assert.rejects(confined.translate(long), NO_MEMORY);
    assert.equal((await confined.translate(short)).text, answer);
  });
});
