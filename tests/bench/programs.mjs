// Runs a program that measures, and reads what it prints: JSON Lines, each a row
// { name, value, unit, low, high }, perhaps with `variant` and `peak`, or something about them all:
// { version } or { skipped: why }.

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A path in the repository. */
export const path = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

/** Sorts records as above into { version, skipped, rows }. */
export function collect(records) {
  const result = { rows: [] };
  for (const record of records) {
    if ('name' in record) result.rows.push(record);
    else Object.assign(result, record);
  }
  return result;
}

/** What the program prints, collected. A program that is not there is skipped. */
export async function measureBy(command, args, environment = {}) {
  const output = await outputOf(command, args, environment);
  if (output === null)
    return { rows: [], skipped: `there is no ${command.replace(path('.'), '')}` };
  return collect(output.split('\n').filter(Boolean).map(JSON.parse));
}

/** The standard output, or null if there is no such program. */
export function outputOf(command, args, environment = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: path('.'),
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = [];
    const complaints = [];
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => complaints.push(chunk));
    child.on('error', (error) => (error.code === 'ENOENT' ? resolve(null) : reject(error)));
    child.on('close', (code, signal) => {
      if (code === 0) return resolve(Buffer.concat(output).toString());
      const reason = `${command} ended with ${code ?? signal}`;
      reject(new Error(`${reason}\n${Buffer.concat(complaints)}`));
    });
  });
}
