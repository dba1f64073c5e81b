import { createStopwatch } from '../engine/stopwatch.js';
import { fetchExamples, keepOwn, keptOwn, readOwn } from './data.js';
import { LIVE, completeSettings, sameNetworks } from './settings.js';
import { createTraining } from './training.js';

/**
 * What the lab does: brings in names, makes the networks, and follows the settings.
 * @param {ReturnType<typeof import('../page/state.js').createStore>} store
 * @param {ReturnType<typeof import('../engine/module.js').createModule>} module
 * @param {{ changed: () => void, drawn: () => void }} tell changed: the address is due; drawn: the picture
 *
 * @typedef {object} Own One's own names.
 * @property {Uint8Array} bytes as given
 * @property {string} name of the file; empty if they were pasted
 * @property {import('../engine/examples.js').Examples} [read]
 * @property {string} [fault] a key of what is wrong with all of it
 * @property {boolean} kept on this device
 */
export function createSession(store, module, { changed, drawn }) {
  const training = createTraining(news);
  const stopwatch = createStopwatch();
  /** @type {'loading' | 'none' | 'failed' | 'ready'} none: of one's own there are no names yet */
  let phase = 'loading';
  let error = null;
  /** The settings and names that the networks were made with. */
  let made = null;
  /** @type {Own | null} */
  let own = null;
  let turn = 0;

  const settings = () => store.state.lab.settings;
  const setLab = (patch) => store.set({ lab: { ...store.state.lab, ...patch } });

  /** What is said of the training when it rests is for the page to say. */
  let learned = false;

  function news() {
    if (learned !== learning()) store.set({});
    learned = learning();
    const times = training.networks.map(({ stepTime }) => stepTime).filter(Boolean);
    if (times.length > 0) setTime(stopwatch.add(Math.min(...times)));
    drawn();
  }

  /** Often, so the page hears of it only now and then. */
  let told = 0;
  function setTime(time) {
    if (performance.now() - told < 1000) return;
    told = performance.now();
    setLab({ time });
  }

  const learning = () => training.networks.some(({ phase: now }) => now === 'running');
  const learnt = () => training.networks.some(({ step }) => step > 0);

  async function examplesOf(name) {
    if (name !== 'own') return fetchExamples(name);
    const kept = own ? null : await keptOwn();
    if (kept) await openOwn({ bytes: kept, name: '', kept: true });
    return ready(own) ? { train: own.read.text } : null;
  }

  /** Networks as the settings say, at their start. */
  async function prepare() {
    const mine = ++turn;
    const wanted = settings();
    training.pause();
    made = null;
    phase = 'loading';
    error = null;
    drawn();
    try {
      const data = await examplesOf(wanted.data);
      if (mine !== turn) return;
      if (data) {
        made = wanted;
        await training.prepare(wanted, data);
      }
      if (mine !== turn) return;
      phase = data ? 'ready' : 'none';
    } catch (fault) {
      if (mine !== turn) return;
      phase = 'failed';
      error = fault;
    }
    drawn();
  }

  function apply(next) {
    const before = settings();
    setLab({ settings: next });
    changed();
    if (made && sameNetworks(made, next)) {
      const live = LIVE.filter((name) => before[name] !== next[name]);
      if (live.length > 0) training.set(Object.fromEntries(live.map((name) => [name, next[name]])));
      made = { ...made, ...Object.fromEntries(LIVE.map((name) => [name, next[name]])) };
    } else if (!learnt() || before.data !== next.data || before.recipe !== next.recipe) prepare();
    drawn();
  }

  async function openOwn(given, columns = null) {
    const { bytes } = given;
    try {
      const read = await readOwn(module.client, bytes, columns);
      own = { ...given, read, fault: faultOf(read) };
    } catch (fault) {
      own = { ...given, fault: fault.message };
    }
  }

  return {
    training,
    /** What the views show. */
    look: (state) => ({
      ...state,
      settings: settings(),
      training,
      phase,
      error,
      own,
      made,
      learning: learning(),
      learnt: learnt(),
      /** Other settings than those of the networks: they wait for the next start from the beginning. */
      pending: made !== null && !sameNetworks(made, settings()),
    }),
    begin: prepare,
    actions: {
      choose: (patch) => apply({ ...settings(), ...patch }),
      chooseRecipe: (recipe) => apply(completeSettings({ recipe })),
      start: () => training.start(),
      pause: () => training.pause(),
      step: () => training.step().then(() => store.set({})),
      reset: prepare,
      /** What a link says. */
      follow({ text, ...linked }) {
        if (text !== undefined) store.set({ text });
        if (Object.keys(linked).length > 0) apply(completeSettings(linked));
      },
      async useOwn(given, columns) {
        await openOwn(given, columns);
        if (settings().data === 'own') prepare();
        else apply({ ...settings(), data: 'own' });
      },
      async keep(wanted) {
        const done = await keepOwn(wanted ? own.bytes : null);
        own = { ...own, kept: wanted && done };
        drawn();
      },
      ask: training.ask,
    },
  };
}

const ready = (own) => Boolean(own?.read) && !own.fault;

/** What is wrong with a whole table of names, as the end of a key of i18n/. */
function faultOf({ count, labels, faulty }) {
  if (count === 0) return 'nothing';
  if (faulty > 0) return 'lines';
  return labels.length < 2 ? 'labels' : undefined;
}
