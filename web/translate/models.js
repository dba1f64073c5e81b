import { h, setText } from '../page/dom.js';
import { TRANSLATOR_NAMES } from '../page/state.js';
import { createNotice } from '../page/notice.js';
import { currentAnswer, outputOf } from './answer.js';
import { weightsNotice } from './weights-notice.js';

/** What each of the translators makes of the same text, and how they differ. */
export function createModels(actions) {
  const title = h('h2', { id: 'models-title' });
  const lead = h('p', { class: 'lead' });
  const columns = TRANSLATOR_NAMES.map((name) => createColumn(name, actions));
  const element = h(
    'section',
    { class: 'compare', 'aria-labelledby': 'models-title' },
    title,
    lead,
    h('div', { class: 'compare-columns pairwise' }, ...columns.map((column) => column.element)),
  );
  return {
    element,
    render(state, language) {
      setText(title, language.t('models.title'));
      setText(lead, language.t('models.lead'));
      for (const column of columns) column.render(state, language);
    },
  };
}

function createColumn(name, actions) {
  const heading = h('h3');
  const about = h('p', { class: 'about' });
  const text = h('p', { class: 'rendition', lang: 'fr', translate: 'no' });
  const note = h('p', { class: 'note' });
  const notice = createNotice();
  const element = h('div', { class: 'compare-column' }, heading, about, text, notice.element, note);
  return {
    element,
    render(state, language) {
      const { t, bytes, milliseconds } = language;
      const { translation } = state;
      const { phase, info, total } = translation.weights[name];
      const chosen = name === translation.model;
      element.classList.toggle('is-chosen', chosen);
      setText(heading, t(`translate.model.${name}`));
      setText(about, t(`models.${name}`));
      // The chosen one says above what is the matter with it.
      const ready = phase === 'ready';
      notice.show(ready || chosen ? null : weightsNotice(name, state, language, actions));
      const answer = translation.answers[name];
      const current = ready && currentAnswer({ ...translation, model: name }) !== null;
      // Its room is there from the start.
      text.hidden = note.hidden = !ready && !chosen;
      text.classList.toggle('is-stale', !current);
      if (answer && ready) setText(text, outputOf(answer, chosen ? translation.picked : {}));
      if (!ready) return;
      const facts = [t('compare.weights', { count: info.parameters }), bytes(total)];
      if (answer) facts.push(milliseconds(Math.max(answer.milliseconds, 0.1)));
      setText(note, facts.join(' · '));
    },
  };
}
