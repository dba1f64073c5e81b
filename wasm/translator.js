import {
  checkOneOf,
  encoder,
  dropped,
  list,
  readMetadata,
  utf16Offsets,
  PARAMETERS,
  BYTES,
  SENTENCE_TOKENS,
  TEXT_SENTENCES,
  TEXT_BYTES,
} from './core.js';

// recur_sentence_property in recur.h.
const START = 0;
const END = 1;
const TRUNCATED = 2;
const SOURCE_TOKENS = 3;
const TARGET_TOKENS = 4;
const UNKNOWN = 5;
const SPANS = 6;
const COPIED = 7;

export class Translator {
  #core;
  #handle;
  #last = Promise.resolve(); // the request that was made last, done or given up
  #openLook;
  #look;

  constructor(core, handle, openLook) {
    this.#core = core;
    this.#handle = handle;
    this.#openLook = openLook;
    dropped.register(this, { core, handle }, this);
    this.info = readTranslatorInfo(core, handle);
    Object.freeze(this);
  }

  async translate(text, options = {}) {
    const { beam = 4, nbest = 1, attention = false, numbers = 'french', signal, onToken } = options;
    if (typeof text !== 'string') throw new TypeError('the text is not a string');
    if (!Number.isInteger(beam)) throw new TypeError('beam is not a whole number');
    if (!Number.isInteger(nbest)) throw new TypeError('nbest is not a whole number');
    checkOneOf(['french', 'as-is'], numbers, 'numbers');
    const before = this.#last;
    let done;
    const mine = new Promise((resolve) => (done = resolve));
    this.#last = before.then(() => mine);
    try {
      await unlessAborted(before, signal);
      const request = { beam, nbest, attention, numbers, signal, onToken };
      return await translate(this.#core, this.#handle, text, request);
    } finally {
      done();
    }
  }

  async inspect(text, options = {}) {
    return (this.#look ??= await this.#openLook()).inspect(text, options);
  }

  free() {
    this.#core.release(this.#handle);
    this.#look?.free();
    dropped.unregister(this);
  }
}

function readTranslatorInfo(core, handle) {
  const property = (which) => core.count('property', handle, which);
  const metadata = readMetadata(core, handle);
  const text = (key) => String(metadata[key] ?? '');
  return Object.freeze({
    name: text('general.name'),
    license: text('general.license'),
    attribution: text('general.attribution'),
    source: text('recur.source.language'),
    target: text('recur.target.language'),
    kind: metadata['recur.text'] === 'words' ? 'tutorial' : 'subword',
    parameters: property(PARAMETERS),
    bytes: property(BYTES),
    limits: Object.freeze({
      tokens: property(SENTENCE_TOKENS),
      sentences: property(TEXT_SENTENCES),
      bytes: property(TEXT_BYTES),
    }),
    metadata,
  });
}

/** The promise, or the signal's reason if that comes first. */
function unlessAborted(promise, signal) {
  if (signal === undefined) return promise;
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort);
    promise.then(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    });
  });
}

const SLICE = 8; // milliseconds of work before other things get their turn

/** Lets everything that waits in the event loop go first. */
const pause = globalThis.scheduler?.yield
  ? () => scheduler.yield()
  : () =>
      new Promise((resolve) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          port1.close(); // or Node would wait for more
          resolve();
        };
        port2.postMessage(null);
      });

/** One text on its way through the translator. */
async function translate(core, handle, text, request) {
  const { beam, nbest, attention, numbers, signal, onToken } = request;
  signal?.throwIfAborted();
  const told = []; // by sentence: what onToken got last
  let since = performance.now();
  let milliseconds = 0;
  const bytes = encoder.encode(text); // a lone surrogate becomes U+FFFD
  core.input(bytes);
  const flags = [!!attention, numbers === 'french']; // true counts as 1
  let left = core.count('translate', handle, bytes.length, beam, nbest, ...flags);
  const sentences = new Array(left);
  while (left > 0) {
    const found = core.count('translate_step', handle);
    for (let index = 0; index < found; index++) read(index);
    left -= found;
    const spent = performance.now() - since;
    if (spent < SLICE || left === 0) continue;
    milliseconds += spent;
    tell();
    await pause();
    signal?.throwIfAborted();
    since = performance.now();
  }
  milliseconds += performance.now() - since;
  return { text: join(), sentences, milliseconds };

  function read(index) {
    const number = core.count('translate_found', handle, index);
    const source = core.text('sentence_source');
    const results = list(nbest, (rank) => ({
      text: core.text('sentence_text', rank),
      score: core.number('sentence_score', rank),
    }));
    const [{ text, score }] = results;
    const sourceTokens = tokens('source', SOURCE_TOKENS, source);
    const targetTokens = tokens('target', TARGET_TOKENS, text);
    const cells = sourceTokens.length * targetTokens.length;
    sentences[number] = {
      start: core.count('sentence', START), // in bytes until all are there
      end: core.count('sentence', END),
      source,
      text,
      score,
      alternatives: distinct(results).slice(1),
      sourceTokens,
      targetTokens,
      attention: cells === 0 ? undefined : core.array(Float32Array, 'attention', cells),
      truncated: core.count('sentence', TRUNCATED) !== 0,
      unknown: tokens('unknown', UNKNOWN, source).map((word) => word.text),
      spans: spans(source, text),
      copied: core.count('sentence', COPIED) !== 0,
    };
    report(number, text);
  }

  function tokens(side, property, text) {
    const count = core.count('sentence', property);
    const ranges = core.array(Int32Array, `${side}_ranges`, 2 * count);
    const places = utf16Offsets(encoder.encode(text), ranges);
    return list(count, (index) => {
      const [start, end] = places.slice(2 * index, 2 * index + 2);
      return { text: text.slice(start, end), start, end };
    });
  }

  /** What was not translated, by where it stands in the source; each with its place in the text. */
  function spans(source, text) {
    const count = core.count('sentence', SPANS);
    if (count === 0) return [];
    const ranges = core.array(Int32Array, 'span_ranges', 4 * count);
    const places = [source, text].map((whole) => utf16Table(encoder.encode(whole)));
    const token = (side, at) => {
      const [start, end] = [places[side][ranges[at]], places[side][ranges[at + 1]]];
      return { text: [source, text][side].slice(start, end), start, end };
    };
    return list(count, (index) => ({
      source: token(0, 4 * index),
      target: token(1, 4 * index + 2),
    }));
  }

  /** Tells how far the sentences are that are under way. */
  function tell() {
    if (onToken === undefined) return;
    const open = core.count('translate_open', handle);
    for (let index = 0; index < open; index++) {
      const number = core.count('translate_peek', handle, index);
      report(number, core.text('sentence_text', 0));
    }
  }

  function report(sentence, text) {
    if (told[sentence] === text) return;
    told[sentence] = text;
    onToken?.({ sentence, text });
  }

  /** The whole text, what stands between its sentences kept; and the sentences' ranges in UTF-16. */
  function join() {
    const places = utf16Offsets(
      bytes,
      sentences.flatMap(({ start, end }) => [start, end]),
    );
    let joined = '';
    let at = 0;
    sentences.forEach((sentence, index) => {
      [sentence.start, sentence.end] = places.slice(2 * index, 2 * index + 2);
      const gap = text.slice(at, sentence.start);
      joined += (gap || index === 0 ? gap : ' ') + sentence.text;
      at = sentence.end;
    });
    const rest = text.slice(at);
    return sentences.at(-1)?.copied || lineEnd.test(rest) ? joined + rest : joined;
  }
}

const lineEnd = /[\n\r\u0085\u2028\u2029]/;

/** Without the texts that an earlier one is like. */
function distinct(results) {
  const texts = results.map(({ text }) => text);
  return results.filter(({ text }, rank) => texts.indexOf(text) === rank);
}

/** Of every byte offset of UTF-8 `bytes` that begins a character, its UTF-16 offset. */
function utf16Table(bytes) {
  return utf16Offsets(
    bytes,
    list(bytes.length + 1, (index) => index),
  );
}
