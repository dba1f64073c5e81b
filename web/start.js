/* The page's first script, and small: a thread takes longest to start, so it starts before the rest of
 * the scripts is here. */

import './engine/thread.js';

import('./main.js');
