import { describe, expect, jest, test } from '@jest/globals';
import { jestSuite } from '../helpers/workspace.ts';
import { BashLab, bashes, type LabResult } from './bash-lab.ts';

jest.setTimeout(120_000);

const lab = new BashLab();
const failing = new BashLab(jestSuite({ failing: true }));

/** It ran once, was spoken of once, and recorded once, however many layers saw it. */
function expectRanOnce(result: LabResult, outcome: string, message: RegExp): void {
  expect(result.suites).toBe(1);
  expect(result.messages).toEqual([expect.stringMatching(message)]);
  expect(result.events).toEqual([expect.objectContaining({ outcome, layer: 'text' })]);
}

describe.each(bashes)('%s', (_name, bash) => {
  test.each([
    'npx jest',
    'npm test --silent',
    './node_modules/.bin/jest 2>&1 | tail -3',
    'node node_modules/jest/bin/jest.js >out.txt',
    '(cd . && npx jest)',
    'x=$(npx jest 2>&1)',
    'f() { npx jest; }; f',
    'npx jest & wait $!',
    'timeout 100 npx jest',
    'bash -c "npx jest" && true',
    'exec npx jest',
    'command npx jest; true',
    'eval "npx jest" || false',
  ])('warns once, and it runs with its own status: %s', async (script) => {
    const result = await lab.run(script, { bash, mode: 'warn' });
    expectRanOnce(result, 'warned', /test-governor: warning: a raw jest run/);
    expect(result.status).toBe(0);
  });

  test('a failing run keeps its status, through && and ||, and in a pipe with the user’s own pipefail', async () => {
    const script = [
      './node_modules/.bin/jest 2>/dev/null && echo not',
      'echo "s=$?"',
      'set -o pipefail; ./node_modules/.bin/jest 2>&1 | tail -1 >/dev/null || echo "s=$?"',
    ].join('\n');
    const result = await failing.run(script, { bash, mode: 'warn' });
    expect(result.stdout).toBe('s=1\ns=1\n');
    expect(result.messages).toHaveLength(2);
    expect(result.events).toHaveLength(2);
    expect(result.suites).toBe(2);
  });

  test.each([
    'BASESHOP_ALLOW_BYPASS_POLICY=1 ./node_modules/.bin/jest',
    'BASESHOP_POLICY_MODE=warn ./node_modules/.bin/jest',
    'export BASESHOP_POLICY_MODE=off; ./node_modules/.bin/jest',
    'npx() { command npx "$@"; }; export BASESHOP_ALLOW_BYPASS_POLICY=1; npx jest',
  ])('an override is said and recorded once, and becomes a governed run: %s', async (script) => {
    const result = await lab.run(script, { bash });
    expect(result.messages).toEqual([expect.stringMatching(/test-governor: override /)]);
    expect(result.events).toMatchObject([
      { event: 'intercepted', outcome: 'overridden', override_policy_used: true },
      { event: 'run', outcome: 'ended', override_policy_used: true, workers: 2, exit_code: 0 },
    ]);
    expect(result.suites).toBe(1);
    expect(result.status).toBe(0);
  });

  test('an override holds for its own command only', async () => {
    const script =
      'BASESHOP_ALLOW_BYPASS_POLICY=1 ./node_modules/.bin/jest; ./node_modules/.bin/jest; echo "s=$?"';
    const result = await lab.run(`${script}; (./node_modules/.bin/jest); echo "s=$?"`, { bash });
    expect(result.stdout).toBe('s=126\ns=126\n');
    expect(result.events.map((event) => event.outcome)).toEqual([
      'overridden',
      'ended',
      'blocked',
      'blocked',
    ]);
    expect(result.suites).toBe(1);
  });

  test('a decision that is made up, or another command’s, is worth nothing', async () => {
    const made = '0123456789abcdef0123456789abcdef';
    const script = [
      `BASESHOP_GUARD_DECISION=${made} ./node_modules/.bin/jest; echo "s=$?"`,
      `export BASESHOP_GUARD_DECISION=${made}; ./node_modules/.bin/jest; echo "s=$? $BASESHOP_GUARD_DECISION"`,
      'BASESHOP_GUARD_DECISION=../../x npx jest; echo "s=$?"',
    ].join('\n');
    const result = await lab.run(script, { bash });
    expect(result.stdout).toBe(`s=126\ns=126 ${made}\ns=126\n`);
    expect(result.suites).toBe(0);
  });

  test('a shell below a decided command asks nothing again, and its own children neither', async () => {
    const script =
      'BASESHOP_ALLOW_BYPASS_POLICY=1 bash -c "./node_modules/.bin/jest; (./node_modules/.bin/jest)"; npx jest';
    const result = await lab.run(script, { bash });
    expect(result.events.map((event) => event.outcome)).toEqual(['overridden', 'ended', 'blocked']);
    expect(result.messages).toHaveLength(2);
    expect(result.suites).toBe(2);
  });

  test('mode off says and records nothing', async () => {
    const result = await lab.run('./node_modules/.bin/jest 2>/dev/null | tail -1; echo "s=$?"', {
      bash,
      mode: 'off',
    });
    expect(result).toMatchObject({ events: [], messages: [], suites: 1 });
  });
});
