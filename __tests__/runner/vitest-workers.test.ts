import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { baseEnvironment, guardedRoot, roomyMachine, runShell } from '../helpers/shell.ts';
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
