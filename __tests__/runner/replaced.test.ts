import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { guardedRoot } from '../helpers/shell.ts';
import { openRunLab, runs, written } from './run-lab.ts';

/** Resolves once what `look` sees holds. */
async function until(look: () => boolean): Promise<void> {
  while (!look()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Starts a governed run from a copy of what is installed. */
function startFromCopy(script: string) {
  const lab = openRunLab();
  lab.runner(script);
  const copy = lab.file('installed');
  mkdirSync(copy);
  for (const name of ['bin', 'dist', 'package.json']) {
    cpSync(join(guardedRoot, name), join(copy, name), {
      recursive: true,
      filter: (file) => !file.endsWith('.cache'),
    });
  }
  const start = () => {
    const child = spawn(join(copy, 'bin/test-governor'), ['run', 'pytest', '--', '-n', '0'], {
      cwd: lab.path,
      env: lab.environment(),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const ended = new Promise<{ status: number | null; stderr: string }>((resolve) => {
      child.on('close', (status) => resolve({ status, stderr }));
    });
    return { pid: child.pid ?? 0, ended };
  };
  return { lab, copy, start };
}

test('a run whose installation is removed under it ends with its own status, and is written down', async () => {
  const { lab, copy, start } = startFromCopy(
    'echo up >"$LAB/up"; while [ ! -e "$LAB/go" ]; do sleep 0.02; done; exit 7',
  );
  const { pid, ended } = start();
  await written(lab.file('up'));
  // What it still needs is loaded right after the start, before it sleeps for the first time.
  const leases = join(lab.state, 'queue/leases');
  await until(() =>
    readdirSync(leases).some((name) => /"leader":\{/.test(readFileSync(join(leases, name), 'utf8'))),
  );
  await until(() => / S /.test(readFileSync(`/proc/${pid}/stat`, 'utf8').split(')')[1] ?? ''));
  rmSync(copy, { recursive: true });
  mkdirSync(lab.file('go'));
  const { status, stderr } = await ended;
  expect(stderr).toBe('');
  expect(status).toBe(7);
  const event = readFileSync(join(lab.state, 'events.jsonl'), 'utf8');
  expect(event).toContain('"exit_code":7');
});

test('a run that half an installation starts is ended at once, and says what is missing', async () => {
  const { lab, copy, start } = startFromCopy('echo $$ >"$LAB/up"; exec sleep 900');
  rmSync(join(copy, 'dist/process-tree-part.cjs'));
  const { status, stderr } = await start().ended;
  expect(status).toBe(1);
  expect(stderr).toContain('process-tree-part.cjs cannot be loaded');
  expect(stderr.split('\n').length).toBeLessThan(4);
  const pid = existsSync(lab.file('up')) ? Number(readFileSync(lab.file('up'), 'utf8')) : null;
  expect(pid !== null && runs(pid)).toBe(false);
});
