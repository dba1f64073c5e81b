import { TRANSLATORS, WEIGHTS } from '../engine/assets.js';
import { isKept } from '../engine/kept.js';
import { createModule } from '../engine/module.js';
import { loadFlags } from '../names/flags.js';
import { createSession, initialWeights } from '../names/session.js';
import { measureSizes } from '../engine/sizes.js';
import { languageOf, preferredLocale } from '../i18n/index.js';
import { watchOffline } from './offline.js';
import { createStore } from './state.js';
import { initialTranslation } from '../translate/translation.js';
import { completed, createAddress, linkTo, parseHash } from './url.js';
import { createAnnouncer } from './announcer.js';
import { createFooter } from './footer.js';
import { createHeader } from './header.js';
import { createNames } from '../names/index.js';
import { createTranslatePlace } from './translate-place.js';

const EXAMPLE = 'Nakamura';

const input = document.getElementById('name');
const linked = parseHash(location.hash) ?? { view: 'names' };
const named = linked.view === 'names' ? linked : {};
const weights = initialWeights();
const translated = linked.view === 'translate' ? linked : {};

const store = createStore({
  view: linked.view,
  // What was typed before this script came counts more than the example.
  text: named.text ?? (input.value || EXAMPLE),
  composing: false,
  ...completed(named, weights),
  locale: preferredLocale(),
  answer: null,
  problem: null,
  moment: null,
  weights,
  translation: initialTranslation(translated.text, translated.model),
  engine: null,
  time: null,
  sizes: null,
  flags: false,
  offline: 'serviceWorker' in navigator ? 'saving' : 'unsupported',
  online: navigator.onLine,
});

const module = createModule(store);
const session = createSession(store, module);
const translate = createTranslatePlace(document.getElementById('translate'), {
  store,
  module,
  changed: showAddress,
});
// The classifiers let the translator's weights go first where that is what was opened.
const first = linked.view === 'translate' ? translate.open().then((view) => view?.loaded) : null;
const loaded = session.loadAll({ after: first });
// The worker needs this thread until it runs; then the two work side by side.
await Promise.race([module.underway, loaded]);

const address = createAddress();
address.listen(({ view, ...rest }) => {
  if (view !== store.state.view) {
    store.set({ view });
    // The field may come into view only then.
    queueMicrotask(() => (view === 'names' ? input.focus() : translate.focus()));
  }
  if (view === 'names') {
    // A link to a name alone asks what is chosen now.
    const { text = store.state.text, ...linkedTo } = rest;
    change({ text, ...(Object.keys(linkedTo).length > 0 && completed(linkedTo, weights)) });
  } else translate.open().then((opened) => opened?.change(rest));
});

function showAddress() {
  const { view, composing, translation } = store.state;
  if (view === 'names' ? composing : translation.composing) return;
  address.show(linkTo(view, store.state));
}

/** Another name, list, cell or prior: ask about it, and keep the address in step. */
function change(patch) {
  const { list, cell } = store.state;
  store.set({ ...patch, moment: null });
  // Another list may lack the cell.
  store.set(completed(store.state, weights));
  if (store.state.list === list && store.state.cell === cell) session.ask();
  else session.choose().then(measure);
  showAddress();
}

async function measure() {
  if (!module.client) return;
  const { weights: classifiers, translation } = store.state;
  const readyOf = (files, states) =>
    Object.keys(files)
      .filter((name) => states[name].phase === 'ready')
      .map((name) => files[name]);
  const files = [
    ...Object.keys(WEIGHTS).flatMap((list) => readyOf(WEIGHTS[list], classifiers[list])),
    ...readyOf(TRANSLATORS, translation.weights),
  ];
  store.set({ sizes: await measureSizes(module.client, files) });
}

const actions = {
  change,
  retry: () => session.loadAll({ fresh: true }).then(settle),
  client: () => module.client,
  look: (moment) => store.set({ moment }),
};

const views = [
  createNames(document.getElementById('names'), input, actions),
  translate,
  createHeader(document.getElementById('header'), store),
  createFooter(document.getElementById('footer')),
  createAnnouncer(document.getElementById('announcer'), () => translate.describe),
];

store.subscribe((state) => {
  const language = languageOf(state.locale);
  document.documentElement.lang = language.tag;
  document.documentElement.dataset.view = state.view;
  document.title = language.t(`${state.view}.page-title`);
  for (const view of views) view.render(state, language);
});

if (linked.view === 'names') {
  input.focus({ preventScroll: true });
  if (linked.text === undefined) input.select(); // one's own name simply replaces the example
}

addEventListener('online', () => store.set({ online: true }));
addEventListener('offline', () => store.set({ online: false }));

async function settle() {
  await measure();
  await watchOffline(store);
}

const showFlags = () => store.set({ flags: true });
session.answered.then(loadFlags).then(showFlags, showFlags);

translate.onready = measure;
loaded.then(settle).then(async () => {
  for (const [name, file] of Object.entries(TRANSLATORS))
    if (file && (await isKept(file))) translate.know(name, { kept: true });
});
