import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import type { Environment } from '../src/env';
import { readProcEnvironment, withoutScrubbing } from '../src/scrubbed';

const above: Readonly<Record<number, Environment>> = {
  10: { PATH: '/bin' },
  20: { TG_GUARD_ROOT: '/guard', TG_POLICY_MODE: 'enforce', TG_STATE_DIR: '/state', OTHER: 'x', TGX_Y: 'z' },
  30: { TG_GUARD_ROOT: '/outer', TG_POLICY_MODE: 'off' },
};
const read = (pid: number): string | null => (above[pid] === undefined ? null : asEntries(above[pid]));

function asEntries(environment: Environment): string {
  return Object.entries(environment)
    .map(([name, value]) => `${name}=${value}\0`)
    .join('');
}

describe('a command whose environment was scrubbed on the way', () => {
  test('has our variables from the nearest ancestor that has them, and no others', () => {
    expect(withoutScrubbing({ PATH: '/bin' }, 'TG', [5, 10, 20, 30], read)).toEqual({
      PATH: '/bin',
      TG_GUARD_ROOT: '/guard',
      TG_POLICY_MODE: 'enforce',
      TG_STATE_DIR: '/state',
    });
  });

  test('keeps what it says itself', () => {
    expect(withoutScrubbing({ TG_POLICY_MODE: 'warn' }, 'TG', [20], read)).toMatchObject({
      TG_POLICY_MODE: 'warn',
      TG_STATE_DIR: '/state',
    });
  });

  test('stays as it is when nobody above it is guarded', () => {
    const environment = { PATH: '/bin' };
    expect(withoutScrubbing(environment, 'TG', [5, 10], read)).toBe(environment);
  });

  test('is left alone when it was not scrubbed', () => {
    const environment = { TG_GUARD_ROOT: '/mine' };
    expect(withoutScrubbing(environment, 'TG', [20, 30], read)).toBe(environment);
  });

  test('is read from the system: a real process tells the environment it was started with', async () => {
    const given = { PATH: '/usr/bin:/bin', LINES: 'one\ntwo', EMPTY: '' };
    const child = spawn('/bin/cat', { env: given, stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdin.write('up');
    await once(child.stdout, 'data');
    expect(readProcEnvironment(child.pid ?? 0)).toEqual(
      process.platform === 'linux' ? asEntries(given) : null,
    );
    child.stdin.end();
    await once(child, 'close');
    expect(readProcEnvironment(child.pid ?? 0)).toBeNull();
  });
});
