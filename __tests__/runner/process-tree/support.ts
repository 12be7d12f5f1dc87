import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identify, isAlive, type ProcessIdentity } from '../../../src/process-identity.ts';
import { readText } from '../../../src/repository.ts';
import { openRunCgroups, removeRunCgroups } from '../../../src/runner/process-tree/cgroup.ts';
import { enterRunCgroups } from '../../../src/runner/process-tree/cgroup-enter.ts';
import { endWork } from '../../../src/runner/process-tree/end.ts';
import { runCgroups, type Work } from '../../../src/runner/process-tree/work.ts';

/** How a run's processes are held together: by control groups, or by what there is without them. */
export type Mode = 'cgroups' | 'fallback';

/** A cookie as leases have them. */
export function newCookie(): string {
  return randomBytes(8).toString('hex');
}

function canMakeGroups(): boolean {
  const made = openRunCgroups(newCookie(), { enabled: true });
  const canKill = made.some((directory) => existsSync(join(directory, 'cgroup.kill')));
  for (const directory of made) rmdirSync(directory);
  return canKill;
}

/** Both modes where control groups can be made, else the one that this machine has. */
export const modes: readonly Mode[] = canMakeGroups() ? ['cgroups', 'fallback'] : ['fallback'];

/** Asks again every few milliseconds until there is an answer; fails shortly before the test's own time is up. */
export async function until<T>(ask: () => T | null | undefined | false): Promise<T> {
  const deadline = performance.now() + 50_000;
  while (performance.now() < deadline) {
    const answer = ask();
    if (answer !== null && answer !== undefined && answer !== false) return answer;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`waited in vain until ${ask}`);
}

/** The identity of a process that must be there. */
export function identityOf(pid: number): ProcessIdentity {
  const identity = identify(pid);
  if (identity === null) throw new Error(`process ${pid} is not there`);
  return identity;
}

/** A run that a test has started. */
export interface TestRun {
  readonly work: Work;
  readonly child: ChildProcess;
  readonly directory: string;
  /** The process that wrote its pid into the file `name` of the run's directory. */
  readonly process: (name: string) => Promise<ProcessIdentity>;
}

interface StartedRun extends TestRun {
  readonly remove: () => void;
}

const started: StartedRun[] = [];

/** What `sh` does first in a run: `mark NAME` writes its own pid, and becomes the program that follows. */
const prelude = `D=$1; mark='echo $$ >"$1/$2"; shift 2; exec "$@"'; read _;`;

/**
 * Starts `script` in sh as the leader of a run; it begins once the leader is in the run's groups. In the script,
 * `$D` is a directory of its own, and `sh -c "$mark" x "$D" NAME PROGRAM…` starts a program whose pid is written
 * into the file NAME.
 */
export async function startRun(script: string, mode: Mode): Promise<TestRun> {
  const directory = mkdtempSync(join(tmpdir(), 'process-tree-'));
  const cookie = newCookie();
  const cgroups = openRunCgroups(cookie, { enabled: mode === 'cgroups' });
  const child = spawn('sh', ['-c', prelude + script, 'sh', directory], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { PATH: process.env.PATH, BASESHOP_GOVERNED_LEASE: cookie },
  });
  child.stdin?.on('error', () => undefined);
  const leader = identityOf(child.pid ?? 0);
  const work = await enterRunCgroups({ cookie, leader, cgroups });
  child.stdin?.write('\n');
  const run: StartedRun = {
    work,
    child,
    directory,
    remove: () => rmSync(directory, { recursive: true, force: true }),
    process: async (name) => {
      const text = await until(() => readText(join(directory, name))?.trim() || null);
      // It has become the program that it was to become.
      await until(() => !(readText(`/proc/${text}/cmdline`) ?? '').includes('exec "$@"'));
      return identityOf(Number(text));
    },
  };
  started.push(run);
  return run;
}

/** Ends what a test's runs have left, and removes their groups and directories. */
export async function cleanUp(...known: readonly ProcessIdentity[]): Promise<void> {
  for (const identity of known) if (isAlive(identity)) process.kill(identity.pid, 'SIGKILL');
  for (const { work, remove } of started.splice(0)) {
    await endWork(work, { graceMs: 0 });
    await removeRunCgroups(runCgroups(work));
    remove();
  }
}

/** Waits for the end of a run's leader. */
export async function leaderEnd({ child }: TestRun): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

/** The processes of the escape tree, by the way in which they get away. */
export const escapes = ['foreground', 'background', 'setsid', 'double-fork', 'orphan', 'scrubbed'] as const;

/** A tree whose processes get away from their parent in every known way; the leader waits for the foreground one. */
export const escapeTree = `
  sh -c "$mark" x "$D" background sleep 900 &
  setsid sh -c "$mark" x "$D" setsid sleep 900 &
  (setsid sh -c "$mark" x "$D" double-fork sleep 900 &)
  (sh -c "$mark" x "$D" orphan sleep 900 &)
  (setsid env -i /bin/sh -c "$mark" x "$D" scrubbed /bin/sleep 900 &)
  sh -c "$mark" x "$D" foreground sleep 900; true
`;

/** Starts the escape tree and waits until all of it is there. */
export async function startEscapeTree(mode: Mode) {
  const run = await startRun(escapeTree, mode);
  const entries = await Promise.all(
    escapes.map(async (name): Promise<readonly [string, ProcessIdentity]> => [name, await run.process(name)]),
  );
  return { ...run, processes: new Map(entries) };
}

/** The names of those processes that are alive. */
export function survivors(processes: ReadonlyMap<string, ProcessIdentity>): readonly string[] {
  return [...processes].filter(([, identity]) => isAlive(identity)).map(([name]) => name);
}
