import './translator.css';
import { h, setAttribute, setText } from '../../page/dom.js';
import { createAsTable } from '../../page/heat.js';
import { createNotice } from '../../page/notice.js';
import { createSwitch } from '../../page/switch.js';
import { createField } from '../fields.js';
import { createMaps } from '../maps.js';
import { watchView } from '../in-view.js';
import { orderUnits } from '../order.js';
import { tableOfUnits } from '../units-table.js';
import { createAttention } from './attention.js';
import { stepsByWord } from './by-word.js';
import { FULL, FULL_BYTES, NETWORKS, UNSEEN, createLooks } from './looks.js';
import { createScores } from './scores.js';

/** Sentences that the small networks can translate: all of their words stand in the sample. */
const EXAMPLES = [
  'I look for a green mountain.',
  'Is the mountain white?',
  'You want a white cheese.',
  'Marie’s brother is a gardener.',
];
const PARTS = ['encoder', 'decoder'];

/** What is inside a translator while it reads a sentence and writes its translation. */
export function createTranslatorInside({ drawn }) {
  const looks = createLooks(drawn);
  let text = EXAMPLES[0];
  let chosen = 'general';
  let part = 'encoder';
  let layer = 0;
  let direction = 0;
  let shown = {};

  const title = h('h2', { id: 'lab-look-title' });
  const lead = h('p', { class: 'lead' });
  const about = h('p', { class: 'hint look-about' });
  const label = h('label', { for: 'lab-sentence' });
  const input = h('input', {
    id: 'lab-sentence',
    type: 'text',
    lang: 'en',
    maxlength: 200,
    autocomplete: 'off',
    spellcheck: 'false',
    enterkeyhint: 'done',
    oninput: () => write(input.value),
  });
  const examples = h(
    'p',
    { class: 'examples look-examples' },
    ...EXAMPLES.flatMap((example) => [
      h(
        'button',
        { type: 'button', class: 'link', lang: 'en', onclick: () => put(example) },
        example,
      ),
      ' ',
    ]),
  );
  const networks = createSwitch('look', NETWORKS, (name) => {
    chosen = name;
    drawn();
  });
  const notice = createNotice();
  const said = h('p', { class: 'rendition look-said', lang: 'fr', translate: 'no' });
  const attentionTitle = h('h3');
  const attentionAbout = h('p', { class: 'hint' });
  const attention = createAttention();
  const stepsTitle = h('h3');
  const stepsAbout = h('p', { class: 'hint look-steps-about' });
  const parts = createSwitch('look-part', PARTS, (name) => {
    part = name;
    drawn();
  });
  const layers = createField('look-layer', (value) => {
    layer = Number(value);
    drawn();
  });
  const directions = createField('look-direction', (value) => {
    direction = Number(value);
    drawn();
  });
  const maps = createMaps(() => {}, 'lab.look');
  const table = createAsTable();
  const scores = createScores();
  input.value = text;

  const element = h(
    'section',
    { class: 'lab-look', 'aria-labelledby': 'lab-look-title' },
    h('div', { class: 'section-head' }, title, networks.element),
    lead,
    h('div', { class: 'field look-sentence' }, label, input),
    examples,
    about,
    notice.element,
    said,
    attentionTitle,
    attentionAbout,
    attention.element,
    h('div', { class: 'section-head look-steps' }, stepsTitle, parts.element),
    stepsAbout,
    h('div', { class: 'lab-fields inside-fields' }, layers.element, directions.element),
    maps.element,
    table.element,
    scores.element,
  );
  const view = watchView(element, drawn);

  function write(next) {
    text = next;
    drawn();
  }

  function put(example) {
    input.value = example;
    write(example);
  }

  function noticeOf({ phase, share, error, found }, { t, bytes }) {
    if (phase === 'failed')
      return {
        message: `${t('lab.look.failed')} ${error.kind ? t(`load.${error.kind}`) : ''}`,
        detail: error.message,
        alert: true,
        button: { label: t('load.retry'), press: looks.retry },
      };
    if (chosen === FULL && phase !== 'ready')
      return { message: t('lab.look.fetching', { size: bytes(FULL_BYTES) }), share };
    if (found?.error)
      return {
        message: t(/sentences/.test(found.error.message) ? 'lab.look.one' : 'problem.engine'),
        detail: found.error.message,
      };
    if (found?.inside && found.inside.targetTokens.length === 0 && text.trim())
      return { message: t('lab.look.copied') };
    return null;
  }

  /** Of an inspection, what the pictures show. */
  function take(inside, nameOf, language) {
    const steps = stepsByWord(inside, part, nameOf);
    const [depth, ways, words, units] = steps.shape;
    const at = { layer: Math.min(layer, depth - 1), direction: Math.min(direction, ways - 1) };
    const from = (at.layer * ways + at.direction) * words * units;
    const states = steps.hidden.subarray(from, from + words * units);
    const names = (side) => side.map(({ text: word }) => nameOf(word));
    shown = {
      key: keyOf(inside, language),
      at,
      found: { now: steps, text: part === 'encoder' ? inside.source : inside.text },
      order: words > 0 ? orderUnits(states, words, units) : [],
      attention:
        words > 0
          ? {
              sources: names(inside.sourceWords),
              targets: names(inside.targetWords),
              attention: inside.wordAttention,
              caption: language.t('lab.look.attention.caption'),
            }
          : null,
    };
  }

  const keyOf = (inside, language) => [inside, part, layer, direction, language];

  return {
    element,
    render(look, language) {
      const { t, bytes } = language;
      const nameOf = (word) => word || t('lab.look.end');
      setText(title, t('lab.look'));
      setText(lead, t('lab.look.lead'));
      setText(label, t('lab.look.sentence'));
      setText(about, t(chosen === FULL ? 'lab.look.about-full' : 'lab.look.about-small'));
      networks.render(t('lab.look.networks'), chosen, (name) =>
        name === FULL ? t('lab.look.full', { size: bytes(FULL_BYTES) }) : t(`lab.scores.${name}`),
      );
      setText(attentionTitle, t('lab.look.attention'));
      setText(attentionAbout, t('lab.look.attention.about'));
      setText(stepsTitle, t('lab.look.steps'));
      setText(stepsAbout, t(`lab.look.about.${part}`));
      parts.render(t('lab.look.steps'), part, (name) => t(`lab.look.${name}`));
      if (!view.isDue) return;

      const lookInto = (name) => (view.visible ? looks.look(name, text.trim()) : UNSEEN);
      const network = lookInto(chosen);
      const inside = network.found?.inside;
      notice.show(noticeOf(network, language));
      setText(said, inside?.text ?? '');
      const key = inside && keyOf(inside, language);
      if (inside && !key.every((item, i) => item === shown.key?.[i]))
        take(inside, nameOf, language);
      const some = inside ? shown : { found: null, order: [], at: { layer: 0, direction: 0 } };
      attention.render(some.attention ?? null, language);
      const [depth, ways] = some.found?.now.shape ?? [1, 1];
      const numbers = (count) => Array.from({ length: count }, (_, i) => i);
      layers.element.hidden = depth < 2;
      layers.render(t('lab.inside.layer'), numbers(depth), some.at.layer, (i) => String(i + 1));
      directions.element.hidden = ways < 2;
      directions.render(t('lab.directions'), numbers(ways), some.at.direction, (i) =>
        t(`lab.inside.direction.${i}`),
      );
      maps.render(
        some.found,
        { ...some.at, order: some.order, at: null, touched: false },
        language,
      );
      setAttribute(maps.element, 'data-part', part);
      const now = some.order.length > 0 ? some.found.now : null;
      table.render(now, t('lab.look.table'), language, () =>
        tableOfUnits(
          shown.found.now,
          { ...shown.at, order: shown.order },
          t('lab.look.table'),
          language,
        ),
      );
      scores.render(lookInto, nameOf, language);
    },
  };
}
