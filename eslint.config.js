import js from '@eslint/js';
import globals from 'globals';

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
  { files: ['web/**', 'wasm/**'], languageOptions: { globals: globals.browser } },
  { files: ['web/**/*worker*.js'], languageOptions: { globals: globals.worker } },
  { files: ['tests/**', '*.config.js', 'web/*.config.js'], languageOptions: { globals: globals.node } },
  // Functions in a browser suite are sent to the page, so both worlds' names are in scope.
  { files: ['tests/browser/**'], languageOptions: { globals: globals.browser } },
];
