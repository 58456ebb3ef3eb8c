/**
 * Completes package-lock.json with the platform packages that a registry did not serve when it was written.
 *
 * npm leaves an optional package that it can't fetch out of the lock, and `npm ci` then refuses the lock. Each is pinned to one version by the
 * package that wants it, and its name says its platform: enough for an entry. Run it after `npm install`: node .ci/complete-lock.mjs
 */
import { readFileSync, writeFileSync } from 'node:fs';

const path = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(path, 'utf8'));
const { packages } = lock;
const added = [];

for (const [parent, { optionalDependencies = {}, dev }] of Object.entries(packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    if (packages[`node_modules/${name}`] ?? packages[`${parent}/node_modules/${name}`]) continue;
    if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error(`${parent} wants ${name} ${version}: not one version`);
    packages[`node_modules/${name}`] = { version, ...platformOf(name), ...(dev ? { dev } : {}), optional: true };
    added.push(name);
  }
}

const root = packages[''];
const sorted = Object.keys(packages).filter((key) => key !== '');
// As npm orders them.
sorted.sort((a, b) => a.localeCompare(b, 'en'));
lock.packages = { '': root, ...Object.fromEntries(sorted.map((key) => [key, packages[key]])) };
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`${added.length} packages added\n`);

function platformOf(name) {
  const [, os, cpu, abi = ''] =
    /(android|darwin|freebsd|linux|openharmony|win32)-(arm64|arm|x64|ia32|ppc64|riscv64|s390x|loong64)(?:-(\w+))?$/.exec(
      name,
    ) ?? [];
  if (os === undefined) throw new Error(`the name ${name} says no platform`);
  return { cpu: [cpu], ...libcOf(os, abi), os: [os] };
}

function libcOf(os, abi) {
  if (os !== 'linux' || abi === '') return {};
  return { libc: [abi.startsWith('musl') ? 'musl' : 'glibc'] };
}
