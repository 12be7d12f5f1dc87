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
  const lines = [...new Set(fc.sample(commandLine, { numRuns: 6000, seed }))].filter(
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
        const missed = lines.filter((line, index) => {
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
});
