import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { baseEnvironment, guardedRoot } from '../helpers/shell.ts';

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'limits é '));
  mkdirSync(join(directory, '.git'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function limits(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(guardedRoot, 'bin/test-governor'), 'docker-limits', ...args],
    { cwd: directory, env: baseEnvironment(environment), encoding: 'utf8' },
  );
  return { status, stdout, stderr };
}

describe('run-ci-docker.sh', () => {
  test('starts no container where the limits are not known', () => {
    const script = join(guardedRoot, 'share/run-ci-docker.sh');
    mkdirSync(join(directory, 'node_modules/.bin'), { recursive: true });
    symlinkSync(join(guardedRoot, 'bin/test-governor'), join(directory, 'node_modules/.bin/test-governor'));
    const start = (budget: string) =>
      spawnSync('bash', [script, 'jest'], {
        cwd: directory,
        env: baseEnvironment({ BASESHOP_MEMORY_BUDGET_PCT: budget, CONTAINER_ENGINE: 'echo engine' }),
        encoding: 'utf8',
      });
    expect(start('0.5')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^engine run --rm --cpus=\d+ --memory=\d+m .* test:governed -- jest\n$/),
    });
    expect(start('60%')).toMatchObject({ status: 64, stdout: '' });
  });
});

describe('docker-limits', () => {
  test('prints the options of docker run, from the budgets', () => {
    const { total_ram_mb: ram, logical_cpu: cpus } = JSON.parse(limits(['--json']).stdout);
    const half = limits([], { BASESHOP_MEMORY_BUDGET_PCT: '0.5', BASESHOP_CPU_SLOT_PCT: '1' });
    expect(half).toEqual({
      status: 0,
      stdout: `--cpus=${cpus} --memory=${Math.floor(ram / 2)}m\n`,
      stderr: '',
    });
  });

  test('prints them for a compose file', () => {
    const { cpus, memory } = JSON.parse(limits(['--json']).stdout);
    expect(limits(['--compose']).stdout).toBe(
      `deploy:\n  resources:\n    limits:\n      cpus: '${cpus}'\n      memory: ${memory}\n`,
    );
  });

  test('prints budgets and totals as JSON', () => {
    const parsed = JSON.parse(limits(['--json']).stdout);
    expect(parsed).toEqual({
      cpus: parsed.cpu_slots_total,
      memory: `${parsed.memory_budget_mb}m`,
      memory_budget_mb: Math.floor(parsed.total_ram_mb * 0.6),
      cpu_slots_total: expect.any(Number),
      total_ram_mb: expect.any(Number),
      logical_cpu: expect.any(Number),
    });
  });

  test('refuses what is no share with status 64, an invalid config with 78, and both forms at once', () => {
    const refused = limits([], { BASESHOP_MEMORY_BUDGET_PCT: '60' });
    expect(refused).toMatchObject({ status: 64, stdout: '' });
    expect(refused.stderr).toContain(
      'BASESHOP_MEMORY_BUDGET_PCT=60: expected a number above 0 and at most 1',
    );
    expect(limits(['--json', '--compose'])).toMatchObject({ status: 64, stdout: '' });
    writeFileSync(join(directory, 'test-governor.config.json'), '{"cpuSlotPct":70}');
    const invalid = limits([]);
    rmSync(join(directory, 'test-governor.config.json'));
    expect(invalid).toMatchObject({ status: 78, stdout: '' });
    expect(invalid.stderr).toContain('at /cpuSlotPct: expected a number of at most 1');
  });
});
