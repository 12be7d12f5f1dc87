// Every archetype of script, run by a real shell before and after the migration, with stub runners in the place of the
// real ones that record how they were called. Launchers (npx, pnpm, yarn, cross-env, concurrently, …) are the real ones.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { root, scratchDirectory } from '../lib/place.mjs';
import { peer, row } from '../lib/report.mjs';

const launchers = [
  'cross-env@10.1.0',
  'rimraf@6.1.4',
  'concurrently@9.2.1',
  'dotenv-cli@11.0.0',
  'c8@10.1.3',
];
const governor = join(root, 'bin', 'test-governor');

/** Scripts of every archetype. The key is the script's name, which says what it is an example of. */
const scripts = {
  bare: 'jest',
  'jest:arguments': 'jest --ci --coverage',
  'jest:path': './node_modules/.bin/jest --ci',
  'jest:quoted': `jest -t "it's a \\"name\\"" src/*.js`,
  'jest:redirected': 'jest --ci > out.txt 2>&1',
  'jest:status': 'jest || echo failed',
  'jest:branch': 'if [ -n "$FLAG" ]; then jest --ci; else jest --bail; fi',
  'jest:subshell': '(cd sub && jest --ci) && jest',
  'jest:changed': 'jest --onlyChanged',
  'chain:rimraf': 'rimraf coverage && jest --coverage',
  'chain:between': 'echo before && jest --ci && echo after',
  'chain:two': 'jest --ci && vitest run',
  'assignments:shell': 'FLAG=on OTHER="two words" jest --ci',
  'assignments:cross-env': 'cross-env FLAG=on OTHER=two jest --ci',
  'assignments:env': 'env FLAG=on jest --ci',
  'assignments:dotenv': 'dotenv -e test.env -- jest --ci',
  'npx:plain': 'npx jest --ci',
  'npx:options': 'npx --no-install jest --ci',
  'npm-exec': 'npm exec -- jest --ci',
  'npm-exec:dashes': 'npm exec jest -- --ci',
  'pnpm-exec': 'pnpm exec jest --ci',
  'yarn:plain': 'yarn --silent jest --ci',
  'yarn-run': 'yarn -s run jest --ci',
  'node:plain': 'node node_modules/jest/bin/jest.js --ci',
  'node:options': 'node --no-warnings --max-old-space-size=512 node_modules/.bin/jest --ci',
  'node:cross-env': 'cross-env FLAG=on node --no-warnings node_modules/.bin/jest --ci',
  'vitest:run': 'vitest run --coverage',
  'vitest:bare': 'vitest',
  'vitest:related': 'vitest related --run src/a.js',
  'pytest:plain': 'pytest -x tests',
  'pytest:module': 'python3 -m pytest -q',
  'wrapper:timeout': 'timeout 60 jest --ci',
  'wrapper:nice': 'nice -n 5 jest --ci',
  'wrapper:sh': 'sh -c "jest --ci && echo done"',
  'wrapper:concurrently': 'concurrently --raw "jest --ci"',
  'wrapper:c8': 'c8 --reporter=none jest --ci',
  'wrapper:find': 'find sub -name one.js -exec jest --ci {} \\;',
  'wrapper:xargs': 'echo one.js | xargs jest --ci',
  'turbo:plain': 'turbo run test',
  'turbo:scope': 'turbo run test --filter=web',
  'turbo:cap': 'npx turbo run test --concurrency=3 -- --ci',
};

/** What is appended to a script as npm does it: where it went before, it must go after. */
const appended = '--ci "two words" --x=$HOME';
/** Behind these nothing can be appended: the shell, or find, refuses the line. */
const takesNothing = new Set(['jest:branch', 'wrapper:find']);

/** Writes a record of how it was called, for each stub alike. Its own status is what $STUB_STATUS says. */
const nodeStub = (name) => `#!/usr/bin/env node
const { appendFileSync } = require('node:fs');
const { NODE_OPTIONS = '', ...env } = process.env;
appendFileSync(process.env.RECORD, JSON.stringify({
  runner: ${JSON.stringify(name)},
  argv: process.argv.slice(2),
  cwd: process.cwd(),
  flags: [...new Set([...process.execArgv, ...NODE_OPTIONS.split(' ')].filter(Boolean))].sort(),
  env,
}) + '\\n');
process.exitCode = Number(process.env.STUB_STATUS);
`;
const pythonStub = `#!/usr/bin/env python3
import json, os, sys
path = [os.path.abspath(entry) for entry in sys.path]
with open(os.environ["RECORD"], "a") as record:
    env = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    flags = ["sees its directory"] if os.getcwd() in path else []
    record.write(json.dumps({"runner": "pytest", "argv": sys.argv[1:], "cwd": os.getcwd(), "flags": flags, "env": env}) + "\\n")
sys.exit(int(os.environ["STUB_STATUS"]))
`;

/** Variables that shells and package runners set for what they start, whatever that is; and the governor's own. */
const notCompared =
  /^(?:npm_.*|BASESHOP_.*|TEST_THROTTLE_ENABLED|INIT_CWD|NODE|COLOR|EDITOR|PATH|_|SHLVL|PWD|OLDPWD|RECORD|PNPM_.*|NODE_PATH|BERRY_.*|YARN_.*|FORCE_COLOR|NODE_V8_COVERAGE|NO_UPDATE_NOTIFIER)$/;

function installLaunchers() {
  const cache = join(root, '.cache', 'bench-launchers');
  if (!existsSync(join(cache, 'node_modules', 'c8'))) {
    mkdirSync(cache, { recursive: true });
    const args = ['install', '--prefix', cache, '--no-save', '--no-audit', '--no-fund', ...launchers];
    spawnSync('npm', args, { stdio: 'ignore' });
  }
  return existsSync(join(cache, 'node_modules', 'c8')) ? join(cache, 'node_modules') : null;
}

function writeStub(directory, name, file) {
  const path = join(directory, 'node_modules', name, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, nodeStub(name));
  chmodSync(path, 0o755);
  writeFileSync(
    join(directory, 'node_modules', name, 'package.json'),
    JSON.stringify({ name, version: '1.0.0', bin: { [name]: file } }),
  );
  symlinkSync(join('..', name, file), join(directory, 'node_modules', '.bin', name));
}

function writeWorkspace(modules) {
  const directory = scratchDirectory('before');
  mkdirSync(join(directory, 'node_modules', '.bin'), { recursive: true });
  writeFileSync(
    join(directory, 'package.json'),
    `${JSON.stringify({ name: 'stubs', private: true, scripts }, null, 2)}\n`,
  );
  writeFileSync(join(directory, 'test.env'), 'FLAG=from-file\n');
  mkdirSync(join(directory, 'src'));
  mkdirSync(join(directory, 'sub'));
  for (const file of ['src/a.js', 'src/b.js', 'sub/one.js']) writeFileSync(join(directory, file), '');
  writeStub(directory, 'jest', 'bin/jest.js');
  writeStub(directory, 'vitest', 'vitest.js');
  writeStub(directory, 'turbo', 'bin/turbo');
  for (const path of ['.venv/bin/pytest', 'pytest/__main__.py', 'pytest/__init__.py']) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), path.endsWith('__init__.py') ? '' : pythonStub);
    chmodSync(join(directory, path), 0o755);
  }
  for (const name of ['pnpm', 'yarn']) {
    symlinkSync(join(root, 'node_modules', '.bin', name), join(directory, 'node_modules', '.bin', name));
  }
  symlinkSync(governor, join(directory, 'node_modules', '.bin', 'test-governor'));
  for (const name of ['cross-env', 'rimraf', 'concurrently', 'dotenv', 'c8']) {
    if (modules !== null)
      symlinkSync(join(modules, '.bin', name), join(directory, 'node_modules', '.bin', name));
  }
  return directory;
}

/** Runs a script's text as npm runs it, and gives what the runners recorded, the status, and what was printed. */
function runScript(directory, text, more, status) {
  const record = join(directory, 'record.ndjson');
  rmSync(record, { force: true });
  const { PATH, HOME } = process.env;
  const path = [join(directory, 'node_modules', '.bin'), join(directory, '.venv', 'bin'), PATH].join(
    delimiter,
  );
  const result = spawnSync('sh', ['-c', `${text}${more === '' ? '' : ` ${more}`}`], {
    cwd: directory,
    encoding: 'utf8',
    env: {
      PATH: path,
      HOME,
      LANG: 'C.UTF-8',
      RECORD: record,
      STUB_STATUS: String(status),
      BASESHOP_STATE_DIR: scratchDirectory('state'),
      // What is compared is the call; a busy machine need not make it wait.
      TEST_THROTTLE_ENABLED: 'false',
      npm_config_update_notifier: 'false',
    },
  });
  const calls = existsSync(record)
    ? readFileSync(record, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    : [];
  return { status: result.status, printed: result.stdout, calls };
}

/** What the governor adds by design: the cap on workers, `run` for vitest's watching default, turbo's scope and cap. */
function withoutShaping({ runner, argv }) {
  switch (runner) {
    case 'jest':
      return argv.filter((argument) => argument !== '--maxWorkers=2');
    case 'vitest': {
      const own = argv.filter((argument) => argument !== '--maxWorkers=2');
      return ['run', 'related'].includes(own[0]) ? own : ['run', ...own];
    }
    case 'turbo':
      return argv.filter((argument) => !['--filter=!//', '--concurrency=2'].includes(argument));
    default:
      return argv;
  }
}

function comparable({ status, printed, calls }, directory) {
  const text = JSON.stringify({
    status,
    printed,
    calls: calls.map((call) => ({
      runner: call.runner,
      argv: withoutShaping(call),
      cwd: call.cwd,
      flags: call.flags,
      env: Object.fromEntries(
        Object.entries(call.env)
          .filter(([name]) => !notCompared.test(name))
          .sort(),
      ),
    })),
  });
  return text.replaceAll(directory, '<workspace>');
}

export const title = 'Scripts of every archetype, run before and after migrating';

export async function run() {
  const modules = installLaunchers();
  if (modules === null) peer('cross-env, rimraf, concurrently, dotenv, c8', 'not to be had');
  const before = writeWorkspace(modules);
  const after = join(scratchDirectory(), 'after');
  cpSync(before, after, { recursive: true, verbatimSymlinks: true });
  const migrated = spawnSync(process.execPath, [governor, 'migrate', '--write'], {
    cwd: after,
    encoding: 'utf8',
  });
  if (migrated.status !== 0) throw new Error(`migrate left something: ${migrated.stderr}`);
  const audit = spawnSync(process.execPath, [governor, 'audit'], { cwd: after, encoding: 'utf8' });
  const rewritten = JSON.parse(readFileSync(join(after, 'package.json'), 'utf8')).scripts;

  let total = 0;
  let same = 0;
  for (const [name, text] of Object.entries(scripts)) {
    for (const [more, status] of [['', 0], ['', 3], ...(takesNothing.has(name) ? [] : [[appended, 0]])]) {
      const was = runScript(before, text, more, status);
      const is = runScript(after, rewritten[name], more, status);
      const [first, second] = [comparable(was, before), comparable(is, after)];
      total += 1;
      // A script that started nothing before would be the same for nothing.
      if (first === second && was.calls.length > 0) same += 1;
      else console.log(`  ${name} ${more} (${status}):\n    before ${first}\n    after  ${second}`);
    }
  }
  return [
    row(
      `same calls, of ${total} (${Object.keys(scripts).length} scripts; argv, cwd, env, flags, output, status)`,
      same,
      {
        atLeast: total,
        digits: 0,
      },
    ),
    row(
      'rewritten scripts',
      Object.entries(scripts).filter(([name, text]) => rewritten[name] !== text).length,
      {
        atLeast: Object.keys(scripts).length,
        digits: 0,
      },
    ),
    row('the audit afterwards, status', audit.status, { atMost: 0, digits: 0 }),
  ];
}
