import { afterAll, expect, test } from '@jest/globals';
import { supervise } from '../../src/runner/supervise.ts';
import { openTerminal } from '../helpers/shell.ts';
import { scratch } from '../telemetry/support.ts';
import { bundleProgram } from './process-tree/bundle.ts';

const place = scratch();
afterAll(() => place.remove());

test.each([
  ['just before the start of a runner is passed on to it', 'new', 'ended 130'],
  ['when the runner has been started is not: the terminal has told it too', 'started', 'ended 3'],
  [
    'just before a runner that stood ready is started is not: the terminal has told it too',
    'ready',
    'ended 3',
  ],
])('a Ctrl-C that came %s', async (_what, kind, end) => {
  const program = bundleProgram('first-signal', place.path);
  const terminal = openTerminal({ command: process.execPath, args: [program, kind] });
  const [said] = await terminal.waitFor(/foreground .*\./);
  expect(said).toBe(`foreground true, ${end}.`);
});

test('a command that is too long for the system is not started, and the reason is given', async () => {
  const end = await supervise(
    {
      program: { kind: 'native', file: '/bin/sh' },
      args: ['-c', ':', 'x'.repeat(3_000_000)],
      cwd: '/',
      environment: {},
      ready: null,
      timeoutMs: null,
      graceMs: 0,
    },
    {
      onStarted: () => undefined,
      onAsked: () => undefined,
      onEnded: () => undefined,
      endAll: () => Promise.resolve(),
    },
  );
  expect(end).toMatchObject({ kind: 'not-started', reason: expect.stringContaining('E2BIG') });
});
