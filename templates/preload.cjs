// Loaded by every node that NODE_OPTIONS reaches: sees the runners that no text and no PATH shows (absolute paths of node,
// package scripts, login shells). Whatever is no runner's main file costs one look at its real path.
'use strict';

const runnerFiles = '@gate:main-files@'.split('|');
const tokenVariable = '@P@_GUARD_DECISION';

/** The file that node is about to run, links resolved; undefined when it was not started with one. */
function mainFile(fs, started) {
  if (started === undefined || started === '-') return undefined;
  for (const path of [started, `${started}.js`]) {
    try {
      return fs.realpathSync.native(path);
    } catch {
      // Not a file as it stands: node tries the ending too, and loaders find files in archives.
    }
  }
  return started;
}

/** The directory of this user's decisions. */
function decisionsDirectory(fs, path) {
  const { env } = process;
  const isAbsolute = (value) => value !== undefined && path.isAbsolute(value);
  if (env.@P@_STATE_DIR) return path.resolve(env.@P@_STATE_DIR, 'decisions');
  const runtime = env.XDG_RUNTIME_DIR;
  if (isAbsolute(runtime)) {
    const stats = fs.statSync(runtime, { throwIfNoEntry: false });
    if (stats?.isDirectory() && stats.uid === process.geteuid?.()) return path.join(runtime, 'test-governor/decisions');
  }
  if (isAbsolute(env.XDG_CACHE_HOME)) return path.join(env.XDG_CACHE_HOME, 'test-governor/decisions');
  const home = isAbsolute(env.HOME) ? env.HOME : require('node:os').homedir();
  return path.join(home, '.cache/test-governor/decisions');
}

/**
 * True when the command that this process belongs to was decided on already. Adds the pid to the decision, so that children are
 * known by their descent where the environment gets lost on the way to them.
 */
function adopt(fs, path) {
  const token = process.env[tokenVariable];
  if (!/^[0-9a-f]{32}$/.test(token ?? '')) return false;
  const file = path.join(decisionsDirectory(fs, path), token);
  if (!fs.existsSync(file)) return false;
  try {
    fs.writeFileSync(file, `${process.pid}\n`, { flag: fs.constants.O_WRONLY | fs.constants.O_APPEND });
  } catch {
    // A full or read-only disk costs the descent, not the command.
    return true;
  }
  return true;
}

/** The program that answers: of the checkout or package in which this file lies, else of the nearest installed one. */
function findAsker(fs, path) {
  const own = path.join(__dirname, '../dist/ask.cjs');
  if (fs.existsSync(own)) return own;
  const installed = 'node_modules/test-governor/dist/ask.cjs';
  for (let directory = path.dirname(__dirname); ; directory = path.dirname(directory)) {
    const file = path.join(directory, installed);
    if (fs.existsSync(file)) return file;
    if (directory === path.dirname(directory)) return undefined;
  }
}

/** What is amiss with the guard itself is said once for all that runs below, in one sentence. The runner runs. */
function sayBroken(fs, what) {
  if (process.env[tokenVariable] === 'broken') return;
  fs.writeSync(
    2,
    `test-governor: ${what}, so this test runner runs without a check; "test-governor doctor" says more.\n`,
  );
  process.env[tokenVariable] = 'broken';
}

/** Asks about the runner; the process ends here with 126 when the answer is no. */
function askAbout(fs, path, real) {
  const asker = findAsker(fs, path);
  if (asker === undefined) return sayBroken(fs, 'dist/ask.cjs is not there (npm run build makes it)');
  const [, started, ...rest] = process.argv;
  // A link in .bin is the name under which people know the runner.
  const shown = started.includes('/.bin/') ? started : real;
  const { status, stdout, error } = require('node:child_process').spawnSync(
    process.execPath,
    [asker, 'argv', 'preload', String(process.pid), 'node', ...process.execArgv, shown, ...rest],
    {
      // Without what the user wants of node: the question is not theirs, and must not leave a coverage file.
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        NODE_V8_COVERAGE: '',
        ELECTRON_RUN_AS_NODE: '1',
        TEST_GOVERNOR_ENV_PREFIX: '@P@',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: 30_000,
      windowsHide: true,
    },
  );
  switch (status) {
    case 0:
      return undefined;
    case 3: {
      const token = String(stdout).trim();
      if (token !== '') process.env[tokenVariable] = token;
      return undefined;
    }
    case 126:
      return process.exit(126);
    default:
      return sayBroken(fs, `dist/ask.cjs failed (${error?.code ?? status})`);
  }
}

function guard() {
  const fs = require('node:fs');
  const real = mainFile(fs, process.argv[1]);
  if (real === undefined || !runnerFiles.some((file) => real.endsWith(`/${file}`))) return;
  // A worker thread has the main thread's file in its arguments.
  if (!require('node:worker_threads').isMainThread) return;
  const path = require('node:path');
  if (!adopt(fs, path)) askAbout(fs, path, real);
}

try {
  guard();
} catch {
  // Whatever it was (a permission model, a frozen environment, a closed stderr): the user's program comes first.
}
