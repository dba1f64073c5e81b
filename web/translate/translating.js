import { TRANSLATORS } from '../engine/assets.js';
import { newestOnly } from '../engine/client.js';
import { LoadError } from '../engine/fetch.js';
import { asLoadError } from '../engine/module.js';
import { createStopwatch } from '../engine/stopwatch.js';
import { TRANSLATOR_NAMES } from '../page/state.js';
import { currentAnswer, sentenceAt, toSentence, unchanged, withConsulted } from './answer.js';
import { isPhrase } from './entries.js';

/** More than anyone reads while it is typed, in bytes; the engine may take less. */
const BYTES_MAX = 100_000;

const OPTIONS = { beam: 4, nbest: 4, attention: true };

/** Of a phrase, whose translations are shown as in a dictionary. */
const CONSULTING = { beam: 12, nbest: 12 };

/**
 * The translators as the page sees them: brings in their weights, translates what is typed now, and
 * writes all it learns into the store.
 * @param {ReturnType<typeof import('../page/state.js').createStore>} store
 * @param {ReturnType<typeof import('../engine/module.js').createModule>} module
 * @param {() => void} onready weights have come
 */
export function createTranslating(store, module, onready) {
  const stopwatches = { main: createStopwatch(), tutorial: createStopwatch() };
  const downloads = {};

  const get = () => store.state.translation;
  const set = (patch) => store.set({ translation: { ...get(), ...patch } });
  const setWeights = (name, patch) =>
    set({ weights: { ...get().weights, [name]: { ...get().weights[name], ...patch } } });

  /**
   * Brings in the weights of one translator, unless they are here or coming.
   * @param {{ fresh?: boolean }} [options] fresh: past every copy on this device
   */
  async function load(name, { fresh = false } = {}) {
    if (!['waiting', 'stopped', 'failed'].includes(get().weights[name].phase)) return;
    const download = (downloads[name] = new AbortController());
    setWeights(name, { phase: 'loading', loaded: 0, error: undefined });
    try {
      const { client, sent, ready } = module.use('translator', fresh);
      const wanted = { model: name, file: TRANSLATORS[name], fresh };
      const fetching = client.call('fetchTranslator', wanted, [], {
        signal: download.signal,
        onPart: (loaded) => setWeights(name, { loaded }),
      });
      const [{ kept }] = await Promise.all([fetching.catch(asLoadError), sent]);
      setWeights(name, { kept });
      const loading = client.call('loadTranslator', { model: name }).catch(asLoadError);
      const [info] = await Promise.all([loading, ready]);
      setWeights(name, { phase: 'ready', info });
      if (name === get().model) ask();
      else askOther();
      onready();
    } catch (error) {
      const phase = download.signal.aborted ? 'stopped' : 'failed';
      if (phase === 'failed' && !(error instanceof LoadError)) throw error;
      setWeights(name, { phase, error });
    }
  }

  /**
   * Line by line, as a line end always ends a sentence: so the first lines are there while the last
   * still are worked on. Sentences that did not change keep what they had.
   */
  async function translate({ name, text, numbers }, signal) {
    const before = get().answers[name];
    const last = before?.numbers === numbers ? before : null;
    if (last?.text === text) return { ...last, count: 0 };
    const { head, tail, from, until } = unchanged(last, text);
    const found = [];
    let milliseconds = 0;
    const shown = name === get().model;
    const show = (parts) => {
      // The same text with other numbers stays as it is until all of it is there.
      if (shown && before?.text !== text)
        set({ partial: { text, head: [...head, ...found], parts, tail } });
    };

    for (let start = from; start < until;) {
      const lineEnd = text.indexOf('\n', start);
      const end = lineEnd < 0 || lineEnd >= until ? until : lineEnd + 1;
      const line = text.slice(start, end);
      if (line.trim()) {
        const parts = {};
        const options = { signal, onPart: (part) => show(Object.assign(parts, part)) };
        const question = { model: name, text: line, options: { ...OPTIONS, numbers } };
        const reply = await module.client.call('translate', question, [], options);
        found.push(
          ...reply.sentences
            .filter(({ source }) => source.trim())
            .map((sentence) => toSentence(sentence, start)),
        );
        milliseconds += reply.milliseconds;
        show([]);
      }
      start = end;
    }
    const sentences = [...head, ...found, ...tail];
    return { text, numbers, sentences, milliseconds, count: found.length };
  }

  const submit = Object.fromEntries(
    TRANSLATOR_NAMES.map((name) => [
      name,
      newestOnly(translate, (_, { reply, error }) => {
        if (error) fail(name, error);
        else succeed(name, reply);
      }),
    ]),
  );

  /** Looks for more translations of a sentence that is a phrase. */
  function consult({ name, sentence, numbers }, signal) {
    const options = { ...CONSULTING, numbers };
    const question = { model: name, text: sentence.source, options };
    return module.client.call('translate', question, [], { signal });
  }

  /** The sentence of which more is looked for. */
  let consulting = null;
  const submitConsulting = newestOnly(consult, ({ name, sentence }, { reply }) => {
    consulting = null;
    const { answers } = get();
    const answer = answers[name];
    const index = answer?.sentences.indexOf(sentence) ?? -1;
    if (index < 0) return;
    const none = { text: '', score: -Infinity, alternatives: [] };
    const found = reply?.sentences.length === 1 ? reply.sentences[0] : none;
    const sentences = answer.sentences.map((other, i) =>
      i === index ? withConsulted(other, found) : other,
    );
    set({ answers: { ...answers, [name]: { ...answer, sentences } } });
  });

  /** While alternatives are shown, those of a phrase are more. */
  function askMore() {
    const { model, alternatives, sentence: index, numbers } = get();
    const sentence = alternatives ? currentAnswer(get())?.sentences[index] : null;
    const due = sentence && !sentence.consulted && isPhrase(sentence) ? sentence : null;
    if (due === consulting) return;
    consulting = due;
    submitConsulting(due && { name: model, sentence, numbers });
  }

  function fail(name, error) {
    const { answers, model } = get();
    set({ answers: { ...answers, [name]: null } });
    if (name === model) {
      set({ partial: null, look: null, problem: { kind: 'engine', message: error.message } });
      askOther();
    }
  }

  function succeed(name, { milliseconds, count, ...answer }) {
    const { answers, model, caret, text, answers: before } = get();
    set({ answers: { ...answers, [name]: { ...answer, milliseconds } } });
    if (name !== model) return;
    const same = before[name]?.text === text;
    set({
      partial: null,
      problem: null,
      look: same ? get().look : null,
      sentence: same ? get().sentence : sentenceAt(answer, caret),
      picked: same ? get().picked : {},
      ...(count && {
        times: { ...get().times, [name]: stopwatches[name].add(milliseconds / count) },
      }),
    });
    askMore();
    askOther();
  }

  /** The other translator follows, for comparison; the chosen one never waits for it. */
  function askOther() {
    const { model, text, numbers, weights } = get();
    for (const name of TRANSLATOR_NAMES)
      if (name !== model && weights[name].phase === 'ready') submit[name]({ name, text, numbers });
  }

  /** Translates the text of the state. */
  function ask() {
    const { text, model, numbers, weights } = get();
    for (const name of TRANSLATOR_NAMES) submit[name](null);
    submitConsulting((consulting = null));
    if (weights[model].phase !== 'ready') {
      set({ partial: null });
      askOther();
      return;
    }
    if (tooLong(text, weights[model].info.limits)) {
      const problem = { kind: 'too-long', message: '' };
      set({ partial: null, look: null, problem, answers: { ...get().answers, [model]: null } });
      return;
    }
    submit[model]({ name: model, text, numbers });
  }

  return {
    load,
    stop: (name) => downloads[name]?.abort(),
    ask,
    askMore,
  };
}

/** The longest text that is translated, in bytes. @param {{ bytes: number }} limits of the engine */
export const longest = ({ bytes }) => Math.min(bytes, BYTES_MAX);

/** A UTF-16 unit makes three bytes at most. */
function tooLong(text, limits) {
  const most = longest(limits);
  return text.length * 3 > most && new TextEncoder().encode(text).length > most;
}
