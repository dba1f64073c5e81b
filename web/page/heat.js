import { h, setAttribute, setText } from './dom.js';

/* What heat maps have in common: the ramp, the table of the same numbers, edges that show more. */

/** The ramp with its ends. */
export function createScale() {
  const low = h('span');
  const high = h('span');
  return {
    element: h(
      'p',
      { class: 'scale', 'aria-hidden': 'true' },
      low,
      h('span', { class: 'ramp' }),
      high,
    ),
    render({ percentRound }) {
      setText(low, percentRound(0));
      setText(high, percentRound(1));
    },
  };
}

/** The same numbers as a table, which is built only when it is opened. */
export function createAsTable() {
  const summary = h('summary');
  const place = h('div', { class: 'table-scroll', tabindex: 0, role: 'region' });
  let drawn = {};
  let latest;
  const draw = () => {
    const { shown, language, makeTable } = latest;
    if (!element.open || !shown || (drawn.shown === shown && drawn.language === language)) return;
    drawn = latest;
    place.replaceChildren(makeTable());
  };
  const element = h('details', { class: 'as-table', hidden: true, ontoggle: draw }, summary, place);

  return {
    element,
    /**
     * @param {object | null} shown another object, another table; null: none
     * @param {string} caption
     * @param {import('../i18n/index.js').Language} language
     * @param {() => HTMLElement} makeTable
     */
    render(shown, caption, language, makeTable) {
      latest = { shown, language, makeTable };
      setText(summary, language.t('heat.table'));
      setAttribute(place, 'aria-label', caption);
      element.hidden = !shown;
      draw();
    },
  };
}

/** Marks on `scroll` at which edges something is hidden. @returns {() => void} looks anew */
export function watchEdges(scroll) {
  const look = () => {
    due = false;
    const { scrollLeft, clientWidth, scrollWidth } = scroll;
    scroll.classList.toggle('has-before', scrollLeft > 1);
    scroll.classList.toggle('has-after', scrollLeft + clientWidth < scrollWidth - 1);
  };
  let due = false;
  const mark = () => {
    if (due) return;
    due = true;
    requestAnimationFrame(look); // when the page is laid out anyway
  };
  scroll.addEventListener('scroll', mark, { passive: true });
  new ResizeObserver(mark).observe(scroll);
  return mark;
}
