import './lab.css';
import './confusion.css';
import './own-names.css';
import './inside.css';
import { createTurns } from '../engine/turns.js';
import { addStrings, languageOf } from '../i18n/index.js';
import en from '../i18n/lab/en.js';
import fr from '../i18n/lab/fr.js';
import zh from '../i18n/lab/zh.js';
import { createColumns } from './columns.js';
import { createConfusion } from './confusion.js';
import { createControls } from './controls.js';
import { createCurves } from './curves.js';
import { createInside } from './inside.js';
import { createOwnNames } from './own-names.js';
import { describeTraining } from './said.js';
import { createSession } from './session.js';
import { createTranslatorInside } from './translator/index.js';
import { createWatched } from './watched.js';
import { createWeights } from './weights.js';

const DRAW_EVERY = 100; // milliseconds

addStrings({ en, fr, zh });

/**
 * The lab: three networks learn while one watches, and are opened up.
 * @param {HTMLElement} element
 * @param {{ store: ReturnType<typeof import('../page/state.js').createStore>, module: object,
 *   change: (patch: object) => void, changed: () => void, openWeights: (bytes: Uint8Array) => Promise<void>
 *   }} context change: another name; changed: the address is due
 */
export async function createLab(element, { store, module, change, changed, openWeights }) {
  const session = createSession(store, module, { changed, drawn: schedule });
  const actions = { ...session.actions, change, openWeights, drawn: schedule };

  const watched = createWatched(actions);
  const controls = createControls(actions);
  const views = [
    watched,
    controls,
    createOwnNames(actions),
    createColumns(actions),
    createCurves(),
    createConfusion(actions),
    createInside(actions),
    createWeights(actions),
    createTranslatorInside(actions),
  ];
  /* Numbers come often; they are drawn a few times a second, each part in a turn of its own. The
   * controls are the last: when they say that nothing learns any more, all else shows where it ended. */
  const drawnInTurn = [...views.filter((view) => view !== controls), controls];
  const turns = createTurns();
  let latest = null;
  let due = false;
  let drawing = false;
  let drawnAt = 0;

  async function draw() {
    due = false;
    drawing = true;
    try {
      const { state, language } = latest;
      const look = session.look(state);
      for (const view of drawnInTurn) {
        if (latest.state.view === 'lab') view.render(look, language);
        await turns.next();
      }
    } finally {
      drawnAt = performance.now();
      drawing = false;
      if (due) schedule.later();
    }
  }

  function schedule() {
    if (due || !latest) return;
    due = true;
    if (!drawing) schedule.later();
  }
  schedule.later = () =>
    setTimeout(() => requestAnimationFrame(draw), drawnAt + DRAW_EVERY - performance.now());

  const loaded = session.begin();
  // For the first time before it is in the page, so that nobody sees half of it.
  latest = { state: store.state, language: languageOf(store.state.locale) };
  session.training.watch(store.state.text);
  await draw();
  element.append(...views.map((view) => view.element));

  return {
    loaded,
    change: actions.follow,
    focus: watched.focus,
    describe: (state, language) => describeTraining(session.look(state), language),
    render(state, language) {
      const { text } = state;
      if (latest.state.text !== text) session.training.watch(text);
      latest = { state, language };
      // What one does is answered at once; what the networks do is drawn when its time comes.
      if (state.view === 'lab') watched.render(session.look(state), language);
      schedule();
    },
  };
}
