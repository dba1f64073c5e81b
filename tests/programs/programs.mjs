// What the suites of the native programs share.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const bin = path.resolve(root, process.env.RECUR_BIN ?? 'build/native/bin');

/** Lines of a text that ends with a newline. */
export const lines = (text) => text.split('\n').slice(0, -1);

/** The result of a program that has to end well. */
export function well(result) {
  assert.equal(result.status, 0, result.stderr);
  return result;
}

/** A folder that is gone after the tests, and programs that run in it. */
export function workplace(name) {
  const folder = mkdtempSync(path.join(tmpdir(), `recur-${name}-`));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const file = (name) => path.join(folder, name);
  const read = (name) => readFileSync(file(name));

  return {
    folder,
    file,
    run: (program, args, input = '', options = {}) =>
      spawnSync(path.join(bin, program), args, {
        input,
        encoding: 'utf8',
        maxBuffer: 1 << 26,
        cwd: folder,
        ...options,
      }),

    /** The records of a JSON Lines file. */
    records: (name) => lines(read(name).toString()).map((line) => JSON.parse(line)),

    assertSameFile: (a, b) => assert.ok(read(a).equals(read(b)), `${a} and ${b} differ`),

    /** Starts training and gives it a signal `delay` ms after it began. */
    async interrupted(signal, delay, args) {
      const child = spawn(path.join(bin, 'train'), args, {
        cwd: folder,
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let stderr = '';
      const started = new Promise((resolve) => {
        child.stderr.on('data', (chunk) => {
          stderr += chunk;
          if (stderr.includes('parameters')) resolve();
        });
      });
      const ended = new Promise((resolve) => {
        child.on('close', (code, by) => resolve({ code, by }));
      });
      await Promise.race([started, ended]);
      await sleep(delay);
      child.kill(signal);
      return { ...(await ended), stderr };
    },
  };
}

/** Training that is stopped or killed ends, resumed, with the bits of one that was not. `args`: all
 * but --out, taking a few seconds and making checkpoints every 0.1 s. */
export function testInterruptions({ file, run, assertSameFile, interrupted }, args) {
  const train = (...more) => well(run('train', [...args, ...more]));
  const resume = (name) => (existsSync(file(`${name}.checkpoint`)) ? ['--resume'] : []);

  test('SIGTERM saves and says how to resume; resuming gives the bits of an uninterrupted run', async () => {
    train('--out', 'whole.gguf');
    const out = ['--out', 'parts.gguf'];
    let stops = 0;
    for (let round = 0; round < 60 && !existsSync(file('parts.gguf')); round++) {
      const all = [...args, ...out, ...resume('parts.gguf')];
      const result = await interrupted(round % 2 ? 'SIGINT' : 'SIGTERM', 60, all);
      if (result.code === 0) break;
      assert.equal(result.code, 1, result.stderr);
      assert.match(result.stderr, /--resume/);
      stops++;
    }
    if (!existsSync(file('parts.gguf'))) train(...out, '--resume');
    assert.ok(stops > 0, 'it was interrupted at least once');
    assertSameFile('whole.gguf', 'parts.gguf');
  });

  test('SIGKILL at any moment leaves a checkpoint that can be resumed', async () => {
    train('--seed', '5', '--out', 'unkilled.gguf');
    const out = ['--seed', '5', '--out', 'killed.gguf'];
    let kills = 0;
    for (let round = 0; round < 8; round++) {
      const all = [...args, ...out, ...resume('killed.gguf')];
      const result = await interrupted('SIGKILL', 20 + 41 * round, all);
      if (result.by !== 'SIGKILL') {
        assert.equal(result.code, 0, result.stderr);
        break;
      }
      kills++;
    }
    if (!existsSync(file('killed.gguf'))) train(...out, '--resume');
    assert.ok(kills > 0, 'it was killed at least once');
    assertSameFile('unkilled.gguf', 'killed.gguf');
  });
}
