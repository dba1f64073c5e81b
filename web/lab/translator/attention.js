import { h, resize, setAttribute, setText, setVariable } from '../../page/dom.js';
import { watchEdges } from '../../page/heat.js';

/**
 * Attention by word as a table whose cells have their number and its colour: picture and table are one.
 * Source words across, target words down.
 */
export function createAttention() {
  const caption = h('caption');
  const corner = h('th', { scope: 'col' });
  const head = h('tr', {}, corner);
  const body = h('tbody');
  const table = h('table', {}, caption, h('thead', {}, head), body);
  const scroll = h('div', { class: 'attention-numbers is-empty', translate: 'no' }, table);
  const markEdges = watchEdges(scroll);
  let drawn = {};

  return {
    element: scroll,
    /**
     * @param {{ sources: string[], targets: string[], attention: Float32Array, caption: string } | null} shown
     *   another object, another picture
     * @param {import('../../i18n/index.js').Language} language
     */
    render(shown, language) {
      scroll.classList.toggle('is-empty', !shown);
      setAttribute(scroll, 'tabindex', shown ? 0 : null);
      setAttribute(scroll, 'role', shown ? 'region' : null);
      if (!shown || (drawn.shown === shown && drawn.language === language)) return;
      drawn = { shown, language };
      const { sources, targets, attention } = shown;
      setText(caption, shown.caption);
      setAttribute(scroll, 'aria-label', shown.caption);
      setText(corner, language.t('lab.look.corner'));
      resize(head, sources.length + 1, () => h('th', { scope: 'col', lang: 'en' }, h('span')));
      sources.forEach((word, i) => setText(head.children[i + 1].firstChild, word));
      resize(body, targets.length, () => h('tr', {}, h('th', { scope: 'row', lang: 'fr' })));
      targets.forEach((word, row) => {
        const line = body.children[row];
        resize(line, sources.length + 1, () => h('td'));
        setText(line.firstChild, word);
        sources.forEach((_, column) => {
          const share = attention[row * sources.length + column];
          const cell = line.children[column + 1];
          setText(cell, language.integer(Math.round(100 * share)));
          setVariable(cell, '--heat', share.toFixed(3));
        });
      });
      markEdges();
    },
  };
}
