// ./run sbom: what recur is built and tested with, as a CycloneDX 1.5 list: the Debian packages that
// standard input names, one a line as "purpose package probe", at the versions that are installed,
// and the npm packages of the lock files.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const json = (file) => JSON.parse(readFileSync(root + file, 'utf8'));
const LOCKS = ['package-lock.json', 'tests/bench/package-lock.json', 'tests/npm/package-lock.json'];

/** [{ name, version }] of the packages that are installed. */
function debian(names) {
  const format = '${db:Status-Abbrev}\t${Package}\t${Version}\n';
  const { stdout, error } = spawnSync('dpkg-query', ['-W', '-f', format, ...names], {
    encoding: 'utf8',
  });
  if (error) return [];
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('ii'))
    .map((line) => line.split('\t'))
    .map(([, name, version]) => ({ name, version }));
}

/** "sha512-<base64>" as CycloneDX has it. */
function hash(integrity) {
  const [algorithm, digest] = integrity.split('-');
  const content = Buffer.from(digest, 'base64').toString('hex');
  return { alg: algorithm.toUpperCase().replace('SHA', 'SHA-'), content };
}

function npmComponents(lock) {
  return Object.entries(json(lock).packages)
    .filter(([at, entry]) => at.includes('node_modules/') && !entry.link)
    .map(([at, { name, version, integrity, license, dev }]) => {
      const called = name ?? at.slice(at.lastIndexOf('node_modules/') + 13);
      const purl = `pkg:npm/${called.replace('@', '%40')}@${version}`;
      return {
        type: 'library',
        'bom-ref': purl,
        name: called,
        version,
        scope: dev ? 'excluded' : 'optional', // of what recur ships nothing is required
        purl,
        ...(license && { licenses: [{ expression: license }] }),
        ...(integrity && { hashes: [hash(integrity)] }),
        properties: [{ name: 'recur:lock', value: lock }],
      };
    });
}

const table = readFileSync(0, 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.split(/\s+/));
const purposes = new Map();
for (const [purpose, name] of table) purposes.set(name, [...(purposes.get(name) ?? []), purpose]);
const found = debian([...purposes.keys()]);
const components = found.map(({ name, version }) => {
  const purl = `pkg:deb/debian/${name}@${encodeURIComponent(version)}`;
  const properties = purposes.get(name).map((value) => ({ name: 'recur:purpose', value }));
  return { type: 'application', 'bom-ref': purl, name, version, purl, properties };
});
const refs = new Set();
for (const component of LOCKS.flatMap(npmComponents)) {
  if (!refs.has(component.purl)) components.push(component);
  refs.add(component.purl);
}

const { name, version } = json('package.json');
const bom = {
  bomFormat: 'CycloneDX',
  specVersion: '1.5',
  version: 1,
  metadata: {
    component: { type: 'application', name, version, 'bom-ref': `pkg:npm/${name}@${version}` },
  },
  components,
};
process.stdout.write(`${JSON.stringify(bom, null, 2)}\n`);
const missing = [...purposes.keys()].filter((name) => !found.some((each) => each.name === name));
if (missing.length > 0) {
  process.stderr.write(`run: not installed, so not listed: ${missing.join(' ')}\n`);
}
