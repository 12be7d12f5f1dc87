import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';

// Compiling the asker costs about as much as everything it does. V8 can store what it compiled; node 20 leaves that
// to the program. The cache lies beside the code, which whoever may write there could change as well, and is one
// file for each node version and processor. V8 itself rejects a cache that does not belong to the code.
const bundle = join(__dirname, 'ask-bundle.cjs');
const cache = join(__dirname, `ask-${process.version}-${process.arch}.cache`);

function readCache(): Buffer | undefined {
  try {
    return readFileSync(cache);
  } catch {
    return undefined;
  }
}

function writeCache(script: Script): void {
  const temporary = `${cache}.${process.pid}`;
  try {
    writeFileSync(temporary, script.createCachedData());
    renameSync(temporary, cache);
  } catch {
    // An installation that we may not write to has no cache; the next answer takes a few milliseconds more.
    return;
  }
}

const cachedData = readCache();
// The bundle is ASCII (esbuild escapes the rest), and latin1 is the encoding that V8 takes as it is. It is one function
// expression: see scripts/build.mjs.
const script = new Script(readFileSync(bundle, 'latin1'), {
  filename: bundle,
  ...(cachedData === undefined ? {} : { cachedData }),
});
script.runInThisContext()(require, module, module.exports, __dirname);
// Written at the end of the process, when the functions that an answer needs have been compiled.
if (cachedData === undefined || script.cachedDataRejected === true)
  process.on('exit', () => writeCache(script));
