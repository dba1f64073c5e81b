// The translator of every flavour of the module, and that it says what the native program does.
//
// Another weight file and another text, one sentence a line, can be compared as well:
//
//   RECUR_MODEL=data/weights/en-fr.gguf RECUR_TEXT=english.txt node --test tests/wasm/translator.test.mjs
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createEngine } from '../../build/wasm/recur.js';
import { everyFlavour, makeModels, path, randomNumbers } from './support.mjs';

const folder = mkdtempSync(join(tmpdir(), 'recur-translator-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const sample = path('data/sample/eng-fra.tsv');
const english = readFileSync(sample, 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => line.split('\t')[0]);

/** A small translator in int8, trained on the sample in seconds. */
function trainSmall() {
  const out = join(folder, 'small.gguf');
  const shape =
    '--vocabulary 400 --embedding 32 --hidden 64 --encoder-hidden 32 --attentional 32 --type q8_0';
  const training = '--tokens 512 --lr 0.01 --warmup 40 --epochs 30 --snapshots 1';
  const args = ['translate', '--data', sample, '--name', 'Small', '--license', 'MIT', '--out', out];
  execFileSync(path('build/native/bin/train'), [...args, ...`${shape} ${training}`.split(' ')], {
    stdio: 'pipe',
  });
  return out;
}

const small = trainSmall();
const weights = new Uint8Array(readFileSync(small));

/** The beginning of one sentence and the end of another, by which many are made of few. */
function recombine(count) {
  const random = randomNumbers(4);
  const some = () => english[Math.floor(random() * english.length)].split(' ');
  return Array.from({ length: count }, () => {
    const [first, second] = [some(), some()];
    const cut = Math.ceil(random() * first.length);
    return [...first.slice(0, cut), ...second.slice(Math.min(cut, second.length - 1))].join(' ');
  });
}

const model = process.env.RECUR_MODEL ?? small;
const lines =
  process.env.RECUR_TEXT === undefined
    ? recombine(1000)
    : readFileSync(process.env.RECUR_TEXT, 'utf8').trimEnd().split('\n');

function translateNatively(beam) {
  const args = ['--model', model, '--beam', String(beam)];
  const { status, stdout, stderr } = spawnSync(path('build/native/bin/translate'), args, {
    input: `${lines.join('\n')}\n`,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  assert.equal(status, 0, stderr);
  return stdout.split('\n').slice(0, -1);
}

const expected = new Map([1, 4].map((beam) => [beam, translateNatively(beam)]));

everyFlavour('a translator', (flavour) => {
  let engine, translator;
  before(async () => {
    engine = await createEngine({ flavour });
    translator = engine.loadTranslator(weights);
  });
  after(() => engine.free());

  for (const beam of expected.keys()) {
    test(`says what the native program does, beam ${beam}`, async (t) => {
      const other = engine.loadTranslator(readFileSync(model));
      const { text } = await other.translate(lines.join('\n'), { beam });
      other.free();
      const native = expected.get(beam);
      const differ = text.split('\n').flatMap((line, index) => {
        return line === native[index] ? [] : [`${lines[index]}\n  ${native[index]}\n  ${line}`];
      });
      t.diagnostic(`${differ.length} of ${lines.length} differ`);
      for (const lines of differ) t.diagnostic(lines);
      assert.equal(text.split('\n').length, lines.length);
      assert.ok(differ.length <= 0.005 * lines.length);
    });
  }

  test('tells what it is', () => {
    const { info } = translator;
    assert.equal(info.name, 'Small');
    assert.equal(info.license, 'MIT');
    assert.deepEqual([info.source, info.target, info.kind], ['en', 'fr', 'subword']);
    assert.equal(info.metadata['recur.hidden'], 64);
    assert.ok(info.parameters > 60_000 && info.bytes > info.parameters);
    assert.ok(Object.values(info.limits).every((limit) => limit >= 1024));
  });

  test('keeps lines and knows where sentences stand', async () => {
    const text = `\n  The lamp is red.\n\n\u{1F600} Where is the bridge? \r\n${'I read a book. '.repeat(20).trim()}\n`;
    const result = await translator.translate(text);
    assert.ok(result.milliseconds > 0);
    assert.equal(result.sentences.length, 22);
    const cut = result.sentences.map(({ start, end }) => text.slice(start, end));
    assert.equal(cut[0], 'The lamp is red.');
    assert.equal(cut[1], '\u{1F600} Where is the bridge?');
    assert.ok(cut.slice(2).every((sentence) => sentence === 'I read a book.'));
    const [first, second, ...rest] = result.sentences.map((sentence) => sentence.text);
    assert.equal(result.text, `\n  ${first}\n\n${second} \r\n${rest.join(' ')}\n`);
    assert.ok(result.sentences.every(({ score }) => score < 0));
  });

  test('gives alternatives, best first and none twice', async () => {
    const { sentences } = await translator.translate('The lamp is red.', { beam: 8, nbest: 8 });
    const [{ text, score, alternatives }] = sentences;
    const all = [{ text, score }, ...alternatives];
    assert.ok(alternatives.length >= 3 && alternatives.length <= 7);
    assert.equal(new Set(all.map((one) => one.text)).size, all.length);
    all.forEach((one, index) => assert.ok(index === 0 || one.score <= all[index - 1].score));
  });

  test('shows its attention, and where tokens stand', async () => {
    const text = 'Where is the bridge? \u00C9t\u00E9 \u{1F600}!';
    const { sentences } = await translator.translate(text, { attention: true });
    const [{ source, sourceTokens, targetTokens, attention, text: french }] = sentences;
    for (const [tokens, whole] of [
      [sourceTokens, source],
      [targetTokens, french],
    ]) {
      assert.ok(tokens.length > 3);
      let letters = '';
      let end = 0;
      for (const token of tokens) {
        assert.equal(token.text, whole.slice(token.start, token.end));
        assert.doesNotMatch(token.text, /^\s|\s$/);
        letters += whole.slice(Math.max(end, token.start), token.end); // bytes share a character
        end = Math.max(end, token.end);
      }
      assert.equal(letters, whole.replace(/\s/g, ''));
    }
    const last = sourceTokens.at(-1);
    assert.deepEqual(last, { text: '', start: source.length, end: source.length });
    assert.equal(attention.length, sourceTokens.length * targetTokens.length);
    targetTokens.forEach((_, row) => {
      const weights = attention.subarray(
        row * sourceTokens.length,
        (row + 1) * sourceTokens.length,
      );
      const sum = weights.reduce((total, weight) => total + weight, 0);
      assert.ok(Math.abs(sum - 1) < 1e-5);
    });
    const plain = await translator.translate(text);
    assert.equal(plain.text, french);
    assert.equal(plain.sentences[0].attention, undefined);
    assert.deepEqual(plain.sentences[0].sourceTokens, []);
  });

  test('tells how far it is', async () => {
    for (const beam of [1, 4]) {
      const text = english.slice(0, 100).join('\n');
      const told = [];
      const result = await translator.translate(text, { beam, onToken: (now) => told.push(now) });
      const latest = new Map(told.map(({ sentence, text }) => [sentence, text]));
      result.sentences.forEach(({ text }, index) => assert.equal(latest.get(index), text));
      assert.ok(told.length >= result.sentences.length, `${told.length} times`);
    }
  });

  test('ends when it is told to, and lets other things happen meanwhile', async () => {
    const text = english.join('\n').repeat(10);
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const controller = new AbortController();
    const long = translator.translate(text, { signal: controller.signal });
    const waiting = new AbortController();
    const second = translator.translate('Never begun.', { signal: waiting.signal });
    const third = translator.translate('The lamp is red.');
    waiting.abort(new Error('not any more'));
    await assert.rejects(second, /not any more/);
    setTimeout(() => controller.abort(), 40);
    await assert.rejects(long, { name: 'AbortError' });
    clearInterval(timer);
    assert.ok(turns >= 1, `${turns} turns`);
    const alone = await translator.translate('The lamp is red.');
    assert.equal((await third).text, alone.text);
    await assert.rejects(translator.translate('a', { signal: AbortSignal.abort() }), {
      name: 'AbortError',
    });
  });

  test('requests that overlap do not mix', async () => {
    const texts = english.slice(0, 12);
    const together = await Promise.all(texts.map((text) => translator.translate(text)));
    for (const [index, text] of texts.entries()) {
      assert.equal(together[index].text, (await translator.translate(text)).text);
    }
  });

  test('any text is translated, or refused with a reason', async () => {
    for (const nothing of ['', ' ']) {
      assert.deepEqual((await translator.translate(nothing)).sentences, []);
    }
    for (const unseen of ['\u200B', '\u00AD\u00AD']) {
      const { text, sentences } = await translator.translate(unseen);
      assert.equal(text, unseen);
      assert.ok(sentences.every(({ copied }) => copied));
    }
    assert.equal((await translator.translate('\n \n')).text, '\n \n');
    const odd = [
      '\uD800',
      'a\uDC00b',
      '\u{1F469}\u200D\u{1F680}',
      '\u4F60\u597D\u3002',
      '\0',
      '\u0301',
    ];
    for (const text of odd) await translator.translate(text);
    const decomposed = await translator.translate('e\u0301te\u0301, \u1E9B\u0323');
    assert.equal(decomposed.sentences[0].source, '\u00E9t\u00E9, \u1E9B\u0323');
    const long = await translator.translate('word '.repeat(2000), { beam: 1 });
    assert.ok(long.sentences.length >= 10000 / 800);
    await translator.translate('\u4F60'.repeat(2000), { beam: 1 });
    const { bytes, sentences } = translator.info.limits;
    await assert.rejects(translator.translate('a'.repeat(bytes + 1)), /1048577 bytes of text/);
    await assert.rejects(translator.translate('a\n'.repeat(sentences + 1)), /20001 sentences/);
    assert.notEqual((await translator.translate('The lamp is red.')).text, '');
  });

  test('wrong arguments are refused', async () => {
    await assert.rejects(translator.translate(7), TypeError);
    await assert.rejects(translator.translate('a', { beam: 1.5 }), TypeError);
    await assert.rejects(translator.translate('a', { beam: 0 }), /beam is 0/);
    await assert.rejects(translator.translate('a', { beam: 65 }), /beam is 65/);
    await assert.rejects(translator.translate('a', { beam: 2, nbest: 3 }), /nbest is 3/);
    assert.throws(() => engine.loadTranslator('weights'), TypeError);
  });

  test('other files are refused', () => {
    const [classifier] = makeModels().values();
    assert.throws(() => engine.loadTranslator(classifier), /not a translator/);
    assert.throws(() => engine.loadClassifier(weights), /not a name classifier/);
    assert.throws(() => engine.loadTranslator(new Uint8Array(0)), /byte/);
    for (let size = 1; size < weights.length; size = Math.ceil(size * 1.3)) {
      assert.throws(() => engine.loadTranslator(weights.slice(0, size)), Error);
    }
    const random = randomNumbers(9);
    for (let i = 0; i < 200; i++) {
      const damaged = weights.slice();
      damaged[Math.floor(random() * damaged.length)] ^= 1 << Math.floor(random() * 8);
      try {
        engine.loadTranslator(damaged).free();
      } catch (error) {
        assert.match(error.message, /\w/);
      }
    }
  });

  test('the memory of many translations is that of few', async () => {
    const own = await createEngine({ flavour, models: ['translator'] });
    const repeated = own.loadTranslator(weights);
    const some = english.slice(0, 50);
    const all = () => repeated.translate(some.join('\n'), { beam: 1 });
    const each = async () => {
      for (const text of some) await repeated.translate(text, { beam: 1 });
    };
    await all();
    await each();
    const before = own.memoryBytes;
    for (let i = 0; i < 160; i++) await all();
    for (let i = 0; i < 40; i++) await each();
    assert.equal(own.memoryBytes, before);
    own.free();
    await assert.rejects(repeated.translate('a'), /freed/);
  });

  test('free ends it', async () => {
    const other = engine.loadTranslator(weights);
    const cut = other.translate(english.join('\n').repeat(4));
    await new Promise((resolve) => setTimeout(resolve, 20));
    other.free();
    other.free();
    await assert.rejects(cut, /the translator was freed/);
    await assert.rejects(other.translate('a'), /the translator was freed/);
    assert.notEqual((await translator.translate('The lamp is red.')).text, '');
  });
});
