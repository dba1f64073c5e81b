import { createSession, initialWeights } from './engine/session.js';
import { languageOf, preferredLocale } from './i18n/index.js';
import { watchOffline } from './offline.js';
import { createStore } from './state.js';
import { createAddress, parseHash } from './url.js';
import { createAnnouncer } from './views/announcer.js';
import { createCompare } from './views/compare.js';
import { createFooter } from './views/footer.js';
import { createHeader } from './views/header.js';
import { createLimits } from './views/limits.js';
import { createNameInput } from './views/name-input.js';
import { createRanking } from './views/ranking.js';
import { createSignup } from './views/signup.js';
import { createStrip } from './views/strip.js';

const EXAMPLE = 'Nakamura';
const CELL = 'gru';

const input = document.getElementById('name');
const linked = parseHash(location.hash);

const store = createStore({
  // What was typed before this script came counts more than the example.
  text: linked?.text ?? (input.value || EXAMPLE),
  composing: false,
  cell: linked?.cell ?? CELL,
  locale: preferredLocale(),
  answer: null,
  problem: null,
  moment: null,
  weights: initialWeights(),
  engine: null,
  time: null,
  sizes: null,
  offline: 'serviceWorker' in navigator ? 'saving' : 'unsupported',
  online: navigator.onLine,
});

const session = createSession(store);
const loaded = session.loadAll();
// The worker needs this thread until it runs; then the two work side by side.
await Promise.race([session.underway, loaded]);

const address = createAddress();
address.listen(({ text, cell }) => change({ text, cell: cell ?? store.state.cell }));

/** Another text or cell: ask about it, and keep the address in step. */
function change(patch) {
  const { cell } = store.state;
  store.set({ ...patch, moment: null });
  if (store.state.cell === cell) session.ask();
  else session.choose();
  if (!store.state.composing) address.show(store.state);
}

const actions = {
  change,
  retry: () => session.loadAll({ fresh: true }).then(() => watchOffline(store)),
  look: (moment) => store.set({ moment }),
};

const main = document.getElementById('main');
const views = [
  createNameInput(input, actions),
  createRanking(actions),
  createLimits(),
  createStrip(actions),
  createSignup(),
  createCompare(),
  createHeader(document.getElementById('header'), store),
  createFooter(document.getElementById('footer')),
  createAnnouncer(document.getElementById('announcer')),
];

const column = (name) => Object.assign(document.createElement('div'), { className: name });
const left = column('column-answer');
const right = column('column-use');
const [, ranking, limits, strip, signup, compare] = views;
left.append(ranking.element, strip.element);
right.append(signup.element, limits.element);
main.append(left, right, compare.element);

store.subscribe((state) => {
  const language = languageOf(state.locale);
  document.documentElement.lang = language.tag;
  document.title = language.t('page.title');
  for (const view of views) view.render(state, language);
});

input.focus({ preventScroll: true });
if (!linked) input.select(); // one's own name simply replaces the example

addEventListener('online', () => store.set({ online: true }));
addEventListener('offline', () => store.set({ online: false }));
loaded.then(() => watchOffline(store));
