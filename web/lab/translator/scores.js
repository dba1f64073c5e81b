import { h, setText } from '../../page/dom.js';
import { createAttention } from './attention.js';
import { apartOf, dotAttention, spreadOf, sumWords } from './by-word.js';
import { SCORES } from './looks.js';

/** The scores as the networks compute them (Luong et al. 2015; Bahdanau et al. 2015). */
const EQUATIONS = {
  dot: 'score(h, s) = h · s',
  general: 'score(h, s) = h · (W s + b) / √H',
  additive: 'score(h, s) = v · tanh(W₁ h + W₂ s + b)',
};

/** How the three attention scores differ: three networks that learnt alike but for it, on one sentence. */
export function createScores() {
  const title = h('h3', { id: 'lab-scores-title' });
  const lead = h('p', { class: 'lead' });
  const columns = SCORES.map(createColumn);
  return {
    element: h(
      'section',
      { class: 'lab-scores', 'aria-labelledby': 'lab-scores-title' },
      title,
      lead,
      h('div', { class: 'score-columns' }, ...columns.map(({ element }) => element)),
    ),
    /** @param {(name: string) => import('./looks.js').Network} networkOf */
    render(networkOf, nameOf, language) {
      setText(title, language.t('lab.scores'));
      setText(lead, language.t('lab.scores.lead'));
      for (const column of columns) column.render(networkOf(column.score), nameOf, language);
    },
  };
}

function createColumn(score) {
  const heading = h('h4');
  const equation = h('p', { class: 'equation', translate: 'no' });
  const about = h('p', { class: 'hint score-about' });
  const said = h('p', { class: 'rendition', lang: 'fr', translate: 'no' });
  const own = createAttention();
  const facts = h('p', { class: 'score-facts' });
  const plain = createAttention();
  const summary = h('summary');
  const plainAbout = h('p', { class: 'hint' });
  const details = h('details', { class: 'as-table' }, summary, plainAbout, plain.element);
  let shown = { inside: null };

  function take(inside, nameOf, language) {
    const { t } = language;
    const sources = inside.sourceWords.map(({ text }) => nameOf(text));
    const targets = inside.targetWords.map(({ text }) => nameOf(text));
    const name = t(`lab.scores.${score}`);
    const attention = inside.wordAttention;
    const dot = score === 'dot' ? null : sumWords(dotAttention(inside), inside);
    shown = {
      inside,
      language,
      spread: spreadOf(attention, sources.length),
      own: { sources, targets, attention, caption: t('lab.scores.caption', { name }) },
      ...(dot && {
        apart: apartOf(attention, dot, sources.length),
        plain: { sources, targets, attention: dot, caption: `${name}: ${t('lab.scores.plain')}` },
      }),
    };
  }

  return {
    score,
    element: h(
      'div',
      { class: 'score-column' },
      heading,
      equation,
      about,
      said,
      own.element,
      facts,
      ...(score === 'dot' ? [] : [details]),
    ),
    render({ found }, nameOf, language) {
      const { t, decimal, percentRound } = language;
      setText(heading, t(`lab.scores.${score}`));
      setText(equation, EQUATIONS[score]);
      setText(about, t(`lab.scores.about.${score}`));
      setText(summary, t('lab.scores.plain'));
      setText(plainAbout, t('lab.scores.plain-about'));
      const inside = found?.inside;
      const some = inside?.targetWords.length > 0;
      details.hidden = !some;
      setText(said, inside?.text ?? '');
      if (!some) {
        own.render(null, language);
        setText(facts, '');
        return;
      }
      if (shown.inside !== inside || shown.language !== language) take(inside, nameOf, language);
      own.render(shown.own, language);
      const spread = t('lab.scores.spread', { words: decimal(shown.spread) });
      const apart = shown.plain && t('lab.scores.apart', { share: percentRound(shown.apart) });
      setText(facts, apart ? `${spread} ${apart}` : spread);
      if (shown.plain) plain.render(shown.plain, language);
    },
  };
}
