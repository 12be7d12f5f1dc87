import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, expect, jest, test } from '@jest/globals';
import { type Outcome, runProgram } from '../helpers/checkout';
import { baseEnvironment, guardedRoot } from '../helpers/shell';

// Real programs on a busy machine: patience, which only a failing test uses up.
jest.setTimeout(60_000);

const made: string[] = [];

afterEach(() => {
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true });
});

/** Runs `.ci/run` of a checkout whose `npm cit` is `script`, from another directory. */
function runCI(script: string): Promise<Outcome> {
  const home = mkdtempSync(join(tmpdir(), 'test-governor ci-'));
  made.push(home);
  cpSync(join(guardedRoot, '.ci/run'), join(home, 'checkout/.ci/run'), { recursive: true });
  mkdirSync(join(home, 'bin'));
  writeFileSync(join(home, 'bin/npm'), `#!/bin/sh\n[ "$*" = cit ] || exit 99\nmkdir -p .cache\n${script}\n`, {
    mode: 0o755,
  });
  const env = baseEnvironment({ CI: 'true' });
  return runProgram('bash', [join(home, 'checkout/.ci/run')], {
    cwd: tmpdir(),
    env: { ...env, PATH: join(home, 'bin') + delimiter + env.PATH },
  });
}

const writes = (result: object): string => `echo '${JSON.stringify(result)}' >.cache/jest-result.json`;

test.each([
  ['all pass', `${writes({ numPassedTests: 12, numFailedTests: 0 })}; exit 0`, 0, '12 passed, 0 failed'],
  ['some fail', `${writes({ numPassedTests: 12, numFailedTests: 3 })}; exit 1`, 1, '12 passed, 3 failed'],
  [
    'a test file cannot start',
    `${writes({ numPassedTests: 12, numFailedTests: 0, numRuntimeErrorTestSuites: 1 })}; exit 1`,
    1,
    '12 passed, 1 failed',
  ],
  ['something before the tests fails', 'echo lint >&2; exit 7', 7, '0 passed, 0 failed'],
  [
    'no test ran and npm was content',
    `${writes({ numPassedTests: 0, numFailedTests: 0 })}; exit 0`,
    1,
    '0 passed, 0 failed',
  ],
])('.ci/run ends with the count and the status of npm cit when %s', async (_case, script, status, line) => {
  const outcome = await runCI(`echo output\n${script}`);
  expect(outcome.status).toBe(status);
  expect(outcome.output.split('\n').slice(-2)).toEqual([line, '']);
});

test('.ci/run does not count what an earlier run left behind', async () => {
  const { output } = await runCI('ls .cache; exit 2');
  expect(output).toBe('0 passed, 0 failed\n');
});
