/* global __VERSION__, __REPOSITORY__ -- put in by the build, from package.json */

import { h, setAttribute, setText } from './dom.js';
import { leadingWeights } from './state.js';

const FACTS = ['version', 'loaded', 'kernel', 'time', 'offline'];

/** What runs here, measured here, and what it is made of. */
export function createFooter(element) {
  const title = h('h2', { class: 'hidden-visually' });
  const facts = Object.fromEntries(FACTS.map((name) => [name, { term: h('dt'), value: h('dd') }]));
  const rows = FACTS.map((name) => h('div', {}, facts[name].term, facts[name].value));
  const privacy = h('p', { class: 'privacy' });
  const sources = h('p', { class: 'sources' });
  const code = __REPOSITORY__
    ? h('a', { href: __REPOSITORY__, rel: 'noreferrer' })
    : h('span', { class: 'sources' });
  element.append(title, h('dl', { class: 'facts' }, ...rows), privacy, sources, h('p', {}, code));

  return {
    render(state, language) {
      const { t } = language;
      const { times, model } = state.translation;
      setText(title, t('footer.title'));
      const values = {
        version: state.engine?.version ?? __VERSION__,
        loaded: sizes(state, language),
        kernel: state.engine ? t(`footer.kernel.${state.engine.flavour}`) : t('load.starting'),
        time: time(
          { names: state.time, translate: times[model], lab: state.lab.time }[state.view],
          language,
        ),
        offline: t(`footer.offline.${offline(state)}`),
      };
      for (const name of FACTS) {
        setText(
          facts[name].term,
          t(name === 'time' ? `footer.time.${state.view}` : `footer.${name}`),
        );
        setText(facts[name].value, values[name]);
      }
      setAttribute(element, 'data-offline', state.offline);
      setText(privacy, t(`footer.private.${state.view}`));
      setText(sources, sourcesOf(state, language));
      setText(code, t('footer.code'));
    },
  };
}

function sizes({ sizes }, { t, bytes }) {
  if (!sizes) return t('footer.unknown');
  const { page, module, weights } = sizes;
  return t('footer.sizes', { page: bytes(page), module: bytes(module), weights: bytes(weights) });
}

/** Ready only if the translator that is looked at is on this device too. */
function offline({ view, online, offline, translation: { weights, model } }) {
  const { phase, kept } = weights[model];
  const unkept = view === 'translate' && phase === 'ready' && !kept;
  if (!online) return 'now';
  return offline === 'ready' && unkept ? 'unkept' : offline;
}

function time(time, { t, milliseconds }) {
  if (!time) return t('footer.unknown');
  const shown = time.milliseconds < 0.05 ? 0.05 : time.milliseconds;
  const text = (time.milliseconds < 0.05 ? '< ' : '') + milliseconds(shown);
  return t('footer.milliseconds', { time: text, count: time.count });
}

/** The licence and attribution come out of the weight file itself. */
function sourcesOf({ view, weights, list, cell, translation }, { t }) {
  if (view === 'translate') {
    const { license, attribution } = translation.weights[translation.model].info ?? {};
    const licence = [license, attribution].filter(Boolean).join('; ');
    return licence ? t('footer.weights', { licence }) : t('footer.pairs');
  }
  if (view === 'lab') return t('footer.lists');
  const metadata = leadingWeights(weights, { list, cell }).info?.metadata ?? {};
  const named = Object.keys(metadata).filter((key) => /^general\.(license|attribution)/.test(key));
  const licence = named.map((key) => metadata[key]).join('; ');
  return [
    licence ? t('footer.weights', { licence }) : list === 'tutorial' ? t('footer.names') : '',
    t('footer.flags'),
    t('footer.map'),
    t('footer.phones'),
  ]
    .filter(Boolean)
    .join(' ');
}
