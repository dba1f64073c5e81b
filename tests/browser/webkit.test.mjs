import { coreSuite } from './core.mjs';
import { launchWebkit } from './webkit.mjs';

coreSuite('webkit', launchWebkit);
