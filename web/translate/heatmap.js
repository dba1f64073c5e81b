import { h, resize, setAttribute, setText, setVariable } from '../page/dom.js';
import { createAsTable, createScale, watchEdges } from '../page/heat.js';

/**
 * Where each French word looked: English words across, French words down, heat for attention. It shows
 * one sentence, the one that was pointed at last. A row or column under the pointer lights its words.
 */
export function createHeatmap({ look }) {
  const title = h('h2', { id: 'heatmap-title' });
  const lead = h('p', { class: 'lead' });
  const heads = h('div', { class: 'attention-heads', lang: 'en' });
  const rows = h('div', { class: 'attention-rows' });
  const grid = h('div', { class: 'attention', 'aria-hidden': 'true' }, heads, rows);
  const scroll = h('div', { class: 'attention-scroll' }, grid);
  const scale = createScale();
  const table = createAsTable();
  const element = h(
    'section',
    { class: 'heatmap', 'aria-labelledby': 'heatmap-title' },
    h('div', { class: 'section-head' }, title, scale.element),
    lead,
    scroll,
    table.element,
  );
  const markEdges = watchEdges(scroll);
  new ResizeObserver(fit).observe(scroll);
  let drawn = null;
  let shownIndex = 0;

  const lookAt = ({ target }) => {
    const { row, column } = target.closest('[data-row], [data-column]')?.dataset ?? {};
    if (row !== undefined) look({ sentence: shownIndex, side: 'target', word: Number(row) });
    else if (column !== undefined)
      look({ sentence: shownIndex, side: 'source', word: Number(column) });
    else look(null);
  };
  grid.addEventListener('pointerover', lookAt);
  grid.addEventListener('pointerleave', () => look(null));

  function draw({ sources, targets, links }) {
    setVariable(grid, '--words', sources.length);
    resize(heads, sources.length, () => h('span', {}, h('span')));
    sources.forEach(({ text, copied }, column) => {
      heads.children[column].dataset.column = column;
      label(heads.children[column].firstChild, text, copied);
    });
    resize(rows, targets.length, () => h('div', { class: 'attention-row' }));
    targets.forEach(({ text, copied }, row) => {
      const line = rows.children[row];
      line.dataset.row = row;
      const [head, ...cells] = resize(line, sources.length + 1, (i) =>
        h('span', i ? { class: 'cell' } : { class: 'attention-head', lang: 'fr' }),
      );
      label(head, text, copied);
      cells.forEach((cell, column) =>
        setVariable(cell, '--heat', links[row * sources.length + column].toFixed(3)),
      );
    });
    requestAnimationFrame(() => {
      scroll.scrollLeft = 0;
      fit();
    });
    markEdges();
  }

  /** Whether the English words find room side by side. */
  function fit() {
    grid.classList.remove('is-narrow');
    const narrow = Array.from(heads.children, ({ firstChild }) => firstChild).some(
      ({ scrollWidth, clientWidth }) => scrollWidth > clientWidth,
    );
    grid.classList.toggle('is-narrow', narrow);
  }

  return {
    element,
    render({ translation }, language) {
      const { t, integer } = language;
      const { answers, model, text, weights, problem } = translation;
      const { sentence: index, look: looking } = translation;
      const answer = answers[model];
      // While the next answer is worked out the last picture stays, if it is of this text's past; until
      // there is a first, its room is kept.
      const due = !answer && !problem && ['loading', 'ready'].includes(weights[model].phase);
      element.hidden = !text.trim() || !(due || answer?.sentences.length);
      if (element.hidden) return;
      element.classList.toggle('is-due', due);
      setText(title, t('heatmap.title'));
      scale.render(language);
      if (due) {
        setText(lead, t('heatmap.lead'));
        setVariable(scroll, '--rows', rowsOf(text));
        table.render(null, t('heatmap.caption'), language);
        return;
      }
      const count = answer.sentences.length;
      shownIndex = Math.min(index, count - 1);
      const sentence = answer.sentences[shownIndex];
      setText(
        lead,
        t(sentence.copied ? 'heatmap.copied' : 'heatmap.lead') +
          (count > 1
            ? ` ${t('heatmap.which', { index: integer(shownIndex + 1), count: integer(count) })}`
            : ''),
      );
      if (drawn !== sentence) draw(sentence);
      drawn = sentence;
      const here = looking?.sentence === shownIndex ? looking : null;
      Array.from(rows.children).forEach((line, row) => {
        line.classList.toggle('is-looked', here?.side === 'target' && here.word === row);
        Array.from(line.children).forEach((cell, i) =>
          cell.classList.toggle('is-moment', here?.side === 'source' && here.word === i - 1),
        );
      });
      Array.from(heads.children).forEach((head, column) =>
        head.classList.toggle('is-looked', here?.side === 'source' && here.word === column),
      );
      table.render(sentence, t('heatmap.caption'), language, () => tableOf(sentence, language));
    },
  };
}

/** About as many words and signs as the translation of the last sentence will have. */
function rowsOf(text) {
  const last = text
    .trim()
    .split(/[.!?…]\s+|\n/)
    .at(-1);
  return last.match(/[\p{L}\p{M}\p{N}’'-]+|\S/gu)?.length ?? 1;
}

/** A word at the edge of the picture; what was copied may be long, and has all of it in its title. */
function label(node, text, copied) {
  setText(node, text);
  node.classList.toggle('is-copied', Boolean(copied));
  setAttribute(node, 'title', copied ? text : null);
}

function tableOf({ sources, targets, links }, { t, percentRound }) {
  const headOf = ({ text, copied }, scope, lang) => {
    const note = copied ? [' ', h('small', {}, t(`copied.note.${copied}`))] : [];
    return h('th', { scope }, h('span', { lang }, text), ...note);
  };
  const head = sources.map((word) => headOf(word, 'col', 'en'));
  const body = targets.map((word, row) =>
    h(
      'tr',
      {},
      headOf(word, 'row', 'fr'),
      ...sources.map((_, column) =>
        h('td', {}, percentRound(links[row * sources.length + column])),
      ),
    ),
  );
  return h(
    'table',
    {},
    h('caption', {}, t('heatmap.caption')),
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, t('translate.french')), ...head)),
    h('tbody', {}, ...body),
  );
}
