/** Colours: those of the system unless chosen otherwise here. */

const KEY = 'recur.theme';

export const themes = ['auto', 'light', 'dark'];

let theme = 'auto';
try {
  const kept = localStorage.getItem(KEY);
  if (themes.includes(kept)) theme = kept;
} catch {
  // Storage may be forbidden; then the choice lasts as long as the page.
}
apply();

export const currentTheme = () => theme;

/** @param {string} name one of `themes` */
export function rememberTheme(name) {
  theme = name;
  apply();
  try {
    localStorage.setItem(KEY, name);
  } catch {
    // As above.
  }
}

function apply() {
  document.documentElement.dataset.theme = theme;
}
