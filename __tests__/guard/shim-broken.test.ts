import { chmodSync, cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { baseEnvironment, guardedRoot, runShell, type ShellResult } from '../helpers/shell';
import { installation, shims, temporaryDirectory, toolsDirectory, writeEcho, writeProgram } from './shim-lab';

jest.setTimeout(60_000);

const enforce = { BASESHOP_POLICY_MODE: 'enforce' };

/** Runs `jest one` with the shims of `root` before a jest that says its arguments. */
async function runJest(
  root: string,
  more: Readonly<Record<string, string>> = {},
  nodeDirectories: readonly string[] = [dirname(process.execPath)],
  script = 'jest one',
): Promise<ShellResult> {
  const lab = temporaryDirectory();
  writeEcho(join(lab, 'bin/jest'), 'real');
  writeProgram(join(lab, 'bin/npx'), '#!/bin/sh\n"$@"\n');
  return runShell({
    shell: 'sh',
    script,
    cwd: lab,
    env: baseEnvironment({
      ...enforce,
      ...more,
      PATH: [join(root, 'shims'), join(lab, 'bin'), toolsDirectory(), ...nodeDirectories].join(delimiter),
    }),
  });
}

function sentence(reason: string, name = 'jest'): string {
  return `test-governor: ${reason}, so ${name} runs without a check; "test-governor doctor" says more.\n`;
}

describe('a shim whose guard is broken says so in one sentence, and the command runs', () => {
  test('when there is no build', async () => {
    const root = installation();
    rmSync(join(root, 'dist'), { recursive: true });
    expect(await runJest(root)).toMatchObject({
      status: 0,
      stdout: 'real\none\n',
      stderr: sentence('dist/ask.cjs is not there (npm run build makes it)'),
    });
  });

  test('when there is no node', async () => {
    expect(await runJest(guardedRoot, {}, [])).toMatchObject({
      status: 0,
      stdout: 'real\none\n',
      stderr: sentence('there is no node on PATH to ask with'),
    });
  });

  test.each([
    ['fails', 'process.exitCode = 7;', 7],
    ['is killed', "process.kill(process.pid, 'SIGKILL');", 137],
    ['cannot be parsed', '}', 1],
  ])('when the asker %s', async (_what, text, status) => {
    const root = installation();
    writeFileSync(join(root, 'dist/ask.cjs'), text);
    const result = await runJest(root);
    expect(result).toMatchObject({ status: 0, stdout: 'real\none\n' });
    expect(result.stderr).toContain(sentence(`dist/ask.cjs failed with status ${status}`));
  });

  test('once for all that runs below', async () => {
    const root = installation();
    rmSync(join(root, 'dist'), { recursive: true });
    const result = await runJest(root, {}, [dirname(process.execPath)], 'npx npx jest one');
    expect(result).toMatchObject({
      status: 0,
      stdout: 'real\none\n',
      stderr: sentence('dist/ask.cjs is not there (npm run build makes it)', 'npx'),
    });
  });

  test('also when standard error is closed', async () => {
    const root = installation();
    rmSync(join(root, 'dist'), { recursive: true });
    expect(await runJest(root, {}, [], 'exec jest one 2>&-')).toMatchObject({
      status: 0,
      stdout: 'real\none\n',
    });
  });
});

describe('a shim finds who answers', () => {
  test('behind a link to the shim', async () => {
    const lab = temporaryDirectory();
    mkdirSync(join(lab, 'shims'));
    symlinkSync(join(shims, 'jest'), join(lab, 'far'));
    symlinkSync('../far', join(lab, 'shims/jest'));
    expect(await runJest(lab)).toMatchObject({ status: 126 });
  });

  test('in a directory that is read-only', async () => {
    const root = installation();
    for (const name of ['shims', 'dist']) chmodSync(join(root, name), 0o555);
    expect(await runJest(root)).toMatchObject({ status: 126 });
    for (const name of ['shims', 'dist']) chmodSync(join(root, name), 0o755);
  });

  test('in the package installed above a copy of the shims', async () => {
    const lab = temporaryDirectory();
    cpSync(shims, join(lab, 'tools/guard/shims'), { recursive: true });
    mkdirSync(join(lab, 'node_modules/test-governor'), { recursive: true });
    symlinkSync(join(guardedRoot, 'dist'), join(lab, 'node_modules/test-governor/dist'));
    expect(await runJest(join(lab, 'tools/guard'))).toMatchObject({ status: 126 });
  });

  test('in the guard around it, for a copy of the shims that lies alone', async () => {
    const lab = temporaryDirectory();
    cpSync(shims, join(lab, 'shims'), { recursive: true });
    expect(await runJest(lab, { BASESHOP_GUARD_ROOT: guardedRoot })).toMatchObject({ status: 126 });
  });

  test('with a node that is another manager’s shim and looks through PATH itself', async () => {
    const lab = temporaryDirectory();
    writeProgram(
      join(lab, 'manager/node'),
      `#!/bin/bash
IFS=: read -ra entries <<<"$PATH"
for entry in "\${entries[@]}"; do
  [[ $entry -ef ${join(lab, 'manager')} || ! -x $entry/node ]] || exec "$entry/node" "$@"
done
`,
    );
    const directories = [join(lab, 'manager'), dirname(process.execPath)];
    expect(await runJest(guardedRoot, {}, directories)).toMatchObject({ status: 126 });
  });

  test('and does not hand on to it what the user wants of node', async () => {
    const lab = temporaryDirectory();
    const result = await runJest(guardedRoot, {
      NODE_OPTIONS: '--require /no/such/file.cjs',
      NODE_V8_COVERAGE: join(lab, 'coverage'),
      NODE_EXTRA_CA_CERTS: '/no/such/certificates.pem',
    });
    expect(result).toMatchObject({ status: 126 });
    expect(result.stderr).not.toContain('Cannot find module');
    expect(result.stderr).not.toContain('certificates');
  });
});
