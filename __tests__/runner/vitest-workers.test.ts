import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { baseEnvironment, guardedRoot, roomyMachine, runShell, type ShellRun } from '../helpers/shell.ts';
import { makeWorkspace, vitestSuite, type Workspace } from '../helpers/workspace.ts';
import { testGovernor } from './run-lab.ts';

let workspace: Workspace;
beforeAll(() => {
  workspace = makeWorkspace({
    files: {
      ...vitestSuite(),
      'vitest.config.mjs': 'export default { test: { minWorkers: 3, maxWorkers: 4 } };',
      'plain.config.mjs': 'export default {};',
    },
    link: ['vitest'],
    git: true,
  });
});
afterAll(() => workspace.cleanup());

function environment(more: Readonly<Record<string, string>> = {}) {
  return baseEnvironment({ ...roomyMachine, BASESHOP_POLICY_MODE: 'enforce', ...more });
}

/** One of several test files: notes when it begins and ends, and is under way long enough for others to begin. */
const slow = `import { appendFileSync } from 'node:fs';
import { test } from 'vitest';
const note = (word) => appendFileSync(process.env.LOG, word + '\\n');
test('takes a while', async () => {
  note('begin');
  await new Promise((resolve) => setTimeout(resolve, 300));
  note('end');
});
`;

describe.each(['forks', 'threads', 'vmThreads'])(
  'a vitest whose settings give the pool %s many workers',
  (pool) => {
    const most = pool === 'forks' ? 'Forks' : 'Threads';
    let one: Workspace;
    beforeAll(() => {
      const names = ['a', 'b', 'c', 'd', 'e', 'f'];
      one = makeWorkspace({
        files: {
          ...Object.fromEntries(names.map((name) => [`${name}.test.mjs`, slow])),
          'package.json': '{ "scripts": { "test": "vitest run" } }',
          'vitest.config.mjs': `export default { test: { pool: '${pool}', poolOptions: { ${pool}: { max${most}: 6, min${most}: 4 } } } };`,
        },
        link: ['vitest'],
        git: true,
      });
    });
    afterAll(() => one.cleanup());

    /** How many test files were under way at once. */
    async function peakOf(
      run: Omit<ShellRun, 'cwd' | 'env'>,
      more: Readonly<Record<string, string>> = {},
    ): Promise<number> {
      const log = join(one.path, 'log');
      rmSync(log, { force: true });
      const { status, stderr } = await runShell({
        ...run,
        cwd: one.path,
        env: environment({ LOG: log, ...more }),
      });
      expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
      let peak = 0;
      let underWay = 0;
      for (const word of readFileSync(log, 'utf8').trim().split('\n')) {
        underWay += word === 'begin' ? 1 : -1;
        peak = Math.max(peak, underWay);
      }
      return peak;
    }

    test('has two of them, whether the run was governed or overridden', async () => {
      expect(await peakOf({ shell: testGovernor, args: ['run', 'vitest'] })).toBeLessThanOrEqual(2);
      const overridden = { shell: `${guardedRoot}/bin/with-guard`, args: ['bash'] };
      for (const script of ['npx vitest run', 'npm test']) {
        const line = `BASESHOP_ALLOW_BYPASS_POLICY=1 ${script}`;
        expect(await peakOf({ ...overridden, script: line })).toBeLessThanOrEqual(2);
      }
    });
  },
);

describe('a vitest whose settings ask for more workers than it is given', () => {
  test.each(['run', 'run --minWorkers=1', 'run --config plain.config.mjs --minWorkers=9'])(
    'runs all the same: %s',
    async (line) => {
      const before = workspace.runs();
      const { status, stderr } = await runShell({
        shell: testGovernor,
        args: ['run', 'vitest', '--', ...line.split(' ')],
        cwd: workspace.path,
        env: environment(),
      });
      expect(stderr).not.toContain('must not conflict');
      expect(status).toBe(0);
      expect(workspace.runs()).toBe(before + 1);
    },
  );

  test.each(['npx vitest run', 'npm test'])('and so does an overridden raw run: %s', async (script) => {
    const before = workspace.runs();
    const { status, stderr } = await runShell({
      shell: `${guardedRoot}/bin/with-guard`,
      args: ['bash'],
      script: `BASESHOP_ALLOW_BYPASS_POLICY=1 ${script}`,
      cwd: workspace.path,
      env: environment(),
    });
    expect(stderr).not.toContain('must not conflict');
    expect(status).toBe(0);
    expect(workspace.runs()).toBe(before + 1);
  });
});
