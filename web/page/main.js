import { TRANSLATORS, WEIGHTS } from '../engine/assets.js';
import { isKept } from '../engine/kept.js';
import { createModule } from '../engine/module.js';
import { loadFlags } from '../names/flags.js';
import { createSession, initialWeights } from '../names/session.js';
import { measureSizes, watchSizes } from '../engine/sizes.js';
import { createTurns } from '../engine/turns.js';
import { languageOf, preferredLocale } from '../i18n/index.js';
import { watchOffline } from './offline.js';
import { SCRIPTS } from './scripts.js';
import { USUAL_PRIORS, createStore } from './state.js';
import { initialTranslation } from '../translate/translation.js';
import { completed, createAddress, linkTo, parseHash } from './url.js';
import { setAttribute } from './dom.js';
import { createAnnouncer } from './announcer.js';
import { createFooter } from './footer.js';
import { createHeader } from './header.js';
import { createLater } from './later.js';
import { createNames } from '../names/index.js';
import { completeSettings } from '../lab/settings.js';

const EXAMPLE = 'Nakamura';
const PAUSE = 300; // milliseconds

const input = document.getElementById('name');
const linked = parseHash(location.hash) ?? { view: 'names' };
const named = linked.view === 'names' ? linked : {};
const learnt = linked.view === 'lab' ? linked : {};
const weights = initialWeights();
const translated = linked.view === 'translate' ? linked : {};

const store = createStore({
  view: linked.view,
  // What was typed before this script came counts more than the example.
  text: named.text ?? learnt.text ?? (input.value || EXAMPLE),
  composing: false,
  ...completed(named, weights),
  locale: preferredLocale(),
  answer: null,
  problem: null,
  moment: null,
  weights,
  translation: initialTranslation(translated.text, translated.model),
  lab: { settings: completeSettings(learnt), time: null },
  engine: null,
  time: null,
  sizes: null,
  flags: false,
  offline: 'serviceWorker' in navigator ? 'saving' : 'unsupported',
  online: navigator.onLine,
});

const module = createModule(store);
const session = createSession(store, module);
const later = {
  translate: createLater(document.getElementById('translate-view'), {
    name: 'translate',
    store,
    async create(element) {
      const { createTranslate } = await SCRIPTS.translate();
      const context = { store, module, changed: showAddress, onready: measure };
      element.replaceChildren();
      return createTranslate(element, context);
    },
  }),
  lab: createLater(document.getElementById('lab-view'), {
    name: 'lab',
    store,
    async create(element) {
      const { createLab } = await SCRIPTS.lab();
      element.replaceChildren();
      return createLab(element, {
        store,
        module,
        change,
        changed: showAddress,
        openWeights,
      });
    },
  }),
};
// The classifiers let what was opened go first, until somebody wants names.
let namesWanted;
const first = Promise.race([
  later[linked.view]?.open().then((view) => view?.loaded),
  new Promise((resolve) => (namesWanted = resolve)),
]);
const loaded = later[linked.view] ? first.then(() => session.loadAll()) : session.loadAll();

const address = createAddress();
address.listen(({ view, ...rest }) => {
  if (view !== store.state.view) {
    store.set({ view });
    // The field may come into view only then.
    queueMicrotask(() => (later[view] ?? input).focus());
  }
  if (view === 'names') {
    namesWanted();
    // A link to a name alone asks what is chosen now.
    const { text = store.state.text, ...linkedTo } = rest;
    change({
      text,
      ...(Object.keys(linkedTo).length > 0 && completed(linkedTo, store.state.weights)),
    });
  } else later[view].open().then((opened) => opened?.change(rest));
});

function showAddress() {
  const { view, composing, translation } = store.state;
  if (view === 'translate' ? translation.composing : composing) return;
  address.show(linkTo(view, store.state));
}

/** Another name, list, cell or prior: ask about it, and keep the address in step. */
function change(patch) {
  const { list, cell, prior } = store.state;
  store.set({ ...patch, moment: null });
  // Another list may lack the cell, and has its own usual prior.
  const chosen = patch.prior ?? (prior === USUAL_PRIORS[list] ? undefined : prior);
  store.set(completed({ ...store.state, prior: chosen }, store.state.weights));
  if (store.state.list === list && store.state.cell === cell) session.ask();
  else session.choose().then(measure);
  showAddress();
}

/** Weights of one's own, which the names view then answers with. @param {Uint8Array} bytes */
async function openWeights(bytes) {
  const cell = await session.open(bytes);
  store.set({ list: 'own', cell });
  location.hash = linkTo('names', store.state); // a step back leads to where one was
}

function measure() {
  const { weights: classifiers, translation } = store.state;
  const readyOf = (files, states) =>
    Object.keys(files)
      .filter((name) => states[name].phase === 'ready')
      .map((name) => files[name]);
  const files = [
    ...Object.keys(WEIGHTS).flatMap((list) => readyOf(WEIGHTS[list], classifiers[list])),
    ...readyOf(TRANSLATORS, translation.weights),
  ];
  store.set({ sizes: measureSizes(files) });
}

/** When no more has come for a while. */
function measureSoon() {
  clearTimeout(measuring);
  measuring = setTimeout(measure, PAUSE);
}
let measuring;

const actions = {
  change,
  retry: () => session.loadAll({ fresh: true }).then(settle),
  client: () => module.client,
  look: (moment) => store.set({ moment }),
};

const draw = (view) => {
  view.render(store.state, languageOf(store.state.locale));
  return view;
};
/**
 * Part by part, as the worker that starts needs this thread now and then, and each drawn before it is
 * seen.
 */
async function open() {
  const turns = createTurns();
  await turns.next();
  languageOf(store.state.locale).integer(0); // a browser's first number takes it longer than a view
  await turns.next();
  const views = [
    draw(createHeader(document.getElementById('header'), store)),
    createAnnouncer(document.getElementById('announcer'), (view) => later[view].describe),
    ...Object.values(later).map(draw),
  ];
  await turns.next();
  const names = createNames(document.getElementById('names-view'), input, actions);
  await names.open(store);
  views.push(names, draw(createFooter(document.getElementById('footer'))));
  await turns.next();

  store.subscribe((state) => {
    const language = languageOf(state.locale);
    // Only where it is another: a language that is set again makes browsers style the whole page anew.
    setAttribute(document.documentElement, 'lang', language.tag);
    setAttribute(document.documentElement, 'data-view', state.view);
    const title = language.t(`${state.view}.page-title`);
    if (document.title !== title) document.title = title;
    for (const view of views) view.render(state, language);
  });

  if (linked.view === 'names' && document.activeElement !== input) {
    input.focus({ preventScroll: true });
    if (linked.text === undefined) input.select(); // one's own name simply replaces the example
  }
}
open();

addEventListener('online', () => store.set({ online: true }));
addEventListener('offline', () => store.set({ online: false }));

async function settle() {
  measure();
  await watchOffline(store);
}

const showFlags = () => store.set({ flags: true });
session.answered.then(loadFlags).then(showFlags, showFlags);

loaded
  .then(() => watchSizes(measureSoon))
  .then(settle)
  .then(async () => {
    for (const [name, file] of Object.entries(TRANSLATORS))
      if (file && (await isKept(file))) know(name, { kept: true });
  });

/** What is found out of a translator's weights without opening it. */
function know(name, patch) {
  const { translation } = store.state;
  const known = { ...translation.weights[name], ...patch };
  store.set({
    translation: { ...translation, weights: { ...translation.weights, [name]: known } },
  });
}
