import { h, setText } from '../page/dom.js';
import { SCORES } from './scores.js';

/** How good the main translator is by kind of text, beside its size and its speed here; and its limits. */
export function createAbout() {
  const title = h('h2', { id: 'about-title' });
  const lead = h('p', { class: 'lead' });
  const heads = ['domain', 'sentences', 'score'].map((name) => ({
    name,
    cell: h('th', { scope: 'col' }),
  }));
  const rows = Object.entries(SCORES).map(([name, score]) => ({
    name,
    score,
    head: h('th', { scope: 'row' }),
    sentences: h('td'),
    bleu: h('td'),
  }));
  const table = h(
    'table',
    { class: 'scores', 'aria-labelledby': 'about-title' },
    h('thead', {}, h('tr', {}, ...heads.map(({ cell }) => cell))),
    h('tbody', {}, ...rows.map(({ head, sentences, bleu }) => h('tr', {}, head, sentences, bleu))),
  );
  const facts = ['size', 'speed'].map((name) => ({ name, term: h('dt'), value: h('dd') }));
  const weak = h('p');
  const element = h(
    'section',
    { class: 'about-translator', 'aria-labelledby': 'about-title' },
    title,
    lead,
    h(
      'div',
      { class: 'about-measures' },
      table,
      h('dl', { class: 'facts' }, ...facts.map(({ term, value }) => h('div', {}, term, value))),
    ),
    weak,
  );

  return {
    element,
    render({ translation }, language) {
      const { t, integer, decimal, bytes, milliseconds } = language;
      setText(title, t('about.title'));
      setText(lead, t('about.lead'));
      for (const { name, cell } of heads) setText(cell, t(`about.${name}`));
      for (const { name, score, head, sentences, bleu } of rows) {
        setText(head, t(`about.domain.${name}`));
        setText(sentences, integer(score.pairs));
        setText(bleu, score.bleu === null ? t('about.unmeasured') : decimal(score.bleu));
        bleu.classList.toggle('is-unmeasured', score.bleu === null);
      }
      const { total, info } = translation.weights.main;
      const time = translation.times.main;
      const values = {
        size: t('about.size-value', { size: bytes(total), count: info?.parameters }),
        speed: time
          ? t('footer.milliseconds', { time: milliseconds(time.milliseconds), count: time.count })
          : t('footer.unknown'),
      };
      for (const { name, term, value } of facts) {
        setText(term, t(`about.${name}`));
        setText(value, values[name]);
      }
      setText(weak, t('about.weak'));
    },
  };
}
