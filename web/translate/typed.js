import { TRANSLATOR_NAMES } from '../page/state.js';

/**
 * What was typed stays in this tab until it is closed, and how numbers are wanted on this device. Where
 * storage is forbidden, both last as long as the page.
 */

const TYPED = 'recur.english';
const NUMBERS = 'recur.numbers';

/** How numbers and clock times may be set. */
export const NUMBER_STYLES = ['french', 'as-is'];

/** @param {{ text: string, model: import('../page/state.js').TranslatorName }} typed */
export function keepTyped({ text, model }) {
  attempt(() => sessionStorage.setItem(TYPED, JSON.stringify({ text, model })));
}

/** @returns {{ text?: string, model?: import('../page/state.js').TranslatorName }} */
export function typedBefore() {
  const { text, model } = attempt(() => JSON.parse(sessionStorage.getItem(TYPED))) ?? {};
  return {
    ...(typeof text === 'string' && { text }),
    ...(TRANSLATOR_NAMES.includes(model) && { model }),
  };
}

/** @param {'french' | 'as-is'} numbers */
export function keepNumbers(numbers) {
  attempt(() => localStorage.setItem(NUMBERS, numbers));
}

/** @returns {'french' | 'as-is'} */
export function numbersWanted() {
  const kept = attempt(() => localStorage.getItem(NUMBERS));
  return NUMBER_STYLES.includes(kept) ? kept : NUMBER_STYLES[0];
}

function attempt(act) {
  try {
    return act();
  } catch {
    return null;
  }
}
