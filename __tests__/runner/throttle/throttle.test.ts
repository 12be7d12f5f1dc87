import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { readEvents } from '../../helpers/shell.ts';
import { type LabRun, openRunLab, type RunLab, runs, testGovernor, written } from '../run-lab.ts';

/** How a run is made to stand still: by its control group where it has one, and by signals. */
const ways = [{ BASESHOP_CGROUPS: 'on' }, { BASESHOP_CGROUPS: 'off' }];

/** More tasks than `MAX_LOAD` below allows, for seconds only: the load average does not follow so quickly. */
const spinners = 60;
const maxLoad = 30;

let load: ChildProcess | null = null;
function strain(): void {
  load = spawn('nice', ['-n', '19', 'stress-ng', '--cpu', String(spinners), '--timeout', '60', '--quiet'], {
    stdio: 'ignore',
  });
}
async function relax(): Promise<void> {
  if (load === null) return;
  load.kill('SIGTERM');
  await once(load, 'exit');
  load = null;
}
afterEach(relax);

/** Resolves when a run has printed what matches. */
function says({ child }: LabRun, pattern: RegExp): Promise<void> {
  return new Promise((resolve) => {
    let text = '';
    child.stderr?.on('data', (chunk: string) => {
      text += chunk;
      if (pattern.test(text)) resolve();
    });
  });
}

/** A runner that counts in a file of its own for as long as there is no `stop`. */
const counting =
  'n=0; echo $$ >"$LAB/$1.pid"; until test -e "$LAB/stop"; do n=$((n+1)); echo $n >"$LAB/$1.count"; sleep 0.02; done';

const throttled = {
  TEST_THROTTLE_ENABLED: 'true',
  MAX_LOAD: String(maxLoad),
  // Room for two at once, on two cores and more.
  BASESHOP_CPU_SLOT_PCT: '1',
  BASESHOP_KILL_GRACE: '1',
};

async function startPair(
  lab: RunLab,
  way: Readonly<Record<string, string>>,
): Promise<readonly [LabRun, LabRun]> {
  lab.runner(counting);
  const environment = { ...throttled, ...way };
  const older = lab.start({ args: ['older'], environment });
  await written(lab.file('older.count'));
  const younger = lab.start({ args: ['younger'], environment });
  await written(lab.file('younger.count'));
  return [older, younger];
}

function countOf(lab: RunLab, name: string): number {
  return Number(readFileSync(lab.file(`${name}.count`), 'utf8'));
}

function stop(lab: RunLab): void {
  writeFileSync(lab.file('stop'), '');
}

/** An entry of the queue, and not one that is just being written. */
function isLease(name: string): boolean {
  return !name.startsWith('.');
}

async function pause(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** A count once it is written, also where the shell has just emptied the file. */
async function goesOn(lab: RunLab, name: string): Promise<void> {
  const before = countOf(lab, name);
  while (countOf(lab, name) <= before) await pause(20);
}

describe.each(ways)('two runs on a machine under strain (%o)', (way) => {
  const lab = openRunLab();

  test('the younger is slowed, stands still and goes on; the older always runs', async () => {
    const [older, younger] = await startPair(lab, way);
    const slowed = says(younger, /this run goes on with lower priority/);
    const frozen = says(younger, /this run stands still until it has recovered/);
    const thawed = says(younger, /this run goes on/);
    strain();
    await slowed;
    await frozen;
    const { stdout: shown } = spawnSync(testGovernor, ['queue', 'status'], {
      cwd: lab.path,
      env: lab.environment(),
      encoding: 'utf8',
    });
    expect(shown).toContain('; stands still until the machine has recovered');
    const stoodAt = countOf(lab, 'younger');
    await goesOn(lab, 'older');
    await goesOn(lab, 'older');
    expect(countOf(lab, 'younger')).toBe(stoodAt);
    await relax();
    await thawed;
    await goesOn(lab, 'younger');
    stop(lab);
    expect(await older.ended).toMatchObject({ status: 0 });
    const end = await younger.ended;
    expect(end).toMatchObject({ status: 0 });
    const event = readEvents(lab.state).findLast(({ throttled_ms: ms }) => Number(ms) > 0);
    expect(event).toMatchObject({ event: 'run', exit_code: 0 });
  });
});

describe.each(ways)('a frozen run whose supervisor is killed (%o)', (way) => {
  const lab = openRunLab();

  test('is not left standing still', async () => {
    const [older, younger] = await startPair(lab, way);
    const frozen = says(younger, /this run stands still until it has recovered/);
    strain();
    await frozen;
    const pid = Number(await written(lab.file('younger.pid')));
    younger.child.kill('SIGKILL');
    await goesOn(lab, 'younger');
    expect(runs(pid)).toBe(true);
    stop(lab);
    while (runs(pid)) await pause(20);
    expect(await older.ended).toMatchObject({ status: 0 });
  });
});

describe('a frozen run that is asked to end and takes its time', () => {
  const lab = openRunLab();
  // `stop` of the lab ends both.
  const stubborn = `trap '' INT; ${counting}`;

  test('goes on, and nobody waits for its next step', async () => {
    lab.runner(stubborn);
    const older = lab.start({ args: ['older'], environment: throttled });
    await written(lab.file('older.count'));
    const younger = lab.start({ args: ['younger'], environment: throttled });
    await written(lab.file('younger.count'));
    const frozen = says(younger, /this run stands still until it has recovered/);
    strain();
    await frozen;
    younger.child.kill('SIGINT');
    await goesOn(lab, 'younger');
    const leases = join(lab.state, 'queue', 'leases');
    const isExempt = (name: string) => /"throttle":"exempt"/.test(readFileSync(join(leases, name), 'utf8'));
    while (!readdirSync(leases).filter(isLease).some(isExempt)) await pause(20);
    stop(lab);
    expect(await older.ended).toMatchObject({ status: 0 });
    expect(await younger.ended).toMatchObject({ status: 0 });
  });
});

describe('a run on a machine under strain is held back beside a younger one', () => {
  const lab = openRunLab();
  const younger = {
    'whose load checks are off': ['run', 'pytest', '--', 'younger'],
    'that is only a place of a script': ['queue', 'acquire', '--pid', String(process.pid)],
  };

  test.each(Object.entries(younger))('%s', async (_which, words) => {
    lab.runner(counting);
    const older = lab.start({ args: ['older'], environment: throttled });
    await written(lab.file('older.count'));
    const beside = spawn(testGovernor, words, {
      cwd: lab.path,
      env: lab.environment({ ...throttled, TEST_THROTTLE_ENABLED: 'false' }),
      stdio: 'ignore',
    });
    const isBeside = once(beside, 'exit');
    while (readdirSync(join(lab.state, 'queue', 'leases')).length < 2) await pause(20);
    const slowed = says(older, /this run goes on with lower priority/);
    strain();
    await slowed;
    stop(lab);
    expect(await older.ended).toMatchObject({ status: 0 });
    await isBeside;
    rmSync(lab.file('stop'));
    rmSync(lab.file('older.count'));
    rmSync(join(lab.state, 'queue'), { recursive: true });
  });
});
