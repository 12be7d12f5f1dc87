// npm leaves an optional package for another platform out of package-lock.json when it is not in node_modules, or when
// the registry in use does not serve it, and `npm ci` then refuses the lockfile as out of sync. This adds what is
// missing: `node scripts/complete-lockfile.mjs [directory…]`, after `npm install <new dependency>`.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const systems = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const processors = [
  'arm',
  'arm64',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'wasm32',
  'x64',
];
/** Names that packages use in place of node's. */
const synonyms = {
  windows: 'win32',
  64: 'x64',
  aarch64: 'arm64',
  armhf: 'arm',
  gnueabihf: 'arm',
  musleabihf: 'arm',
};

const directories = process.argv.slice(2);
for (const directory of directories.length > 0 ? directories : ['.', 'examples/workspace']) {
  const file = join(directory, 'package-lock.json');
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  const added = complete(lock.packages);
  if (added.length === 0) continue;
  lock.packages = sorted(lock.packages);
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(`${file}: added ${added.join(', ')}`);
}

function complete(packages) {
  const added = [];
  for (const parent of Object.values(packages)) {
    for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
      const path = `node_modules/${name}`;
      // Platform packages are pinned exactly and hoisted; anything else is for npm to resolve.
      if (packages[path] !== undefined || !/^\d/.test(version)) continue;
      const platform = platformOf(name);
      if (platform === undefined) continue;
      const entry = { ...platform, ...(parent.dev === true ? { dev: true } : {}), optional: true };
      packages[path] = { version, ...sorted(entry) };
      added.push(name);
    }
  }
  return added;
}

/** What `@scope/tool-linux-x64-musl` is for, as package.json would say it; undefined when the name does not tell. */
function platformOf(name) {
  const words = name.split(/[/-]/).map((word) => synonyms[word] ?? word);
  const os = words.filter((word) => systems.includes(word));
  const cpu = words.filter((word) => processors.includes(word));
  if (cpu.length === 0 || (os.length === 0 && !cpu.includes('wasm32'))) return undefined;
  const libc = words.some((word) => word === 'musl') ? ['musl'] : words.includes('gnu') ? ['glibc'] : [];
  return { cpu, ...(libc.length > 0 ? { libc } : {}), ...(os.length > 0 ? { os } : {}) };
}

/** The order in which npm writes fields and packages. */
function sorted(object) {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => a.localeCompare(b, 'en')));
}
