import { TRANSLATORS } from './engine/assets.js';
import { TRANSLATOR_NAMES } from './state.js';

/** The sentence that the translator opens with. */
export const EXAMPLE = 'She is happy, and he is happy too.';

/**
 * What the translate view starts from.
 * @param {string} text
 * @param {import('./state.js').TranslatorName} [model] by default the first that this build has
 * @returns {import('./state.js').TranslationState}
 */
export function initialTranslation(text, model) {
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
    model: model ?? TRANSLATOR_NAMES.find((name) => TRANSLATORS[name]) ?? 'main',
    weights,
    answers: { main: null, tutorial: null },
    partial: null,
    problem: null,
    look: null,
    sentence: 0,
    picked: {},
    alternatives: false,
    time: null,
  };
}
