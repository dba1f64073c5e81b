import { launchFirefox } from './browsers.mjs';
import { coreSuite } from './core.mjs';

coreSuite('firefox', launchFirefox);
