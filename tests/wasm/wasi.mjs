// Runs a WASI program: node tests/wasm/wasi.mjs FILE [ARGUMENT...]
//
// Its host, as far as the checkers of tests/kernels and tests/soak need one: Node's own crashes when the memory has
// grown and the program was not made by Emscripten's linker.
import { readFileSync, writeSync } from 'node:fs';

const [file, ...options] = process.argv.slice(2);
const words = [file, ...options].map((word) => Buffer.from(`${word}\0`));
const SUCCESS = 0;

const view = () => new DataView(instance.exports.memory.buffer);
const bytes = (start, length) => new Uint8Array(instance.exports.memory.buffer, start, length);

const wasi = {
  args_sizes_get(count, size) {
    view().setUint32(count, words.length, true);
    view().setUint32(size, Buffer.concat(words).length, true);
    return SUCCESS;
  },
  args_get(pointers, text) {
    for (const [index, word] of words.entries()) {
      view().setUint32(pointers + 4 * index, text, true);
      bytes(text, word.length).set(word);
      text += word.length;
    }
    return SUCCESS;
  },
  clock_time_get(_clock, _precision, time) {
    view().setBigUint64(time, process.hrtime.bigint(), true);
    return SUCCESS;
  },
  fd_write(descriptor, parts, count, written) {
    let total = 0;
    for (let part = parts; part < parts + 8 * count; part += 8) {
      const length = view().getUint32(part + 4, true);
      writeSync(descriptor, bytes(view().getUint32(part, true), length));
      total += length;
    }
    view().setUint32(written, total, true);
    return SUCCESS;
  },
  fd_seek: () => SUCCESS,
  fd_close: () => SUCCESS,
  proc_exit: (status) => process.exit(status),
};

const { instance } = await WebAssembly.instantiate(readFileSync(file), {
  wasi_snapshot_preview1: wasi,
  env: { emscripten_notify_memory_growth() {} },
});
instance.exports._start();
