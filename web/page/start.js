/* The page's first script, and small: a thread takes longest to start, so it starts before the rest of
 * the scripts is here. */

import '../engine/thread.js';

// What a link opens comes up at once, not in the place of the other view.
if (/^#(translate|lab)/.test(location.hash)) document.getElementById('names').hidden = true;

import('./main.js');
