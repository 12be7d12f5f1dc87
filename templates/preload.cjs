// Loaded by every node that NODE_OPTIONS reaches: sees the runners that no text and no PATH shows (absolute paths of node,
// package scripts, login shells). A node that starts no runner pays one look at the real path of its main file.
'use strict';

const fs = require('node:fs');

const prefix = '@P@';
const tokenVariable = `${prefix}_GUARD_DECISION`;
const runnerFiles =
  // From the table of runners.
  '@gate:main-files@'.split('|');

// Nobody who lists the loaded modules need see this one.
delete require.cache[__filename];

/** What `act` gives, `otherwise` when it throws: whatever is amiss here, the user's program comes first. */
function attempt(act, otherwise) {
  try {
    return act();
  } catch {
    return otherwise;
  }
}

/** The file that node is about to run, links resolved; undefined when it was not started with one. */
function mainFile() {
  const started = process.argv[1];
  if (started === undefined) return undefined;
  const resolve = fs.realpathSync.native;
  // Node finds it without its ending too, and loaders find files in archives.
  return attempt(() => resolve(started)) ?? attempt(() => resolve(`${started}.js`), started);
}

/** The directory of this user's decisions. */
function decisionsDirectory(path) {
  const { env } = process;
  const isAbsolute = (value) => value !== undefined && path.isAbsolute(value);
  const chosen = env[`${prefix}_STATE_DIR`];
  if (chosen) return path.resolve(chosen, 'decisions');
  const runtime = env.XDG_RUNTIME_DIR;
  if (isAbsolute(runtime)) {
    const stats = attempt(() => fs.statSync(runtime));
    if (stats?.isDirectory() && stats.uid === process.geteuid?.())
      return path.join(runtime, 'test-governor/decisions');
  }
  if (isAbsolute(env.XDG_CACHE_HOME)) return path.join(env.XDG_CACHE_HOME, 'test-governor/decisions');
  const home = isAbsolute(env.HOME) ? env.HOME : require('node:os').homedir();
  return path.join(home, '.cache/test-governor/decisions');
}

/**
 * True when the command that this process belongs to was decided on already. Adds the pid to the decision, so that children are
 * known by their descent where the environment gets lost on the way to them.
 */
function adopt(path) {
  const token = process.env[tokenVariable];
  if (!/^[0-9a-f]{32}$/.test(token ?? '')) return false;
  const file = path.join(decisionsDirectory(path), token);
  if (!fs.existsSync(file)) return false;
  const flag = fs.constants.O_WRONLY | fs.constants.O_APPEND;
  // A full or read-only disk costs the descent, not the command.
  return attempt(() => fs.writeFileSync(file, `${process.pid}\n`, { flag }) ?? true, true);
}

/** A built file: of the checkout or package in which this file lies, else of the nearest installed one. */
function findBuilt(name, path) {
  const own = path.join(__dirname, '../dist', name);
  if (fs.existsSync(own)) return own;
  for (let directory = path.dirname(__dirname); ; directory = path.dirname(directory)) {
    const file = path.join(directory, 'node_modules/test-governor/dist', name);
    if (fs.existsSync(file)) return file;
    if (directory === path.dirname(directory)) return undefined;
  }
}

/**
 * True when this runner runs below a governed run, of which the environment speaks: it passes, and gets the workers that the run
 * allows it.
 */
function isInside(real, path) {
  const { env } = process;
  if (!env[`${prefix}_GOVERNED_LEASE`]) return false;
  const file = findBuilt('inside.cjs', path);
  if (file === undefined) return false;
  const run = require(file).runInside({
    pid: process.pid,
    environment: env,
    envPrefix: prefix,
    cwd: process.cwd(),
    mainFile: real,
    args: process.argv.slice(2),
  });
  delete require.cache[file];
  if (run === null) return false;
  process.argv.splice(2, process.argv.length, ...run.args);
  Object.assign(env, run.environment);
  return true;
}

/** Tells the processes below what was decided; where the environment is frozen they ask again. */
function exportToken(token) {
  attempt(() => {
    process.env[tokenVariable] = token;
  });
}

/** What is amiss with the guard itself is said once for all that runs below, in one sentence. The runner runs. */
function sayBroken(what) {
  if (process.env[tokenVariable] === 'broken') return;
  const sentence = `test-governor: ${what}, so this test runner runs without a check; "test-governor doctor" says more.\n`;
  attempt(() => fs.writeSync(2, sentence));
  exportToken('broken');
}

/**
 * Runs the command as a governed run, because it has an override: in a process of its own, whose end is this one's. Should this
 * one end first, that one notices.
 */
function runGoverned(argv, path) {
  const program = findBuilt('run-own.cjs', path);
  if (program === undefined) {
    sayBroken('dist/run-own.cjs is not there (npm run build makes it)');
    return;
  }
  // The debugger's port is for the runner.
  attempt(() => require('node:inspector').close());
  // Ctrl-C reaches both; the one that waits has to outlast the other.
  if (require('node:tty').isatty(0))
    for (const name of ['SIGINT', 'SIGQUIT']) process.on(name, () => undefined);
  const { status, signal } = require('node:child_process').spawnSync(
    process.execPath,
    [program, prefix, 'preload', String(process.pid), process.execPath, ...argv],
    { stdio: 'inherit' },
  );
  if (signal !== null) process.kill(process.pid, signal);
  process.exit(status ?? 126);
}

/** Asks about the runner; the process ends here with 126 when the answer is no. */
function askAbout(real, path) {
  const asker = findBuilt('ask.cjs', path);
  if (asker === undefined) {
    sayBroken('dist/ask.cjs is not there (npm run build makes it)');
    return;
  }
  const [, started, ...rest] = process.argv;
  // A link in .bin is the name under which people know the runner.
  const shown = started.includes('/.bin/') ? started : real;
  const argv = ['node', ...process.execArgv, shown, ...rest];
  // A parent that talks to this very process would not find another one.
  const kind = process.channel === undefined ? 'argv' : 'argv-in-place';
  const { status, stdout, error } = require('node:child_process').spawnSync(
    process.execPath,
    [asker, kind, 'preload', String(process.pid), ...argv],
    {
      // Without what the user wants of node: the question is not theirs, must not leave a coverage file, and needs no certificates,
      // which take node longer to read than the question takes.
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        NODE_V8_COVERAGE: '',
        NODE_EXTRA_CA_CERTS: '',
        ELECTRON_RUN_AS_NODE: '1',
        TEST_GOVERNOR_ENV_PREFIX: prefix,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: 30_000,
    },
  );
  switch (status) {
    case 0:
      break;
    case 3:
      if (stdout.length > 0) exportToken(String(stdout).trim());
      break;
    case 4:
      runGoverned(argv, path);
      break;
    case 126:
      process.exit(126);
      break;
    default:
      sayBroken(`dist/ask.cjs failed (${error?.code ?? status})`);
  }
}

function guard() {
  const real = mainFile();
  if (real === undefined || !runnerFiles.some((file) => real.endsWith(`/${file}`))) return;
  // A worker thread may have its main thread's file in its arguments; that one was asked about.
  if (!require('node:worker_threads').isMainThread) return;
  const path = require('node:path');
  if (!isInside(real, path) && !adopt(path)) askAbout(real, path);
}

try {
  guard();
} catch (error) {
  sayBroken(`the preload failed (${error?.code ?? error?.message ?? error})`);
}
