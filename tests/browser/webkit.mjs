import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { createServer } from 'node:net';
import { Builder, Capabilities, Key, logging } from 'selenium-webdriver';

/** WebKitGTK's MiniBrowser on a screen of its own, with the methods that the suites use of the others' drivers. */

const KEYS = { Backspace: 'BACK_SPACE' };
const SIZE = { width: 1280, height: 900 };

/** @param {string} key as the other drivers call it, "ArrowDown" */
const keyOf = (key) =>
  Key[KEYS[key] ?? key.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase()] ?? key;

/** @returns {Promise<{ newPage: () => Promise<object>, close: () => Promise<void> }>} */
export async function launchWebkit() {
  const port = await freePort();
  // A group of its own, as closing has to end the screen too.
  const server = spawn('xvfb-run', ['-a', 'WebKitWebDriver', `--port=${port}`], {
    stdio: 'ignore',
    detached: true,
    env: { ...process.env, LANG: 'en_GB.UTF-8', LANGUAGE: 'en_GB:en' }, // else its language is "C"
  });
  const end = () => process.kill(-server.pid);
  try {
    await answering(`http://localhost:${port}/status`);
    logging.getLogger().setLevel(logging.Level.OFF);
    const driver = await new Builder()
      .usingServer(`http://localhost:${port}`)
      .withCapabilities(capabilities())
      .build();
    await driver.manage().window().setRect(SIZE);
    return {
      // It has one window; each suite has a browser of its own.
      newPage: async () => createPage(driver),
      async close() {
        await driver.quit();
        end();
      },
    };
  } catch (error) {
    end();
    throw error;
  }
}

function capabilities() {
  const [binary] = globSync(process.env.MINIBROWSER ?? '/usr/lib/*/webkit2gtk-4*/MiniBrowser');
  return new Capabilities({
    browserName: 'MiniBrowser',
    'webkitgtk:browserOptions': { binary, args: ['--automation'] },
  });
}

function createPage(driver) {
  const at = async (selector) => driver.findElement({ css: selector });
  return {
    goto: (url) => driver.get(url),
    reload: () => driver.navigate().refresh(),
    /** @param {Function} probe run in the page @param {unknown} [argument] */
    async evaluate(probe, argument = null) {
      const { value, error } = await driver.executeAsyncScript(
        `const [argument, done] = arguments;
         (async () => (${probe})(argument))().then(
           (value) => done({ value }),
           (error) => done({ error: String(error) }),
         );`,
        argument,
      );
      if (error) throw new Error(error);
      return value;
    },
    click: async (selector) => (await at(selector)).click(),
    hover: async (selector) =>
      driver
        .actions()
        .move({ origin: await at(selector) })
        .perform(),
    keyboard: {
      type: (text) => driver.actions().sendKeys(text).perform(),
      press: (key) => driver.actions().sendKeys(keyOf(key)).perform(),
      down: (key) => driver.actions().keyDown(keyOf(key)).perform(),
      up: (key) => driver.actions().keyUp(keyOf(key)).perform(),
    },
  };
}

/** A port that nobody listens on. */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, 'localhost', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function answering(url) {
  for (let tries = 0; ; tries++) {
    try {
      await fetch(url);
      return;
    } catch (error) {
      if (tries === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
