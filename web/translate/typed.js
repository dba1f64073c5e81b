/**
 * How numbers are wanted stays on this device. Where storage is forbidden, it lasts as long as the page.
 */

const NUMBERS = 'recur.numbers';

/** How numbers and clock times may be set. */
export const NUMBER_STYLES = ['french', 'as-is'];

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
