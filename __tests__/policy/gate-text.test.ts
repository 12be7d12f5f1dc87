// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the strings are shell text
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createPackageReader } from '../../src/packages.ts';
import { classify } from '../../src/policy/classify.ts';
import { isSuspect } from '../../src/policy/gate.ts';
import type { ClassifyContext } from '../../src/policy/verdict.ts';
import { commandLine, scripts } from './gate-lines.ts';
import { gateShells, quoted, runGate, withDirectory } from './gate-shells.ts';

/** Prints one line a call: what the inline alternation says, the text function, and the whole gate. */
const trial = `#@fragment suspect@
trial() {
  inline=- text=- whole=-
  case $1 in
    @gate:text@) inline=suspect ;;
  esac
  if @p@_guard_text_is_suspect "$1"; then text=suspect; fi
  if @p@_guard_is_suspect "$1"; then whole=suspect; fi
  echo "$inline $text $whole"
}`;

const seed = Number(process.env.TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));

describe(`the gate for raw text (TEST_SEED=${seed})`, () => {
  const lines = [...new Set(fc.sample(fc.noBias(commandLine), { numRuns: 4000, seed }))].filter(
    (line) => !line.includes('\0'),
  );

  test('lets every bypass and every governed run through, in real shells, and agrees with its twin', () => {
    withDirectory((directory) => {
      writeFileSync(
        join(directory, 'package.json'),
        `${JSON.stringify({ name: 'trial', scripts }, null, 2)}\n`,
      );
      const context: ClassifyContext = {
        cwd: directory,
        packages: createPackageReader(),
        repository: { packageManager: 'npm', governedScriptAt: '.' },
        envPrefix: 'BASESHOP',
      };
      const verdicts = lines.map((line) => classify(line, context).verdict);
      for (const shell of gateShells) {
        const printed = runGate(
          shell,
          trial,
          lines.map((line) => `trial ${quoted(line)}`),
          directory,
        );
        expect(printed).toHaveLength(lines.length);
        const missed = lines.filter((_line, index) => {
          const mustPass = verdicts[index] === 'bypass' || verdicts[index] === 'governed';
          return mustPass && printed[index] !== 'suspect suspect suspect';
        });
        expect({ shell: shell.name, missed }).toEqual({ shell: shell.name, missed: [] });
        const apart = lines.filter(
          (line, index) => (printed[index]?.split(' ')[1] === 'suspect') !== isSuspect(line),
        );
        expect({ shell: shell.name, apart }).toEqual({ shell: shell.name, apart: [] });
      }
    });
  });

  /** Quotes and separators where they do not mean what a careless reader takes them for; a calm command comes first in each. */
  const traps = [
    "echo \\'; npm test \\'",
    'echo \\"; npm test \\"',
    'echo "\\""; npm test; echo "\\""',
    "# don't\nnpm test\n# can't",
    "ls # don't\nnpm test # can't",
    "cat <<ls\nls don't\nls\nnpm test\ncat <<ls\nls can't\nls",
    'echo "${x:-"\'"}" ; npm test ; echo "${x:-"\'"}"',
    'echo "$(npm test)"',
    'echo "`npm test`"',
    'echo "${x:-$(npm test)}"',
    'ls ${ npm test }',
    'ls "${ npm test; }"',
    'cat <(npm test)',
    "echo 'a'$(npm test)",
    'ls\nnpm test',
    'ls&npm test',
    'ls|npm test',
    'ls;npm test',
    'ls &&npm test',
    'echo npm | sh -c "$(cat) test"',
    'git commit -m x; git bisect run npm test',
    "git'' status; npm test",
    "ec''ho; npm test",
    "'echo' jest; 'npm' test",
    `${'true;'.repeat(40)}npm test`,
    `echo ${"'a' ".repeat(40)}; npm test`,
    'npm test',
    ' npm test',
    '\tnpm test',
    'npm\ttest',
    '/usr/bin/npm test',
    'A=npm\n$A test',
    'cd a && npm test',
    'npm install && npm test',
    'npm i; npm t',
    'npm it',
    'yarn add jest && yarn jest',
    'export A=1; npm test',
    'test -f x || npm test',
    '[ -f x ] && npm test',
  ];
  test.each(gateShells)('$name is not misled by quotes and separators', (shell) => {
    const calls = traps.map((line) => `trial ${quoted(line)}`);
    const printed = withDirectory((directory) => runGate(shell, trial, calls, directory));
    expect(traps.filter((_line, index) => printed[index] !== 'suspect suspect suspect')).toEqual([]);
    expect(traps.filter((line) => !isSuspect(line))).toEqual([]);
  });

  test.each(gateShells)('$name decides a megabyte of text', (shell) => {
    const calm = 'trial "git commit -m \'$long npm test\'"';
    const calls = [
      "long='npm run build; echo bundle '",
      'i=0; while [ $i -lt 15 ]; do long=$long$long; i=$((i+1)); done',
      calm,
      'trial "$long"',
    ];
    const printed = withDirectory((directory) => runGate(shell, trial, calls, directory));
    expect(printed).toEqual(['suspect suspect suspect', 'suspect suspect suspect']);
  });
});
