import { labelFlag, labelName } from './countries.js';
import { h, resize, setAttribute, setText, setVariable } from '../page/dom.js';
import { characterAt, everBest } from './moment.js';
import { createAsTable, createScale, watchEdges } from '../page/heat.js';
import { leadingWeights } from '../page/state.js';

const ROWS = 8;
const STEPS_MAX = 64;
const ALL_MAX = 20;
const BEST = 12;
const UNKNOWN = '\uFFFD';

/**
 * How the belief moved: letters across, countries down, heat for probability. The rows are the
 * countries that were ever likely, in the order of the final answer, so the first are those of the
 * ranking. The letters are buttons; one that has the pointer or the focus shows that moment.
 */
export function createStrip({ look }) {
  const title = h('h2', { id: 'strip-title' });
  const lead = h('p', { class: 'lead' });
  const letters = h('div', { class: 'strip-letters', role: 'group' });
  const rows = h('div', { class: 'strip-rows', 'aria-hidden': 'true' });
  const grid = h('div', { class: 'strip-grid' }, letters, rows);
  const scroll = h('div', { class: 'strip-scroll' }, grid);
  const scale = createScale();
  const table = createAsTable();
  const element = h(
    'section',
    { class: 'strip', 'aria-labelledby': 'strip-title' },
    h('div', { class: 'section-head' }, title, scale.element),
    lead,
    scroll,
    table.element,
  );

  /** The letter that Tab reaches; arrow keys move on from there. */
  let current = 0;
  let drawn = null;
  let scrolledFor;

  const stepOf = (target) => target.closest?.('[data-step]')?.dataset.step;
  const lookAt = ({ target }) => {
    const step = stepOf(target);
    look(step === undefined ? focusedStep() : Number(step));
  };
  const focusedStep = () => {
    const step = letters.contains(document.activeElement)
      ? stepOf(document.activeElement)
      : undefined;
    return step === undefined ? null : Number(step);
  };

  const markEdges = watchEdges(scroll);
  grid.addEventListener('pointerover', lookAt);
  grid.addEventListener('pointerleave', () => look(focusedStep()));
  letters.addEventListener('focusin', ({ target }) => {
    current = Number(stepOf(target));
    look(current);
  });
  letters.addEventListener('focusout', () => look(null));
  letters.addEventListener('keydown', (event) => {
    const count = letters.childElementCount;
    const next = {
      ArrowRight: current + 1,
      ArrowLeft: current - 1,
      Home: 0,
      End: count - 1,
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    letters.children[Math.min(Math.max(next, 0), count - 1)].focus();
  });

  function draw(answer, labels, language) {
    const { steps } = answer;
    setVariable(grid, '--letters', steps.length);
    resize(letters, steps.length, createLetter);
    steps.forEach((step, i) => {
      const button = letters.children[i];
      const [typed, read, more] = button.children;
      const character = characterAt(answer, i);
      setText(typed, character);
      // Below the typed character what the network read instead, if that differs.
      setText(
        read,
        step.letter === UNKNOWN
          ? '?'
          : sameLetter(step.letter, character)
            ? ''
            : step.letter.trim(),
      );
      setText(more, describe(step, labels, language));
    });
    const shown = likely(answer, labels);
    resize(rows, shown.length, createRow);
    shown.forEach((label, r) => {
      const [head, ...cells] = resize(rows.children[r], steps.length + 1, createCell);
      setAttribute(head.firstChild, 'src', labelFlag(label) || null);
      setText(head.lastChild, labelName(label, language));
      const at = labels.indexOf(label);
      cells.forEach((cell, i) => setVariable(cell, '--heat', steps[i].probabilities[at]));
    });
    // The letter just typed comes into view; the same text answered anew stays where it was.
    if (answer.text !== scrolledFor)
      requestAnimationFrame(() => (scroll.scrollLeft = scroll.scrollWidth));
    scrolledFor = answer.text;
    markEdges();
  }

  return {
    element,
    render(state, language) {
      const { answer, moment, weights, flags } = state;
      const { t } = language;
      setText(title, t('strip.title'));
      setText(
        lead,
        answer?.steps.length === STEPS_MAX
          ? `${t('strip.lead')} ${t('strip.cut', { count: STEPS_MAX })}`
          : t('strip.lead'),
      );
      setAttribute(letters, 'aria-label', t('strip.letters'));
      scale.render(language);
      grid.hidden = !answer?.steps.length;
      table.render(grid.hidden ? null : answer, t('strip.caption'), language, () =>
        tableOf(state, language),
      );
      if (grid.hidden) return;

      const labels = leadingWeights(weights, answer).info.labels;
      if (drawn?.answer !== answer || drawn.language !== language || drawn.flags !== flags) {
        draw(answer, labels, language);
        drawn = { answer, language, flags };
        current = Math.min(current, answer.steps.length - 1);
      }
      for (const group of [letters, ...rows.children])
        for (const cell of group.children)
          cell.classList.toggle(
            'is-moment',
            moment !== null && cell.dataset.step === String(moment),
          );
      Array.from(letters.children).forEach((button, i) =>
        setAttribute(button, 'tabindex', i === current ? 0 : -1),
      );
    },
  };
}

function createLetter(step) {
  return h(
    'button',
    { type: 'button', 'data-step': step, tabindex: -1 },
    h('span'),
    h('small', { 'aria-hidden': 'true' }),
    h('span', { class: 'hidden-visually' }),
  );
}

const createRow = () => h('div', { class: 'strip-row' });

function createCell(i) {
  if (i > 0) return h('span', { class: 'cell', 'data-step': i - 1 });
  return h(
    'span',
    { class: 'strip-country' },
    h('img', { class: 'flag', alt: '', width: 24, height: 16 }),
    h('span'),
  );
}

/** The world's alphabet is one of small letters. */
const sameLetter = (letter, character) =>
  letter === character || letter === character.toLowerCase();

/** What a screen reader hears after the letter: ": Germany 61 %" */
function describe(step, labels, language) {
  const { t, percent } = language;
  let best = 0;
  step.probabilities.forEach((p, i) => (best = p > step.probabilities[best] ? i : best));
  return t('strip.letter', {
    unknown: step.letter === UNKNOWN,
    best: labelName(labels[best], language),
    percent: percent(step.probabilities[best]),
  });
}

/** The labels with the highest peaks, in the order of the final answer. */
function likely({ steps, ranking }, labels) {
  const peak = new Map(
    labels.map((label, i) => [label, Math.max(...steps.map((s) => s.probabilities[i]))]),
  );
  const chosen = [...ranking].sort((a, b) => peak.get(b.label) - peak.get(a.label)).slice(0, ROWS);
  return ranking.filter((entry) => chosen.includes(entry)).map(({ label }) => label);
}

/** The same numbers as a table: every country of a short list, and of a long one all that mattered. */
function tableOf({ answer, weights }, language) {
  const { t } = language;
  const labels = leadingWeights(weights, answer).info.labels;
  const shown = labels.length > ALL_MAX ? everBest(answer.steps, labels, BEST) : labels;
  const left = labels.length - shown.length;
  const head = answer.steps.map((_, i) => h('th', { scope: 'col' }, characterAt(answer, i)));
  const ranked = answer.ranking.filter(({ label }) => shown.includes(label));
  const rows = ranked.map(({ label }) => {
    const at = labels.indexOf(label);
    return h(
      'tr',
      {},
      h('th', { scope: 'row' }, labelName(label, language)),
      ...answer.steps.map((step) => h('td', {}, language.precisePercent(step.probabilities[at]))),
    );
  });
  return h(
    'table',
    {},
    h(
      'caption',
      {},
      left ? `${t('strip.caption')}. ${t('strip.left', { best: BEST, left })}` : t('strip.caption'),
    ),
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, t('strip.country')), ...head)),
    h('tbody', {}, ...rows),
  );
}
