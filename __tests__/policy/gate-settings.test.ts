import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { type GateShell, gateShells, quoted, runGate, withDirectory } from './gate-shells.ts';

/** What the gate must say of each, in every shell and under every setting. */
const answers: readonly (readonly [line: string, answer: 'calm' | 'suspect'])[] = [
  ['ls -la *.txt', 'calm'],
  ['bundle exec rails s', 'calm'],
  ['git commit -m "test(jest): a; b" && git push', 'calm'],
  ["grep -E 'jest|vitest' package.json | head -5", 'calm'],
  ['npm ci', 'calm'],
  ['npm run build', 'calm'],
  ['CI=1 npm run build -- --watch', 'calm'],
  ['yarn build', 'calm'],
  ['npm run 0123', 'calm'],
  ['npx jest', 'suspect'],
  ['npm test', 'suspect'],
  ['npm run check', 'suspect'],
  ['pnpm -r build', 'suspect'],
  ['cd a; npm test', 'suspect'],
  ['echo "$(npx jest)"', 'suspect'],
  ['ls\nnpm test', 'suspect'],
];

const trial = `#@fragment suspect@
trial() {
  if @p@_guard_is_suspect "$1"; then printf '%s\\n' suspect; else printf '%s\\n' calm; fi
}`;

/** Functions of a user by the names of builtins. */
const shadows = [
  'read',
  'return',
  'shift',
  'set',
  'continue',
  'break',
  'unset',
  'eval',
  'echo',
  'test',
  'true',
];
const shadowing = shadows.map((name) => `${name}() { printf 'called %s\\n' ${name}; }`).join('\n');

const settings: Readonly<Record<GateShell['ending'], readonly string[]>> = {
  bash: [
    'set -eu -o pipefail',
    'set -f',
    'set -C',
    'set -k',
    'set -o posix',
    'IFS="0123456789 :=x"',
    'IFS=',
    'shopt -s extglob nullglob',
    'shopt -s failglob dotglob',
    'shopt -s nocaseglob',
    'LC_ALL=C',
    'CDPATH=/',
    'set -T -E',
    `${shadowing}\nfunction [ { printf 'called [\\n'; }`,
    'readonly PWD=/elsewhere',
  ],
  zsh: [
    'setopt err_exit no_unset pipe_fail',
    'setopt warn_create_global',
    'setopt no_glob',
    'setopt extended_glob null_glob',
    'setopt csh_null_glob',
    'setopt ksh_glob sh_glob',
    'setopt ksh_arrays',
    'setopt sh_word_split glob_subst',
    'setopt no_clobber no_multibyte',
    'setopt rc_quotes',
    'setopt magic_equal_subst rc_expand_param',
    'setopt posix_builtins',
    'emulate sh',
    'emulate ksh',
    'IFS="0123456789 :=x"',
    'IFS=',
    'LC_ALL=C',
    shadowing,
    'alias return="print bad" read="print bad" local="print bad"; setopt aliases',
  ],
  sh: ['set -eu', 'set -f', 'set -C', 'IFS="0123456789 :=x"', 'IFS=', 'LC_ALL=C'],
};

const cases = gateShells.flatMap((shell) =>
  settings[shell.ending].map((setting) => ({ name: shell.name, setting, shell })),
);

describe('the gate', () => {
  test.each(cases)('says the same in $name after $setting', ({ setting, shell }) => {
    withDirectory((directory) => {
      const scripts = { build: 'tsc -p .', '0123': 'echo', test: 'jest', check: 'npm test' };
      writeFileSync(join(directory, 'package.json'), `${JSON.stringify({ name: 'x', scripts }, null, 2)}\n`);
      const calls = [setting, ...answers.map(([line]) => `trial ${quoted(line)}`)];
      const printed = runGate(shell, trial, calls, directory);
      expect(Object.fromEntries(answers.map(([line], index) => [line, printed[index]]))).toEqual(
        Object.fromEntries(answers),
      );
    });
  });

  // These two tell of every child, also of one that is only a fork; zsh runs the same text.
  test.each(gateShells.filter(({ name }) => name === 'bash' || name === 'dash'))(
    'forks nothing in $name',
    (shell) => {
      withDirectory((directory) => {
        writeFileSync(
          join(directory, 'package.json'),
          '{\n  "scripts": {\n    "build": "tsc",\n    "test": "jest",\n    "check": "npm test"\n  }\n}\n',
        );
        const calls = [
          "trap 'echo forked' CHLD",
          '( : )',
          ...answers.map(([line]) => `trial ${quoted(line)}`),
        ];
        const printed = runGate(shell, trial, calls, directory);
        expect(printed).toEqual(['forked', ...answers.map(([, answer]) => answer)]);
      });
    },
  );
});
