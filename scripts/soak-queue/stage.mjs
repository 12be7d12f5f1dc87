// Where the contenders meet: a state directory, a workspace whose runner is a small shell script, and the script that acquires
// a place by itself.
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const governor = join(root, 'bin', 'test-governor');

/**
 * The job. It locks a witness as long as anything of it lives: the kernel gives the lock back when the last process that has
 * inherited it is gone, so a second job that cannot have it is a second holder, whatever the queue believes.
 */
const witness = `
exec 9>>"$SOAK_DIR/witness"
flock -n 9 || echo "overlap $1 $$ $lease" >>"$SOAK_DIR/log"
echo "start $1 $$ $lease" >>"$SOAK_DIR/log"
`;

const job = `#!/bin/sh
# job <contender> <seconds> <family> <status>
lease=$BASESHOP_GOVERNED_LEASE
${witness}
case $3 in
background) sleep 60 & ;;
setsid) setsid sleep 60 & ;;
orphan) (setsid sleep 60 &) ;;
stubborn) trap '' TERM HUP ;;
esac
sleep "$2"
echo "end $1 $$ $lease" >>"$SOAK_DIR/log"
exit "$4"
`;

const script = `#!/bin/sh
# script <contender> <seconds> <family> <status>
ticket=$("$SOAK_GOVERNOR" queue acquire --pid $$) || exit $?
lease=\${ticket#*'"id":"'}
lease=\${lease%%'"'*}
${witness}
sleep "$2" 9>&-
echo "end $1 $$ $lease" >>"$SOAK_DIR/log"
exec 9>&-
"$SOAK_GOVERNOR" queue release "$lease" || exit 99
exit "$4"
`;

/** Grace between SIGTERM and SIGKILL, in milliseconds: short, so that many rounds are quick. */
export const graceMs = 200;

/** Makes a stage of its own. */
export function setStage() {
  const directory = mkdtempSync(join(tmpdir(), 'test-governor-soak-'));
  const workspace = join(directory, 'workspace');
  const bin = join(workspace, '.venv', 'bin');
  mkdirSync(bin, { recursive: true });
  mkdirSync(join(directory, 'output'));
  writeFileSync(join(bin, 'pytest'), job, { mode: 0o755 });
  writeFileSync(join(directory, 'script'), script, { mode: 0o755 });
  writeFileSync(join(directory, 'log'), '');
  writeFileSync(join(directory, 'witness'), '');
  const state = join(directory, 'state');
  mkdirSync(state, { mode: 0o700 });
  const { PATH, HOME, BASESHOP_CGROUPS } = process.env;
  const environment = {
    PATH,
    HOME,
    SOAK_DIR: directory,
    SOAK_GOVERNOR: governor,
    BASESHOP_STATE_DIR: state,
    BASESHOP_KILL_GRACE: String(graceMs / 1000),
    // One run at a time, on a machine of any size and under any load: this is about the queue.
    BASESHOP_CPU_SLOT_PCT: '0.0001',
    TEST_THROTTLE_ENABLED: 'false',
    ...(BASESHOP_CGROUPS === undefined ? {} : { BASESHOP_CGROUPS }),
  };
  return { directory, workspace, state, queue: join(state, 'queue'), environment };
}

/** Starts a contender of a plan; what it prints goes into a file of its own. */
export function startContender(stage, round, contender) {
  const { index, kind, holdMs, family, status, queueTimeoutMs, testTimeoutMs } = contender;
  const name = `${round}.${index}`;
  const output = openSync(join(stage.directory, 'output', name), 'w');
  const words = [name, String(holdMs / 1000), family, String(status)];
  const [file, args] =
    // With -n no Python is asked for its workers: the job is none.
    kind === 'run'
      ? [governor, ['run', 'pytest', '--', ...words, '-n', '0']]
      : [join(stage.directory, 'script'), words];
  const child = spawn(file, args, {
    cwd: stage.workspace,
    env: {
      ...stage.environment,
      BASESHOP_QUEUE_TIMEOUT: String(queueTimeoutMs / 1000),
      BASESHOP_TEST_TIMEOUT: String(testTimeoutMs / 1000),
    },
    stdio: ['ignore', output, output],
    // A group of its own: what hits it must not hit this program.
    detached: true,
  });
  closeSync(output);
  return { name, child };
}

/** Asks the governor to cancel a waiting ticket. */
export function cancelTicket(stage, id) {
  return new Promise((resolve) => {
    const child = spawn(governor, ['queue', 'cancel', id], {
      cwd: stage.workspace,
      env: stage.environment,
      stdio: 'ignore',
    });
    child.on('error', () => resolve());
    child.on('exit', () => resolve());
  });
}
