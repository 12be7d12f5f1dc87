import { type ChildProcess, spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import type { FreezeReport } from '../process-tree/freeze.ts';

/** Lets frozen processes go on when their supervisor dies. */
export interface Guardian {
  /** The supervisor lets them go on itself: the guardian ends. */
  dismiss(): void;
}

/**
 * What the guardian runs: it reads from a pipe that only the supervisor holds open, so the read ends when the supervisor does,
 * even by kill -9. Then the groups are thawed and the pids continued, unless it was told that all is well.
 */
const script = `
trap '' INT TERM HUP QUIT TSTP
groups=$1
shift
read -r word
[ "$word" = done ] && exit 0
IFS='
'
for group in $groups; do
  [ -w "$group/cgroup.freeze" ] && echo 0 >"$group/cgroup.freeze"
done
[ "$#" -eq 0 ] || kill -CONT "$@" 2>/dev/null
exit 0
`;

/**
 * Starts a guardian for what was just frozen. A frozen run whose supervisor was killed would stand still until somebody reclaims
 * it, and on a quiet machine nobody comes. It is there only while the run is frozen.
 */
export function guardFrozen(report: FreezeReport): Guardian {
  const pids = report.stopped.map(({ identity }) => String(identity.pid));
  let child: ChildProcess;
  try {
    child = spawn('/bin/sh', ['-c', script, 'test-governor', report.cgroups.join('\n'), ...pids], {
      stdio: ['pipe', 'ignore', 'ignore'],
      // Out of the terminal's group: Ctrl-Z must not stop it.
      detached: true,
    });
  } catch {
    // No process to be had: the run is thawed by its supervisor, or by who reclaims it.
    return { dismiss: () => undefined };
  }
  child.on('error', () => undefined);
  // For want of descriptors node gives a process that could not be made no streams at all.
  const pipe: Writable | null | undefined = child.stdin;
  pipe?.on('error', () => undefined);
  child.unref();
  return {
    dismiss() {
      pipe?.end('done\n');
    },
  };
}
