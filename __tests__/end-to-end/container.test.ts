import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { baseEnvironment, guardedRoot, runShell } from '../helpers/shell.ts';
import { jestSuite, makeWorkspace, type Workspace } from '../helpers/workspace.ts';

/** podman with runc and without systemd: what a hybrid hierarchy of control groups needs. */
const engine = 'podman --cgroup-manager cgroupfs --runtime runc';

/** runc may not raise limits beyond our own. */
const ulimits = '--ulimit nofile=1024:1024 --ulimit nproc=1024:1024 --network none';

const limitTest = `
const { readFileSync } = require('node:fs');
const read = (path) => { try { return readFileSync(path, 'utf8').trim(); } catch { return null; } };
test('has the memory that docker-limits gave', () => {
  const limit = read('/sys/fs/cgroup/memory.max') ?? read('/sys/fs/cgroup/memory/memory.limit_in_bytes');
  expect(Number(limit)).toBe(Number(process.env.EXPECTED_MB) * 1024 * 1024);
});
`;

let home = '';
let root = '';
let workspace: Workspace;
beforeAll(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'container-')));
  root = join(home, 'root');
  // The host's own programs on a bare skeleton of a file system: no image has to be fetched.
  for (const name of ['usr', 'proc', 'sys', 'dev', 'tmp', 'etc', 'run', 'var']) {
    mkdirSync(join(root, name), { recursive: true });
  }
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) symlinkSync(`usr/${name}`, join(root, name));
  workspace = makeWorkspace({
    files: {
      ...jestSuite({ scripts: { 'test:governed': `node ${guardedRoot}/bin/test-governor run` } }),
      'limits.test.js': limitTest,
    },
    link: ['jest'],
  });
  symlinkSync(join(guardedRoot, 'bin/test-governor'), join(workspace.bin, 'test-governor'));
});
afterAll(() => {
  workspace.cleanup();
  rmSync(home, { recursive: true, force: true, maxRetries: 3 });
});

function mounts(): string {
  const directories = ['/usr', guardedRoot, dirname(dirname(process.execPath))];
  return [...new Set(directories)].map((directory) => `--volume ${directory}:${directory}:ro`).join(' ');
}

/** Why no container can be started here; null when one can. */
function obstacle(): string | null {
  const [program = '', ...args] = engine.split(' ');
  const words = [
    'run',
    '--rm',
    ...ulimits.split(' '),
    '--memory=256m',
    '--cpus=1',
    '--volume',
    '/usr:/usr:ro',
  ];
  const { status, stderr, error } = spawnSync(
    program,
    [...args, ...words, '--rootfs', root, '/usr/bin/true'],
    {
      encoding: 'utf8',
    },
  );
  return status === 0 ? null : (error?.message ?? stderr.trim());
}

describe('a container with the limits that docker-limits prints', () => {
  test('runs governed tests inside, with totals and budgets of its own', async () => {
    const why = obstacle();
    if (why !== null) {
      process.stderr.write(
        `\n*** NOT VERIFIED: no container can be started here, so its limits were not read back: ${why}\n`,
      );
      expect(why).not.toBe('');
      return;
    }
    const env = baseEnvironment({
      BASESHOP_MEMORY_BUDGET_PCT: '0.05',
      PATH: `${workspace.bin}:${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
    });
    const printed = execFileSync(join(workspace.bin, 'test-governor'), ['docker-limits', '--json'], {
      env,
      cwd: workspace.path,
      encoding: 'utf8',
    });
    const { memory_budget_mb: budgetMb } = JSON.parse(printed);
    const { status, stdout, stderr } = await runShell({
      shell: join(guardedRoot, 'share/run-ci-docker.sh'),
      args: ['jest'],
      cwd: workspace.path,
      env: {
        ...env,
        CONTAINER_ENGINE: engine,
        CONTAINER_OPTIONS: `${ulimits} ${mounts()} --env EXPECTED_MB=${budgetMb} --env HOME=/tmp --env PATH=${env.PATH}`,
        CONTAINER_IMAGE: `--rootfs ${root}`,
      },
    });
    expect(`${stdout}${stderr}`).toMatch(/Tests: +2 passed/);
    expect(status).toBe(0);
    const inside = execFileSync(
      'sh',
      [
        '-c',
        `${engine} run --rm ${ulimits} --memory=${budgetMb}m --cpus=1 ${mounts()} --rootfs ${root} ${process.execPath} ${guardedRoot}/bin/test-governor docker-limits --json`,
      ],
      { encoding: 'utf8' },
    );
    expect(JSON.parse(inside)).toMatchObject({ total_ram_mb: budgetMb, logical_cpu: 1, cpu_slots_total: 1 });
  });
});
