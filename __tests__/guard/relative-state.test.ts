import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { baseEnvironment, guardedRoot, quote, readEvents, runShell } from '../helpers/shell';
import { jestSuite, makeWorkspace, type Workspace } from '../helpers/workspace';
import { withGuard } from './shim-lab';

jest.setTimeout(60_000);

const source = `. ${quote(join(guardedRoot, 'hooks/guarded.sh'))}`;
const show = 'printenv BASESHOP_STATE_DIR';
const made: Workspace[] = [];

afterEach(() => {
  for (const one of made.splice(0)) one.cleanup();
});

function workspace(): Workspace {
  const one = makeWorkspace({ files: jestSuite(), link: ['jest'], git: true });
  made.push(one);
  mkdirSync(join(one.path, 'below'));
  return one;
}

const guardings: Readonly<Record<string, readonly [string, ...string[]]>> = {
  'with-guard, bash': [withGuard, 'bash', '-c'],
  'the hook, zsh': ['zsh', '-f', '-c', `${source}; eval "$1"`, 'zsh'],
};

describe('a state directory that is given relative to here', () => {
  test.concurrent.each(Object.entries(guardings))(
    'stays here after a cd, and one command is still one message and one event: %s',
    async (_name, [shell, ...args]) => {
      const { path, runs } = workspace();
      const result = await runShell({
        shell,
        args: [...args, 'cd below && npx jest'],
        cwd: path,
        env: baseEnvironment({ BASESHOP_STATE_DIR: 'my state' }),
      });
      expect(result.stderr.match(/test-governor: warning/g)).toHaveLength(1);
      expect(readEvents(join(path, 'my state'))).toHaveLength(1);
      expect(existsSync(join(path, 'below', 'my state'))).toBe(false);
      expect(runs()).toBe(1);
    },
  );

  test.concurrent.each([
    ['bash', []],
    ['zsh', ['-f']],
  ] as const)('is given back by guard_off, in %s', async (shell, args) => {
    const { path } = workspace();
    const script = `${source}; cd below; ${show}; guard_off; ${show}`;
    const env = baseEnvironment({ BASESHOP_STATE_DIR: 'state' });
    const { stdout } = await runShell({ shell, args, script, cwd: path, env });
    expect(stdout).toBe(`${join(path, 'state')}\nstate\n`);
  });

  test('is no matter of with-guard when it is absolute or not there', async () => {
    const env = { BASESHOP_STATE_DIR: '/var/tmp/some state' };
    const given = await runShell({
      shell: withGuard,
      args: ['sh'],
      script: show,
      env: baseEnvironment(env),
    });
    expect(given.stdout).toBe('/var/tmp/some state\n');
    const none = await runShell({ shell: withGuard, args: ['sh'], script: show, env: baseEnvironment() });
    expect(none.stdout).toBe('');
  });
});
