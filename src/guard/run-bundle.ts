import { readFileSync, renameSync, writeFileSync } from 'node:fs';
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

/**
 * Runs `<name>-bundle.cjs` beside this file. Compiling the policy costs about as much as everything that it does. V8 can store
 * what it compiled; node 20 leaves that to the program. The cache lies beside the code, which whoever may write there could
 * change as well, and is one file for each node version and processor. V8 itself rejects a cache that does not belong to the code.
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
  script.runInThisContext()(require, module, module.exports, __dirname);
  // Written at the end of the process, when the functions that are needed have been compiled.
  if (cachedData === undefined || script.cachedDataRejected === true) {
    process.on('exit', () => writeCache(script, cache));
  }
}
