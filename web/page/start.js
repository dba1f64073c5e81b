/* The page's first script, and small: a thread takes longest to start, so it starts before the rest of
 * the scripts is here. */

import '../engine/thread.js';
import { WEIGHTS } from '../engine/assets.js';
import { SCRIPTS } from './scripts.js';
import { leadingWeights } from './state.js';
import { completed, parseHash } from './url.js';

const linked = parseHash(location.hash) ?? { view: 'names' };
// What a link opens comes up at once, not in the place of the other view, and so do its scripts.
if (linked.view !== 'names') {
  document.getElementById('names-view').hidden = true;
  SCRIPTS[linked.view]().catch(() => {}); // whoever waits for them says so
} else {
  // The weights that the first answer needs come while the other scripts do.
  const { url: href } = leadingWeights(WEIGHTS, completed(linked, { ...WEIGHTS, own: {} }));
  const preload = {
    rel: 'preload',
    as: 'fetch',
    crossOrigin: 'anonymous',
    fetchPriority: 'low',
    href,
  };
  document.head.append(Object.assign(document.createElement('link'), preload));
}

import('./main.js');
