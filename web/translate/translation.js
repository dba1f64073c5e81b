import { TRANSLATORS } from '../engine/assets.js';
import { TRANSLATOR_NAMES } from '../page/state.js';
import { numbersWanted, typedBefore } from './typed.js';

/** The sentence that each translator opens with. */
const EXAMPLES = { main: 'She is happy, and he is happy too.', tutorial: 'she is older than him' };

/**
 * What the translate view starts from: what a link says, what was typed here before, or an example.
 * After a reload what was typed counts more than the link, which may not have it all.
 * @param {string} [linked] text
 * @param {import('../page/state.js').TranslatorName} [wanted] by default the first that this build has
 * @returns {import('../page/state.js').TranslationState}
 */
export function initialTranslation(linked, wanted) {
  const before = typedBefore();
  const reloaded = performance.getEntriesByType('navigation')[0]?.type === 'reload';
  const [first, second] = reloaded
    ? [before, { text: linked, model: wanted }]
    : [{ text: linked, model: wanted }, before];
  const usual = TRANSLATOR_NAMES.find((name) => TRANSLATORS[name]) ?? 'main';
  const model = first.model ?? second.model ?? usual;
  const text = first.text ?? second.text ?? EXAMPLES[model];
  const weights = Object.fromEntries(
    TRANSLATOR_NAMES.map((name) => {
      const file = TRANSLATORS[name];
      const phase = file ? 'waiting' : 'absent';
      return [name, { phase, loaded: 0, total: file?.bytes ?? 0, kept: false }];
    }),
  );
  return {
    text,
    caret: text.length,
    composing: false,
    model,
    numbers: numbersWanted(),
    weights,
    answers: { main: null, tutorial: null },
    partial: null,
    problem: null,
    look: null,
    sentence: 0,
    picked: {},
    alternatives: false,
    times: { main: null, tutorial: null },
  };
}
