import { closeSync, openSync, readFileSync, readSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { Script } from 'node:vm';

/** Bytes between two words that are looked at: fewer than the smallest block that a disk loses, 512. */
const stride = 256;

/**
 * A sum over a part of some data. V8 ends the process when the code that it unpacks makes no sense, which would be so at every start
 * from then on; and nothing that sums up the whole is to be had in time. Never leaves the range of signed integers: V8 would make an
 * object of every larger number.
 */
function sumOf(data: Buffer): number {
  const words = new Int32Array(data.buffer, data.byteOffset, data.length >>> 2);
  let sum = data.length;
  for (let index = 0; index < words.length; index += stride / 4) {
    sum = Math.imul(sum ^ (words[index] ?? 0), 31);
  }
  return sum;
}

/** More than any of our caches has, in bytes. What is not filled costs nothing. */
const cacheRoom = 2 ** 20;

/** The whole of a file, by three calls to the system: readFileSync takes a tenth of a millisecond more the first time. */
function readWhole(file: string): Buffer {
  const descriptor = openSync(file, 'r');
  try {
    const room = Buffer.allocUnsafeSlow(cacheRoom);
    const length = readSync(descriptor, room);
    return length < cacheRoom ? room.subarray(0, length) : readFileSync(file);
  } finally {
    closeSync(descriptor);
  }
}

/** The compiled code in a file, with its sum behind it; undefined when there is none, or it was damaged. */
function readCache(cache: string): Buffer | undefined {
  let stored: Buffer;
  try {
    stored = readWhole(cache);
  } catch {
    return undefined;
  }
  const data = stored.subarray(0, Math.max(0, stored.length - 4));
  return data.length > 0 && stored.readInt32LE(data.length) === sumOf(data) ? data : undefined;
}

function writeCache(script: Script, cache: string): void {
  const temporary = `${cache}.${process.pid}`;
  try {
    const data = script.createCachedData();
    const sum = Buffer.alloc(4);
    sum.writeInt32LE(sumOf(data));
    writeFileSync(temporary, Buffer.concat([data, sum]));
    renameSync(temporary, cache);
  } catch {
    // An installation that we may not write to has no cache; the next start takes a few milliseconds more.
    return;
  }
}

/** Stores what has been compiled when this process ends: by then all functions that are needed have been. */
function keepCompiled(script: Script, file: string, cache: string): void {
  // Loaded only here: the next start has a cache.
  const { setFlagsFromString }: typeof import('node:v8') = require('node:v8');
  const builtAt = () => statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  const built = builtAt();
  // V8 throws away what has not been used for a while, and a governed run can take an hour.
  setFlagsFromString('--no-flush-bytecode');
  process.on('exit', () => {
    // V8 takes a cache only under the flags that it was made with.
    setFlagsFromString('--flush-bytecode');
    // And it tells one text from another by the length alone: nothing is stored beside a file that was built since.
    if (builtAt() === built) writeCache(script, cache);
  });
}

/** One of our files is missing, cut short or damaged. Shown by its message alone: it is no fault in the code that needs the file. */
class BrokenFile extends Error {
  constructor(file: string, reason: string) {
    super(
      `test-governor: ${file} cannot be loaded (${reason}); npm run build makes it anew, or install the package again`,
    );
    this.stack = this.message;
  }
}

type Program = (
  requireFromIt: (id: string) => unknown,
  module: unknown,
  exports: unknown,
  directory: string,
) => void;

function isProgram(value: unknown): value is Program {
  return typeof value === 'function';
}

/** Gives the one function expression that each of our files is: see scripts/build.mjs. Throws a {@link BrokenFile}. */
function compile(file: string, cache: string): Program {
  const cachedData = readCache(cache);
  try {
    // As UTF-8, for which node has a short cut.
    const script = new Script(readFileSync(file, 'utf8'), {
      filename: file,
      ...(cachedData === undefined ? {} : { cachedData }),
    });
    const program: unknown = script.runInThisContext();
    if (!isProgram(program)) throw new Error('it is cut short');
    if (cachedData === undefined || script.cachedDataRejected === true) keepCompiled(script, file, cache);
    return program;
  } catch (error) {
    throw new BrokenFile(file, error instanceof Error ? error.message : String(error));
  }
}

/**
 * Runs one of our files with `require` in place of node's; gives what it exports.
 * @param use what the program is started for: V8 stores only what one run of it has compiled, and another kind of run needs others.
 */
function load(name: string, use: string, requireFromIt: (id: string) => unknown): unknown {
  const file = `${__dirname}/${name}.cjs`;
  const cache = `${__dirname}/${name}${use}-${process.version}-${process.arch}.cache`;
  const loaded = { exports: {} };
  compile(file, cache)(requireFromIt, loaded, loaded.exports, __dirname);
  return loaded.exports;
}

/**
 * Runs `<name>-bundle.cjs` beside the file that this is built into. Compiling a program of ours costs about as much as everything
 * that it does. V8 can store what it compiled; node 20 leaves that to the program. The cache lies beside the code, which whoever may
 * write there could change as well, and is one file for each node version and processor. V8 itself rejects a cache that does not
 * belong to the code.
 *
 * Even with it each kilobyte of code costs some ten microseconds. So what few starts need is a part, a file of its own that is read
 * when it is first required: a module `<name>-part.ts`, which others `require` where they need it. Bundles share their parts.
 * @param uses first arguments with which the program does so different things that each keeps its own compiled code.
 */
export function runBundle(name: string, uses: readonly string[] = []): void {
  const word = process.argv[2] ?? '';
  const use = uses.includes(word) ? `-${word}` : '';
  const required = new Map<string, unknown>();
  const requireFromUs = (id: string): unknown => {
    // One of ours, `./<name>-part.cjs`, or one of node's, which each of our modules requires anew: node takes its time to answer.
    if (!required.has(id)) {
      required.set(
        id,
        id.startsWith('./') ? load(id.slice(2, -'.cjs'.length), use, requireFromUs) : require(id),
      );
    }
    return required.get(id);
  };
  try {
    load(`${name}-bundle`, use, requireFromUs);
  } catch (error) {
    if (!(error instanceof BrokenFile)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
