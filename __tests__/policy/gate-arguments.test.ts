import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createPackageReader } from '../../src/packages.ts';
import { classifyArgv } from '../../src/policy/classify.ts';
import { launchers } from '../../src/policy/launchers/index.ts';
import { runners } from '../../src/policy/runners.ts';
import {
  governorCommands,
  packageManagerFiles,
  scriptLaunchers,
  shimNames,
} from '../../src/policy/script-launchers.ts';
import type { ClassifyContext } from '../../src/policy/verdict.ts';
import { scripts } from './gate-lines.ts';
import { quoted, runGate, shimShells, withDirectory } from './gate-shells.ts';

const seed = Number(process.env.TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));
const one = fc.constantFrom;

/**
 * One function for each shim, which runs the shim's own fragment on its arguments and prints what it says: in a subshell, because the
 * fragment may end the shim by becoming the program.
 */
const trial = [
  '@p@_guard_become() { echo no; exit; }',
  ...shimNames.map(
    (name) => `trial_${name}() (
  @p@_guard_suspect=
#@fragment argv-${name}@
  echo "\${@p@_guard_suspect:-no}"
)`,
  ),
].join('\n');

const script = one(...Object.keys(scripts), 'absent', 'tsc', 'jest', './scripts/x.ts', '', 'te st', 'größe');
const words = one(
  ...[
    'jest',
    'jest@29',
    'jest-cli',
    'vitest',
    'turbo',
    'pytest',
    'tsc',
    'eslint',
    'cross-env',
    'A=1',
    'npm',
    'npm@10',
    'yarn',
    'pnpm',
    'run-s',
    'nx',
  ],
  ...[
    'run-many',
    '-t',
    'test',
    'lerna',
    'run',
    'concurrently',
    'npm:test',
    'sh',
    'bash',
    '-c',
    '-lc',
    'node',
    '--run',
    '-y',
    '-p',
    '--',
    '--ci',
    '-x',
    '',
  ],
  ...[
    'je""st',
    'npm test',
    'n\\pm t',
    "je''st --ci",
    '$X',
    'X=jest; $X',
    '"je"st',
    'a b',
    'test-governor',
    'safe-test-runner',
    'nyc',
    'dotenv',
    'watch',
  ],
  ...[
    './node_modules/.bin/jest',
    'node_modules/jest/bin/jest.js',
    'src/jest.config.js',
    'ubuntu',
    'bundle',
    '日本語',
    'a\nb',
    '*',
    '-',
    '--version',
  ],
);
const options = one(
  ...[
    '-s',
    '--silent',
    '-w',
    '-C',
    '.',
    '--prefix',
    '--workspace=a',
    '-ws',
    '--filter',
    'a',
    '-r',
    '--if-present',
    '--cwd',
    '-c',
    '--call',
    '-cjest',
  ],
  ...[
    '--call=npm test',
    '--shell-mode',
    '-T',
    '--bun',
    '-F',
    '--package',
    '-p',
    'jest',
    '-h',
    '-v',
    '--loglevel',
    'verbose',
    '--',
    '-e',
    '--foo',
    '-xyz',
  ],
);
const subcommands: Readonly<Record<string, readonly string[]>> = {
  npm: [
    'run',
    'run-script',
    'rum',
    'urn',
    'exec',
    'x',
    'test',
    't',
    'tst',
    'it',
    'cit',
    'sit',
    'install-test',
    'start',
    'restart',
    'install',
    'i',
    'ci',
    'view',
    'explore',
  ],
  pnpm: [
    'run',
    'exec',
    'dlx',
    'test',
    't',
    'it',
    'add',
    'install',
    'why',
    'start',
    'recursive',
    'node',
    'create',
    'rebuild',
  ],
  yarn: [
    'run',
    'exec',
    'dlx',
    'node',
    'workspace',
    'workspaces',
    'foreach',
    'add',
    'why',
    'test',
    'up',
    'upgrade',
    'create',
  ],
  bun: ['run', 'x', 'exec', 'add', 'test', 'build', 'install', 'a', 'create', 'pm'],
};
const nodeFiles = one(
  ...[
    'node_modules/.bin/jest',
    './node_modules/jest/bin/jest.js',
    'node_modules/jest/bin/jest',
    '/a/node_modules/vitest/vitest.mjs',
    'jest',
    'node_modules/.bin/turbo',
  ],
  ...[
    '/usr/bin/npm',
    '/usr/lib/node_modules/npm/bin/npm-cli.js',
    '/usr/bin/npx',
    'npx-cli.js',
    '/x/pnpm.cjs',
    '/x/bin/pnpx',
    '/usr/bin/yarn',
    'lib/yarn.js',
  ],
  ...[
    '.yarn/releases/yarn-4.5.0.cjs',
    '/opt/yarn-v1.22.19/bin/yarn.js',
    'node_modules/.bin/cross-env',
    'node_modules/.bin/run-s',
    'node_modules/.bin/nx',
  ],
  ...[
    'node_modules/.bin/concurrently',
    'node_modules/.bin/nyc',
    'bin/test-governor',
    'bin/with-guard',
    'server.js',
    'node_modules/jest-worker/build/workers/processChild.js',
  ],
);
const nodeOptions = one(
  ...[
    '--max-old-space-size=99',
    '-r',
    './a.js',
    '--require',
    'jest',
    '--import',
    'tsx',
    '-e',
    'require("jest")',
    '--run',
    '--run=test',
    '--',
    '-pe',
    '1',
    '--title',
    '',
  ],
  ...['-C', 'node_modules/.bin/jest', '--test', '--watch', '-', '--env-file=.env', '--no-warnings'],
);

function argumentsOf(name: string): fc.Arbitrary<readonly string[]> {
  if (name === 'node') {
    const runs = fc.tuple(
      fc.array(nodeOptions, { maxLength: 3 }),
      nodeFiles,
      fc.array(fc.oneof(words, script, one('run', 'test')), { maxLength: 4 }),
    );
    return runs.map(([before, file, after]) => [...before, file, ...after]);
  }
  const own = subcommands[name];
  if (own === undefined) return fc.array(fc.oneof(words, options), { maxLength: 5 });
  const arbitrary = fc.tuple(
    fc.array(options, { maxLength: 2 }),
    fc.oneof(
      { weight: 4, arbitrary: one(...own) },
      { weight: 1, arbitrary: script },
      { weight: 1, arbitrary: words },
    ),
    fc.array(options, { maxLength: 1 }),
    fc.array(
      fc.oneof(
        { weight: 3, arbitrary: script },
        { weight: 2, arbitrary: words },
        { weight: 1, arbitrary: options },
      ),
      { maxLength: 4 },
    ),
    fc.boolean(),
  );
  return arbitrary.map(([before, word, between, rest, isBare]) =>
    isBare ? [word, ...rest] : [...before, word, ...between, ...rest],
  );
}

describe(`the gate for arguments (TEST_SEED=${seed})`, () => {
  const vectors = shimNames.flatMap((name) =>
    fc
      .sample(fc.noBias(argumentsOf(name)), {
        numRuns: name in subcommands || name === 'node' ? 1500 : 400,
        seed,
      })
      .map((args) => [name, ...args]),
  );

  test('lets every bypass and every governed run through to the classifier', () => {
    withDirectory((directory) => {
      mkdirSync(join(directory, 'a'));
      writeFileSync(
        join(directory, 'a/package.json'),
        '{\n  "name": "a",\n  "scripts": {\n    "test": "jest"\n  }\n}\n',
      );
      writeFileSync(
        join(directory, 'package.json'),
        `${JSON.stringify({ name: 'trial', workspaces: ['a'], scripts }, null, 2)}\n`,
      );
      const context: ClassifyContext = {
        cwd: directory,
        packages: createPackageReader(),
        repository: { packageManager: 'npm', governedScriptAt: '.' },
        envPrefix: 'BASESHOP',
      };
      const verdicts = vectors.map((argv) => classifyArgv(argv, context).verdict);
      const calls = vectors.map(([name, ...args]) => [`trial_${name}`, ...args.map(quoted)].join(' '));
      expect(verdicts.filter((verdict) => verdict === 'bypass').length).toBeGreaterThan(vectors.length / 5);
      for (const shell of shimShells) {
        const printed = runGate(shell, trial, calls, directory);
        expect(printed).toHaveLength(vectors.length);
        const missed = vectors.filter(
          (_argv, index) =>
            (verdicts[index] === 'bypass' || verdicts[index] === 'governed') && printed[index] !== '1',
        );
        expect({ shell: shell.name, missed }).toEqual({ shell: shell.name, missed: [] });
      }
    });
  });

  test('tells what a file of node’s is by its name alone as the whole gate does', () => {
    const files = [
      ...[...launchers.keys(), ...scriptLaunchers, ...governorCommands, ...packageManagerFiles],
      ...runners.flatMap((entry) => [...entry.commands, ...entry.mainFiles]),
      ...[
        'npm',
        'npm-cli.js',
        'npx',
        'npx-cli.js',
        'pnpm',
        'pnpm.js',
        'pnpm.cjs',
        'pnpm.mjs',
        'pnpx',
        'pnpx.cjs',
      ],
      ...['yarn', 'yarnpkg', 'yarn.js', 'yarn-4.5.0.cjs', 'yarn.mjs', 'server.js', 'npm.js', '', '.'],
    ].flatMap((name) => [name, `bin/${name}`]);
    const whole = `whole() (
  @p@_guard_suspect=
#@fragment hot-word@

#@fragment hot-argument@

#@fragment package-script@

#@fragment script@

#@fragment npm@

#@fragment pnpm@

#@fragment yarn@

#@fragment node@

  ! @p@_guard_node_is_suspect "$@" || @p@_guard_suspect=1
  echo "\${@p@_guard_suspect:-no}"
)`;
    const calls = (name: string) => files.map((file) => `${name} ${quoted(file)} jest`);
    withDirectory((directory) => {
      for (const shell of shimShells) {
        const printed = runGate(
          shell,
          [trial, whole].join('\n'),
          [...calls('trial_node'), ...calls('whole')],
          directory,
        );
        const byName = printed.slice(0, files.length);
        expect(byName).toEqual(printed.slice(files.length));
        expect(byName.filter((said) => said === '1').length).toBeGreaterThan(files.length / 2);
      }
    });
  });
});
