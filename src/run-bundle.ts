import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';

function readCache(cache: string): Buffer | undefined {
  try {
    return readFileSync(cache);
  } catch {
    return undefined;
  }
}

function writeCache(script: Script, cache: string): void {
  const temporary = `${cache}.${process.pid}`;
  try {
    writeFileSync(temporary, script.createCachedData());
    renameSync(temporary, cache);
  } catch {
    // An installation that we may not write to has no cache; the next start takes a few milliseconds more.
    return;
  }
}

/** Stores what has been compiled when this process ends: by then all functions that are needed have been. */
function keepCompiled(script: Script, bundle: string, cache: string): void {
  // Loaded only here: the next start has a cache.
  const { setFlagsFromString }: typeof import('node:v8') = require('node:v8');
  const builtAt = () => statSync(bundle, { throwIfNoEntry: false })?.mtimeMs;
  const built = builtAt();
  // V8 throws away what has not been used for a while, and a governed run can take an hour.
  setFlagsFromString('--no-flush-bytecode');
  process.on('exit', () => {
    // V8 takes a cache only under the flags that it was made with.
    setFlagsFromString('--flush-bytecode');
    // And it tells one text from another by the length alone: nothing is stored beside a bundle that was built since.
    if (builtAt() === built) writeCache(script, cache);
  });
}

/**
 * Runs `<name>-bundle.cjs` beside the file that this is built into. Compiling a program of ours costs about as much as everything
 * that it does. V8 can store what it compiled; node 20 leaves that to the program. The cache lies beside the code, which whoever may
 * write there could change as well, and is one file for each node version and processor. V8 itself rejects a cache that does not
 * belong to the code.
 */
export function runBundle(name: string): void {
  const bundle = join(__dirname, `${name}-bundle.cjs`);
  const cache = join(__dirname, `${name}-${process.version}-${process.arch}.cache`);
  const cachedData = readCache(cache);
  // The bundle is ASCII (esbuild escapes the rest), and latin1 is the encoding that V8 takes as it is. It is one function
  // expression: see scripts/build.mjs.
  const script = new Script(readFileSync(bundle, 'latin1'), {
    filename: bundle,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
  if (cachedData === undefined || script.cachedDataRejected === true) keepCompiled(script, bundle, cache);
  script.runInThisContext()(require, module, module.exports, __dirname);
}
