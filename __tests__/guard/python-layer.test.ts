import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { baseEnvironment, guardedRoot, readEvents, runShell } from '../helpers/shell.ts';
import { makeWorkspace, pytestSuite, type Workspace } from '../helpers/workspace.ts';
import { installation } from './shim-lab.ts';

/** As coverage does it: what it measures runs in its own process. */
const coverage = `import runpy, sys
sys.argv = sys.argv[3:]
runpy.run_module('pytest', run_name='__main__')
`;

let workspace: Workspace;
let state = '';
beforeAll(() => {
  workspace = makeWorkspace({ files: { ...pytestSuite(), 'tools/coverage': coverage } });
  state = join(workspace.path, '.state');
});
afterAll(() => workspace.cleanup());

function environment(mode: string, more: Readonly<Record<string, string>> = {}) {
  const PATH = '/usr/bin:/bin';
  const system = baseEnvironment();
  // node for the question, Debian's Python with its pytest for the tests.
  const path = `${system.PATH?.split(':', 1)[0] ?? ''}:${PATH}`;
  return { ...system, PATH: path, BASESHOP_STATE_DIR: state, BASESHOP_POLICY_MODE: mode, ...more };
}

function guarded(mode: string, script: string, more: Readonly<Record<string, string>> = {}) {
  return runShell({
    shell: join(guardedRoot, 'bin/with-guard'),
    args: ['sh'],
    script,
    cwd: workspace.path,
    env: environment(mode, { TEST_THROTTLE_ENABLED: 'false', ...more }),
  });
}

/** Forms that no text hook and no shim sees: from sh, from a program, by absolute paths. */
const forms = [
  '/usr/bin/python3 -m pytest -q',
  '/usr/bin/python3 -X dev -Wignore -mpytest',
  '/usr/bin/python3 -Wignore::DeprecationWarning -Xcpu_count=2 -bW ignore -m pytest',
  '/usr/bin/pytest -q',
  '/usr/bin/python3 -m cProfile -o /dev/null -m pytest -q',
  '/usr/bin/python3 tools/coverage run -m pytest -q',
  `/usr/bin/python3 -c 'import subprocess, sys; sys.exit(subprocess.call([sys.executable, "-m", "pytest"]))'`,
];

describe('a pytest that only Python itself sees', () => {
  test.each(forms)('%s is blocked with 126 where policy is enforced, and no test runs', async (form) => {
    const before = workspace.runs();
    const { status, stderr } = await guarded('enforce', form);
    expect(stderr).toMatch(/^test-governor: no tests ran\./);
    expect(stderr.match(/no tests ran/g)).toHaveLength(1);
    expect(status).toBe(126);
    expect(workspace.runs()).toBe(before);
  });

  test('is warned of once and recorded once, with its workers, and runs', async () => {
    const before = workspace.runs();
    const events = readEvents(state).length;
    const { status, stderr } = await guarded('warn', '/usr/bin/python3 -m pytest -q -n 2');
    expect(stderr.match(/test-governor: warning:/g)).toHaveLength(1);
    expect(stderr).toContain('run pytest -- -q -n 2');
    expect(status).toBe(0);
    expect(workspace.runs()).toBe(before + 1);
    expect(readEvents(state).slice(events)).toMatchObject([{ outcome: 'warned', layer: 'preload' }]);
  });

  test('that coverage measures goes through the queue with an override, and is measured', async () => {
    const before = workspace.runs();
    const { status } = await guarded(
      'enforce',
      'BASESHOP_ALLOW_BYPASS_POLICY=1 /usr/bin/python3 tools/coverage run -m pytest -q',
    );
    expect(status).toBe(0);
    expect(workspace.runs()).toBe(before + 1);
    expect(readEvents(state).at(-1)).toMatchObject({ event: 'run', override_policy_used: true });
  });

  test('goes through the queue with an override, under its own command line', async () => {
    const { status, stderr } = await guarded(
      'enforce',
      'BASESHOP_ALLOW_BYPASS_POLICY=1 /usr/bin/python3 -m pytest -q',
    );
    expect(stderr).toContain('override BASESHOP_ALLOW_BYPASS_POLICY recorded');
    expect(status).toBe(0);
    expect(readEvents(state).slice(-2)).toMatchObject([
      { event: 'intercepted', outcome: 'overridden', layer: 'preload' },
      { event: 'run', override_policy_used: true, exit_code: 0 },
    ]);
  });

  test('runs without a check, and says so, where what would queue it is not installed', async () => {
    const root = installation();
    rmSync(join(root, 'dist/run-own.cjs'));
    const before = workspace.runs();
    const { status, stderr } = await runShell({
      shell: 'sh',
      script: '/usr/bin/python3 -m pytest -q',
      cwd: workspace.path,
      env: environment('enforce', {
        PYTHONPATH: join(root, 'hooks/python'),
        BASESHOP_ALLOW_BYPASS_POLICY: '1',
      }),
    });
    expect(stderr).toBe(
      'test-governor: dist/run-own.cjs is not there (npm run build makes it), so pytest runs without a check; "test-governor doctor" says more.\n',
    );
    expect(status).toBe(0);
    expect(workspace.runs()).toBe(before + 1);
  });

  test('below a governed run passes', async () => {
    const run = `'${join(guardedRoot, 'bin/test-governor')}' run pytest -- -q -n 1`;
    const { status, stderr } = await guarded('enforce', run);
    expect(stderr).not.toContain('no tests ran');
    expect(status).toBe(0);
  });
});

describe('every other Python', () => {
  test.each([
    `/usr/bin/python3 -c 'print("pytest")'`,
    '/usr/bin/python3 -m pytest --version',
    `/usr/bin/python3 -c 'import sys; print(sys.argv)' -m pytest`,
  ])('%s runs as without the guard', async (script) => {
    const { status, stderr } = await guarded('enforce', script);
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });

  test('has the same path and the sitecustomize of its user, whose failure is the user’s to hear of', async () => {
    const own = join(workspace.path, 'own site');
    mkdirSync(own, { recursive: true });
    writeFileSync(join(own, 'sitecustomize.py'), 'import os\nos.environ["OWN_SITE"] = "loaded"\n');
    const show = `/usr/bin/python3 -c 'import os, sys; print(os.environ.get("OWN_SITE"), sys.path)'`;
    const plain = await runShell({
      shell: 'sh',
      script: show,
      cwd: workspace.path,
      env: environment('enforce', { PYTHONPATH: own }),
    });
    const seen = await guarded('enforce', show, { PYTHONPATH: own });
    expect(seen.stdout).toBe(plain.stdout);
    expect(seen.stdout).toContain('loaded');
    writeFileSync(join(own, 'sitecustomize.py'), 'import no_such_module\n');
    expect((await guarded('enforce', show, { PYTHONPATH: own })).stderr).toContain('no_such_module');
  });
});
