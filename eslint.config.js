import js from '@eslint/js';
import globals from 'globals';

/** These files see the names of these environments. */
const within = (files, ...environments) => ({
  files,
  languageOptions: { globals: Object.assign({}, ...environments.map((name) => globals[name])) },
});

export default [
  { ignores: ['build/', 'data/corpora/'] },
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2024, sourceType: 'module' },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'object-shorthand': 'error',
      'no-implicit-globals': 'error',
    },
  },
  within(['web/**', 'wasm/**'], 'browser'),
  within(['web/**/*worker*.js'], 'worker'),
  within(['web/sw.js'], 'serviceworker'),
  within(['*.js', 'web/*.config.js', 'web/vite/**', 'npm/**', 'tests/**'], 'node'),
  // Functions in a browser suite are sent to the page, so both worlds' names are in scope.
  within(['tests/browser/**', 'tests/bench/**', 'tests/npm/**', 'tests/soak/page.mjs'], 'browser'),
];
