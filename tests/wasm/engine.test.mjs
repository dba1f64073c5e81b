// The JavaScript module over every flavour of the WASM build.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createEngine, detectFlavour, flavours } from '../../build/wasm/recur.js';
import { everyFlavour, makeModels, path, randomNumbers } from './support.mjs';

const models = makeModels();
const keepCase = models.get('gru-e8-all-2x2-keep');
const titleCase = models.get('lstm-e0-last-1x1-title');
const world = models.get('world');
const labels = ['Arabic', 'Chinese', 'Čeština', '한국어', '日本語'];
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
const near = (a, b, tolerance) => assert.ok(Math.abs(a - b) <= tolerance, `${a} is not ${b}`);

everyFlavour('a classifier', (flavour) => {
  let engine, classifier;
  before(async () => {
    engine = await createEngine({ flavour });
    classifier = engine.loadClassifier(keepCase);
  });
  after(() => engine.free());

  test('tells what it is', () => {
    assert.equal(engine.flavour, flavour);
    assert.equal(engine.version, JSON.parse(readFileSync(path('package.json'))).version);
    const { cell, layers, hidden, directions } = classifier.info;
    assert.deepEqual(
      { cell, layers, hidden, directions },
      {
        cell: 'gru',
        layers: 2,
        hidden: 13,
        directions: 2,
      },
    );
    assert.deepEqual(classifier.info.labels, labels);
    // letters; two directions of two layers, 3 gates, two biases; output over last, max and mean
    const layer = (input) => 2 * (3 * 13 * (input + 13) + 2 * 3 * 13);
    assert.equal(classifier.info.parameters, 58 * 8 + layer(8) + layer(26) + 5 * (3 * 26) + 5);
  });

  test('shows the metadata of the file', () => {
    const { metadata } = classifier.info;
    assert.equal(metadata['general.license'], 'MIT');
    assert.equal(metadata['recur.training.note'], 'ümlaut 🙂');
    assert.equal(metadata['recur.training.epochs'], 3);
    assert.equal(metadata['recur.training.lr'], -0.125);
    assert.equal(metadata['recur.hidden'], 13);
    assert.equal(metadata['recur.temperature'], Math.fround(0.7));
    assert.equal('recur.labels' in metadata, false);
  });

  test('ranks the labels', () => {
    const all = classifier.classify('Schmidt', { top: 1000 });
    assert.deepEqual(Object.keys(all), ['letters', 'from', 'script', 'read', 'ranking']);
    assert.equal(all.letters, 'Schmidt');
    assert.deepEqual(all.ranking.map(({ label }) => label).sort(), [...labels].sort());
    const probabilities = all.ranking.map(({ probability }) => probability);
    assert.deepEqual(
      probabilities,
      [...probabilities].sort((a, b) => b - a),
    );
    near(sum(probabilities), 1, 1e-6);
    assert.deepEqual(classifier.classify('Schmidt', { top: 2 }).ranking, all.ranking.slice(0, 2));
    assert.equal(classifier.classify('Schmidt').ranking.length, 5);
    assert.notDeepEqual(classifier.classify('Tanaka').ranking, all.ranking);
  });

  test('finds no letters in an empty text', () => {
    for (const text of ['', ' \t ']) {
      assert.deepEqual(classifier.classify(text), {
        letters: '',
        from: 'nothing',
        script: null,
        read: { start: 0, end: 0 },
        ranking: [],
      });
      assert.deepEqual(classifier.classify(text, { steps: true }).steps, []);
    }
  });

  test('gives after each letter what it says of that prefix alone', () => {
    const text = "Anna-Maria O'Neill";
    const { steps, ranking } = classifier.classify(text, {
      steps: true,
      whole: true,
      top: labels.length,
    });
    assert.equal(steps.length, text.length);
    const expect = (step, ranked) => {
      for (const { label, probability } of ranked) {
        near(steps[step].probabilities[labels.indexOf(label)], probability, 1e-6);
      }
    };
    expect(text.length - 1, ranking);
    for (const length of [1, 2, 7, 12]) {
      expect(length - 1, classifier.classify(text.slice(0, length), { whole: true }).ranking);
    }
    assert.deepEqual(
      steps.map(({ index }) => index),
      Array.from(text, (_, index) => index),
    );
  });

  test('gives at most 64 steps', () => {
    const { letters, steps } = classifier.classify('ab'.repeat(50), { steps: true });
    assert.equal(letters.length, 100);
    assert.equal(steps.length, 64);
    assert.equal(steps.at(-1).index, 63);
  });

  const mapped = [
    ['accents', 'Łukáš', 'Lukas', [0, 1, 2, 3, 4]],
    ['one letter to two', 'Groß!', 'Gross\uFFFD', [0, 1, 2, 3, 3, 4]],
    ['a combining mark', 'Jose\u0301 B', 'Jose B', [0, 1, 2, 3, 5, 6]],
    ['an emoji', 'A😀b', 'A\uFFFDb', [0, 1, 3]],
    ['another script', '李 Li', '\uFFFD Li', [0, 1, 2, 3]],
    ['white space', '  Bo  Li ', 'Bo Li', [2, 3, 4, 6, 7]],
    ['a lone surrogate', '\uD83Dab\uDE00', '\uFFFDab\uFFFD', [0, 1, 2, 3]],
    ['what is not seen', '\uFEFFA\u200Bb\u00AD', 'Ab', [1, 3]],
    ['a zero', 'a\0b', 'a\uFFFDb', [0, 1, 2]],
  ];
  for (const [what, text, letters, indices] of mapped) {
    test(`maps letters to offsets in the text: ${what}`, () => {
      const result = classifier.classify(text, { steps: true, whole: true });
      assert.equal(result.letters, letters);
      assert.equal(result.steps.map(({ letter }) => letter).join(''), letters);
      assert.deepEqual(
        result.steps.map(({ index }) => index),
        indices,
      );
    });
  }

  test('sets the case that the file asks for', () => {
    const title = engine.loadClassifier(titleCase);
    assert.equal(title.classify('mARIA de la CRUZ', { whole: true }).letters, 'Maria De La Cruz');
    assert.equal(classifier.classify('mARIA').letters, 'mARIA');
    title.free();
  });

  test('reads the surname of a full name', () => {
    const read = (text) => {
      const { read, letters } = classifier.classify(text);
      return [text.slice(read.start, read.end), letters];
    };
    assert.deepEqual(read('Anna Kowalska'), ['Kowalska', 'Kowalska']);
    assert.deepEqual(read('Zoë 😀 van der Berg '), ['van der Berg', 'van der Berg']);
    assert.deepEqual(read('García Márquez, Gabriel'), ['García Márquez', 'Garcia Marquez']);
    const { steps } = classifier.classify('Zoë 😀 Li', { steps: true });
    assert.deepEqual(
      steps.map(({ index }) => index),
      [7, 8],
    );
    const whole = classifier.classify('Anna Kowalska', { whole: true });
    assert.deepEqual(whole.read, { start: 0, end: 13 });
  });

  test('does not guess from letters that it cannot read', () => {
    for (const [text, script] of [
      ['李', 'Hani'],
      ['Иванов', 'Cyrl'],
      ['7', null],
    ]) {
      const result = classifier.classify(text, { steps: true });
      assert.deepEqual(
        { ...result, letters: undefined },
        {
          letters: undefined,
          from: 'nothing',
          script,
          read: { start: 0, end: text.length },
          ranking: [],
          steps: [],
        },
      );
    }
  });

  test('has no prior but that of its data where the file tells of none', () => {
    assert.equal(classifier.info.shares, null);
    assert.deepEqual(classifier.classify('Anna', { prior: 'data' }), classifier.classify('Anna'));
    assert.throws(() => classifier.classify('Anna', { prior: 'equal' }), /do not tell the prior/);
    assert.throws(() => classifier.classify('Anna', { prior: { Arabic: 1 } }), /do not tell/);
    assert.equal(classifier.classify('Anna').from, 'letters');
  });

  test('takes 10,000 letters and no more', () => {
    assert.equal(classifier.classify('x'.repeat(10_000)).letters.length, 10_000);
    const tooLong = () => classifier.classify('x'.repeat(10_001), { steps: true });
    assert.throws(tooLong, /10001 letters/);
    // a text of many bytes and few letters
    assert.equal(classifier.classify('e' + '\u0301'.repeat(1e6), { steps: true }).steps.length, 1);
    assert.equal(classifier.classify('Anna').letters, 'Anna');
  });

  test('refuses arguments of the wrong type', () => {
    for (const text of [undefined, null, 7, ['a'], new String('a')]) {
      assert.throws(() => classifier.classify(text), TypeError);
    }
    for (const top of [0, -1, 1.5, NaN, '3', null]) {
      assert.throws(() => classifier.classify('a', { top }), TypeError);
    }
    for (const bytes of [undefined, 'GGUF', [1, 2], new Uint16Array(2), {}]) {
      assert.throws(() => engine.loadClassifier(bytes), TypeError);
    }
  });

  test('is gone once freed', () => {
    const first = engine.loadClassifier(keepCase);
    first.free();
    first.free();
    const second = engine.loadClassifier(titleCase); // takes the same place
    assert.throws(() => first.classify('a'), /was freed/);
    assert.equal(second.classify('a').letters, 'A');
    second.free();
    assert.equal(first.info.cell, 'gru');
  });
});

everyFlavour('a classifier of learnt letters', (flavour) => {
  let engine, classifier;
  before(async () => {
    engine = await createEngine({ flavour, models: ['classifier'] });
    classifier = engine.loadClassifier(world);
  });
  after(() => engine.free());
  const distribution = (text, options) =>
    Object.fromEntries(
      classifier
        .classify(text, { top: 10, ...options })
        .ranking.map(({ label, probability }) => [label, probability]),
    );
  const shares = { Arabic: 0.5, Chinese: 0.25, Čeština: 0.125, 한국어: 0.0625, 日本語: 0.0625 };

  test('tells the shares of its labels', () => {
    assert.deepEqual([...classifier.info.shares], Object.values(shares));
  });

  test('reads letters with their marks, in any case and composition', () => {
    const { letters } = classifier.classify('MÜLLER');
    assert.equal(letters, 'müller');
    for (const text of ['Müller', 'Mu\u0308ller', 'MU\u0308LLER', 'Mü\u200Bller']) {
      assert.deepEqual(distribution(text), distribution('müller'));
    }
    assert.notDeepEqual(distribution('Müller'), distribution('Muller'));
    assert.equal(classifier.classify('Ǘñ', { whole: true }).letters, 'ün'); // the nearest that it has
  });

  test('answers under the prior that is asked for', () => {
    const data = distribution('Müller', { prior: 'data' });
    const under = (prior) => {
      const weighed = Object.entries(data).map(([label, p]) => [
        label,
        (p * (prior[label] ?? 0)) / shares[label],
      ]);
      const total = sum(weighed.map(([, p]) => p));
      return Object.fromEntries(weighed.map(([label, p]) => [label, p / total]));
    };
    const compare = (prior, expected) => {
      const found = distribution('Müller', { prior });
      for (const label of labels) near(found[label], expected[label], 1e-6);
    };
    const equal = Object.fromEntries(labels.map((label) => [label, 1]));
    const given = { Čeština: 3, Arabic: 1, 한국어: 0.5 };
    compare('equal', under(equal));
    const roots = Object.entries(shares).map(([label, share]) => [label, Math.sqrt(share)]);
    compare('balanced', under(Object.fromEntries(roots)));
    compare(given, under(given));
    compare('data', data);
    compare(undefined, under(equal));
    const all = classifier.classify('Müller', { prior: given, steps: true, top: 10 });
    for (const { label, probability } of all.ranking) {
      near(all.steps.at(-1).probabilities[labels.indexOf(label)], probability, 1e-6);
    }
  });

  test('supposes the prior that the file says', () => {
    const tutorial = engine.loadClassifier(readFileSync(path('data/weights/names-gru.gguf')));
    const { ranking } = tutorial.classify('Müller');
    assert.equal(tutorial.info.metadata['recur.prior.default'], 'balanced');
    assert.deepEqual(ranking, tutorial.classify('Müller', { prior: 'balanced' }).ranking);
    assert.notDeepEqual(ranking, tutorial.classify('Müller', { prior: 'equal' }).ranking);
    tutorial.free();
  });

  test('refuses priors that are none', () => {
    for (const prior of ['even', 7, null, { Martian: 1 }, { Arabic: -1 }, { Arabic: NaN }]) {
      assert.throws(() => classifier.classify('a', { prior }), TypeError);
    }
    assert.throws(() => classifier.classify('a', { prior: {} }), /leaves no label/);
    assert.throws(() => classifier.classify('a', { prior: { Arabic: 0 } }), /leaves no label/);
    assert.equal(classifier.classify('a').from, 'letters');
  });

  test('answers other scripts by the labels that they are at home with', () => {
    const greek = classifier.classify('Παπαδόπουλος', { steps: true });
    assert.equal(greek.from, 'nothing');
    assert.equal(greek.script, 'Grek');
    const chinese = classifier.classify('王', { steps: true });
    assert.equal(chinese.from, 'script');
    assert.equal(chinese.script, 'Hani');
    assert.deepEqual(chinese.steps, []);
    const of = (prior) => distribution('王', { prior });
    near(of('equal').Chinese, 0.5, 1e-6);
    near(of('equal').日本語, 0.5, 1e-6);
    near(of('data').Chinese, 0.8, 1e-6);
    near(of({ 日本語: 1 }).日本語, 1, 1e-6);
    near(of('equal').Arabic, 0, 1e-9);
  });
});

everyFlavour('the loader', (flavour) => {
  let engine;
  before(async () => (engine = await createEngine({ flavour })));
  after(() => engine.free());

  test('takes an ArrayBuffer and any part of a larger one', () => {
    const padded = new Uint8Array(keepCase.length + 10);
    padded.set(keepCase, 7);
    const part = padded.subarray(7, 7 + keepCase.length);
    const whole = part.slice().buffer;
    const [a, b] = [part, whole].map((bytes) => engine.loadClassifier(bytes));
    part.fill(0); // the bytes were copied
    assert.deepEqual(a.classify('Anna'), b.classify('Anna'));
    a.free();
    b.free();
  });

  const refused = (bytes, why) =>
    assert.throws(
      () => engine.loadClassifier(bytes),
      (error) => {
        assert.equal(error.constructor, Error); // and no trap, which is a RuntimeError
        assert.match(error.message, why);
        return true;
      },
    );

  test('refuses what is no GGUF file', () => {
    refused(new Uint8Array(0), /./);
    refused(new TextEncoder().encode('<!doctype html><title>Not found</title>'), /HTML/);
    refused(new TextEncoder().encode('version https://git-lfs.github.com/spec/v1'), /Git LFS/);
    refused(new Uint8Array(100_000), /GGUF/);
  });

  test('refuses a file that ends early, wherever', () => {
    for (let size = 0; size < keepCase.length; size += size < 3000 ? 1 : 97) {
      refused(keepCase.subarray(0, size), /./);
    }
    refused(keepCase.subarray(0, keepCase.length - 1), /./);
  });

  test('survives any byte changed', () => {
    const random = randomNumbers(2);
    for (let i = 0; i < 4000; i++) {
      const bytes = keepCase.slice();
      const range = i % 2 ? bytes.length : 2500; // mostly the header
      bytes[Math.floor(random() * range)] ^= 1 << Math.floor(random() * 8);
      let classifier;
      try {
        classifier = engine.loadClassifier(bytes);
      } catch (error) {
        assert.equal(error.constructor, Error, error.stack);
        assert.notEqual(error.message, '');
        continue;
      }
      classifier.classify('Anna', { steps: true });
      classifier.free();
    }
  });

  test('holds 64 models, and says so', () => {
    const all = Array.from({ length: 64 }, () => engine.loadClassifier(titleCase));
    refused(titleCase, /64 models/);
    all.pop().free();
    all.push(engine.loadClassifier(titleCase));
    for (const classifier of all) classifier.free();
  });

  test('frees what was dropped', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc');
    const dropAll = () => {
      for (let i = 0; i < 64; i++) engine.loadClassifier(titleCase);
    };
    dropAll();
    for (let tries = 0; tries < 100; tries++) {
      collectGarbage();
      await new Promise((resolve) => setImmediate(resolve));
      try {
        engine.loadClassifier(titleCase).free();
        return;
      } catch {
        // not collected yet
      }
    }
    assert.fail('the dropped classifiers are still there');
  });
});

everyFlavour('memory', (flavour) => {
  test('does not grow with classifications', async () => {
    const engine = await createEngine({ flavour });
    const classifier = engine.loadClassifier(keepCase);
    const texts = ['', 'Li', 'Anna-Maria', 'x'.repeat(80), '李'];
    const classify = (times) => {
      for (let i = 0; i < times; i++) {
        classifier.classify(texts[i % texts.length], { steps: i % 3 === 0 });
      }
    };
    classify(100);
    const early = engine.memoryBytes;
    classify(10_000);
    assert.equal(engine.memoryBytes, early);
    engine.free();
  });

  test('does not grow with loading and freeing, or with failures', async () => {
    const engine = await createEngine({ flavour });
    const load = (times) => {
      for (let i = 0; i < times; i++) {
        const classifiers = [keepCase, titleCase].map((bytes) => engine.loadClassifier(bytes));
        for (const classifier of classifiers) classifier.classify('Anna', { steps: true });
        assert.throws(() => engine.loadClassifier(keepCase.subarray(0, (i * 131) % 9000)));
        for (const classifier of classifiers) classifier.free();
      }
    };
    load(10);
    const early = engine.memoryBytes;
    load(2000);
    assert.equal(engine.memoryBytes, early);
    engine.free();
  });

  test('of a long text is used again', async () => {
    const engine = await createEngine({ flavour });
    const classifiers = Array.from({ length: 8 }, () => engine.loadClassifier(keepCase));
    const long = 'x'.repeat(10_000);
    classifiers[0].classify(long);
    classifiers[0].classify('a');
    const early = engine.memoryBytes;
    for (const classifier of classifiers) classifier.classify(long);
    assert.ok(engine.memoryBytes < 2 * early, `${early} became ${engine.memoryBytes}`);
    engine.free();
  });
});

describe('engines', () => {
  test('are independent', async () => {
    const [a, b] = await Promise.all([createEngine(), createEngine({ flavour: 'scalar' })]);
    const inA = a.loadClassifier(keepCase);
    const inB = b.loadClassifier(keepCase);
    const before = inB.classify('Anna');
    a.free();
    a.free();
    assert.equal(a.memoryBytes, 0);
    assert.throws(() => inA.classify('Anna'), /engine was freed/);
    assert.throws(() => a.loadClassifier(keepCase), /engine was freed/);
    inA.free();
    assert.deepEqual(inB.classify('Anna'), before);
    b.free();
  });

  test('pick the fastest flavour', async () => {
    assert.deepEqual(flavours, ['scalar', 'simd128', 'relaxed']);
    assert.equal(await detectFlavour(), 'relaxed');
    const engine = await createEngine();
    assert.equal(engine.flavour, 'relaxed');
    engine.free();
  });

  test('take the bytes of the modules from the caller', async () => {
    const bytes = readFileSync(path('build/wasm/recur-classifier-scalar.wasm'));
    const given = (classifier, rest) =>
      createEngine({ models: ['classifier'], wasmBinaries: { classifier }, ...rest });
    for (const binary of [bytes, Promise.resolve(bytes), new Uint8Array(bytes).buffer]) {
      const engine = await given(binary, { flavour: 'scalar' });
      assert.equal(engine.loadClassifier(keepCase).classify('Anna').letters, 'Anna');
      engine.free();
    }
    await assert.rejects(given('bytes'), TypeError);
    await assert.rejects(given(bytes.subarray(0, 99)), Error);
    await assert.rejects(given(Promise.reject(new Error('no'))), /no/);
    await assert.rejects(given(bytes, { flavour: 'mmx' }), TypeError);
  });

  test('take bytes of another realm, as of a frame or a test runner', async () => {
    const elsewhere = (bytes) =>
      runInNewContext('Uint8Array.from(bytes)', { bytes: Array.from(bytes) });
    const bytes = elsewhere(readFileSync(path('build/wasm/recur-classifier-scalar.wasm')));
    assert.equal(bytes instanceof Uint8Array, false);
    for (const given of [(value) => value, (value) => value.buffer]) {
      const wasmBinaries = { classifier: given(bytes) };
      const engine = await createEngine({ models: ['classifier'], wasmBinaries });
      const classifier = engine.loadClassifier(given(elsewhere(keepCase)));
      assert.equal(classifier.classify('Anna').letters, 'Anna');
      engine.free();
    }
  });

  test('say which address has no module, and what it answers', async (t) => {
    const host = createServer(({ url }, response) => {
      const status = url.startsWith('/missing/') ? 404 : 200;
      response.writeHead(status, { 'content-type': 'text/html' }).end('<!doctype html>');
    });
    await new Promise((resolve) => host.listen(0, 'localhost', resolve));
    t.after(() => host.close());
    const { port } = host.address();
    const script = readFileSync(path('build/wasm/recur.js'), 'utf8');
    const answer = async (base) => {
      const placed = script.replaceAll('import.meta.url', JSON.stringify(base));
      const module = await import(`data:text/javascript,${encodeURIComponent(placed)}`);
      return module.createEngine({ models: ['classifier'], flavour: 'scalar' });
    };
    const file = 'recur-classifier-scalar\\.wasm';
    const said = (text) => new RegExp(`^Error: http://localhost:[0-9]+/.*${file} ${text}`);
    const origin = `http://localhost:${port}`;
    await assert.rejects(answer(`${origin}/a/`), said('answers with .* 200, text/html, not WASM$'));
    await assert.rejects(answer(`${origin}/missing/`), said('answers with HTTP status 404,'));
    await assert.rejects(answer('http://localhost:1/'), said('cannot be fetched'));
  });

  test('have the modules that they are created with, and no others', async () => {
    const both = await createEngine();
    const names = await createEngine({ models: ['classifier'] });
    const sentences = await createEngine({ models: ['translator'] });
    assert.throws(
      () => names.loadTranslator(keepCase),
      /no translator: name it in the models of createEngine/,
    );
    assert.throws(() => sentences.loadClassifier(keepCase), /no classifier: name it in the models/);
    assert.throws(() => both.loadTranslator(keepCase), /not a translator but "recur-classifier"/);
    assert.equal(both.loadClassifier(keepCase).classify('Anna').letters, 'Anna');
    assert.equal(both.memoryBytes, names.memoryBytes + sentences.memoryBytes);
    for (const engine of [both, names, sentences]) {
      engine.free();
      assert.equal(engine.memoryBytes, 0);
    }
    assert.throws(() => both.loadTranslator(keepCase), /engine was freed/);
  });

  test('are for models that there are', async () => {
    for (const models of [[], ['summarizer'], 'translator']) {
      await assert.rejects(createEngine({ models }), TypeError);
    }
  });
});

everyFlavour('the exported functions', (flavour) => {
  // Below recur.js, as another host would call them.
  let wasm, engine;
  before(async () => {
    const bytes = readFileSync(path(`build/wasm/recur-classifier-${flavour}.wasm`));
    const { instance } = await WebAssembly.instantiate(bytes, {
      env: { recur_nfc: () => 0 },
    });
    wasm = instance.exports;
    wasm._initialize?.();
    engine = wasm.recur_engine_new();
  });

  const load = (bytes) => {
    const start = wasm.recur_input(engine, bytes.length);
    new Uint8Array(wasm.memory.buffer).set(bytes, start);
    return wasm.recur_classifier_load(engine, bytes.length);
  };

  test('refuse a handle that was freed, or never given out', () => {
    const stale = load(titleCase);
    assert.equal(wasm.recur_free(engine, stale), 0);
    const alive = load(titleCase);
    const forged = [0, -1, 1, 63, 64, 65, stale, alive + 1, alive + 64, 2 ** 31 - 1, -(2 ** 31)];
    for (const handle of forged) {
      assert.ok(wasm.recur_free(engine, handle) < 0, `freed ${handle}`);
      assert.ok(wasm.recur_classify(engine, handle, 0, 1) < 0);
      assert.ok(wasm.recur_property(engine, handle, 0) < 0);
      assert.equal(wasm.recur_classifier_cell(engine, handle), 0);
      assert.equal(wasm.recur_classifier_label(engine, handle, 0), 0);
      assert.equal(wasm.recur_metadata_key(engine, handle, 0), 0);
      assert.ok(wasm.recur_metadata_kind_of(engine, handle, 0) < 0);
      assert.equal(wasm.recur_metadata_text(engine, handle, 0), 0);
      assert.equal(wasm.recur_metadata_number(engine, handle, 0), 0);
    }
    assert.equal(wasm.recur_classify(engine, alive, 0, 1), 0);
  });

  test('refuse an index or a size that is not there', () => {
    const handle = load(titleCase);
    for (const index of [-1, 5, 1e9]) {
      assert.equal(wasm.recur_classifier_label(engine, handle, index), 0);
    }
    for (const index of [-1, 1000]) assert.equal(wasm.recur_metadata_key(engine, handle, index), 0);
    for (const property of [-1, 6, 99]) {
      assert.ok(wasm.recur_property(engine, handle, property) < 0);
    }
    wasm.recur_input(engine, 10);
    for (const size of [1000, 2 ** 31, -1]) {
      assert.ok(wasm.recur_classify(engine, handle, size, 0) < 0);
      assert.ok(wasm.recur_classifier_load(engine, size) < 0);
    }
    assert.equal(wasm.recur_input(engine, -1), 0, 'no room for 4 GiB');
    assert.ok(wasm.recur_classify(engine, handle, 1, 0) < 0);
  });
});
