import { labelName } from './countries.js';
import { rankingAt } from './moment.js';
import { homesOf, sharesOf } from './places.js';
import { h, setAttribute, setText, setVariable } from '../page/dom.js';
import { createAsTable, createScale } from '../page/heat.js';
import { leadingWeights } from '../page/state.js';

const SVG = 'http://www.w3.org/2000/svg';
const DOT = 15; // units of the map
/** A share from which on a country too small to be seen has its dot. */
const VISIBLE = 0.02;

/**
 * A map of where the name is common: the darker a country, the likelier, by the root of its share, so
 * that small ones show. The shapes come in a script of their own, after the first answer.
 */
export function createWorldMap() {
  const title = h('h2', { id: 'map-title' });
  const scale = createScale();
  const lead = h('p', { class: 'lead' });
  const caption = h('p', { class: 'map-pointed' });
  const place = h('div', { class: 'map-place', 'aria-hidden': 'true' }, caption);
  const table = createAsTable();
  const element = h(
    'section',
    { class: 'world-map', 'aria-labelledby': 'map-title' },
    h('div', { class: 'section-head' }, title, scale.element),
    place,
    lead,
    table.element,
  );

  /** @type {ReturnType<typeof drawMap> | null} */
  let map = null;
  let wanted = false;
  let pointed = null;
  let latest;
  let drawn = {};

  async function load() {
    wanted = true;
    const { default: shapes } = await import('virtual:world-map').catch(() => ({}));
    wanted = Boolean(shapes);
    if (!shapes) return; // the next answer asks again
    map = drawMap(shapes);
    place.prepend(map.element);
    show();
  }

  const point = ({ target }) => {
    pointed = target.closest('[data-code]')?.dataset.code ?? null;
    show();
  };
  place.addEventListener('pointerover', point);
  place.addEventListener('pointerleave', point);

  function show() {
    const { state, language } = latest;
    if (!map) return;
    const ranking = rankingAt(state);
    const labels = labelsOf(state);
    if (drawn.labels !== labels) drawn = { labels, atHome: homes(labels) };
    const { atHome } = drawn;
    setText(caption, pointedOut(pointed, atHome.get(pointed), ranking, language));
    const { answer, moment } = state;
    if (drawn.answer === answer && drawn.moment === moment) return;
    map.render(atHome, sharesOf(ranking));
    drawn = { ...drawn, answer, moment };
  }

  return {
    element,
    render(state, language) {
      const { t } = language;
      latest = { state, language };
      setText(title, t('map.title'));
      setText(lead, t('map.lead'));
      scale.render(language);
      show();
      const ranking = rankingAt(state);
      table.render(ranking.length ? ranking : null, t('map.table'), language, () =>
        tableOf(ranking, language),
      );
      if (state.answer && !wanted) load();
    },
  };
}

/** @param {{ width: number, height: number, rest: string, countries: { code: string, path: string, dot?: [number, number] }[] }} shapes */
function drawMap({ width, height, rest, countries }) {
  const svg = (tag, props, ...children) => {
    const node = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(props)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  };
  const land = svg('path', { class: 'is-unknown', d: rest, 'data-code': '' });
  const shapes = countries.map(({ code, path, dot }) => ({
    code,
    path: svg('path', { d: path, 'data-code': code }),
    dot: dot && svg('circle', { cx: dot[0], cy: dot[1], r: DOT, 'data-code': code }),
  }));
  const best = svg('path', { class: 'best' });
  const dots = shapes.map(({ dot }) => dot).filter(Boolean);
  const paths = shapes.map(({ path }) => path);
  const element = svg('svg', { viewBox: `0 0 ${width} ${height}` }, land, ...paths, best, ...dots);
  return {
    element,
    /** @param {Map<string, string[]>} atHome @param {Map<string, number>} shares by code */
    render(atHome, shares) {
      const [first] = [...shares].sort(([, a], [, b]) => b - a);
      for (const { code, path, dot } of shapes) {
        const share = shares.get(code) ?? 0;
        path.classList.toggle('is-unknown', !atHome.has(code));
        setVariable(path, '--heat', Math.sqrt(share).toFixed(3));
        if (!dot) continue;
        setVariable(dot, '--heat', Math.sqrt(share).toFixed(3));
        dot.classList.toggle('is-best', code === first?.[0]);
        setAttribute(dot, 'display', share >= VISIBLE ? null : 'none');
      }
      setAttribute(
        best,
        'd',
        shapes.find(({ code }) => code === first?.[0])?.path.getAttribute('d'),
      );
    },
  };
}

const labelsOf = (state) => leadingWeights(state.weights, state).info?.labels ?? [];

/** By code, the labels that are at home there. */
function homes(labels) {
  const found = new Map();
  for (const label of labels)
    for (const code of homesOf(label)) found.set(code, [...(found.get(code) ?? []), label]);
  return found;
}

/** What is under the pointer, and how likely it is. */
function pointedOut(code, labels, ranking, language) {
  if (code === null || !ranking.length) return '';
  if (!labels) return language.t('map.unlisted');
  const shown = ranking
    .filter(({ label }) => labels.includes(label))
    .map(
      ({ label, probability }) => `${labelName(label, language)} ${language.percent(probability)}`,
    );
  return language.and(shown);
}

function tableOf(ranking, language) {
  const { t, precisePercent } = language;
  const rows = ranking.map(({ label, probability }) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, labelName(label, language)),
      h('td', {}, precisePercent(probability)),
    ),
  );
  const head = ['strip.country', 'map.share'].map((key) => h('th', { scope: 'col' }, t(key)));
  return h(
    'table',
    {},
    h('caption', {}, t('map.table')),
    h('thead', {}, h('tr', {}, ...head)),
    h('tbody', {}, ...rows),
  );
}
