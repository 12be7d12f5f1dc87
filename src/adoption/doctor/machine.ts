import { accessSync, constants, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readLoadAverage } from '../../admission/load.ts';
import { judge, readSignals } from '../../admission/pressure/index.ts';
import { describeSignals } from '../../admission/pressure/level.ts';
import { readVariable } from '../../env.ts';
import { systemReason } from '../../error-code.ts';
import { inspectQueue, type QueuePlace, type QueueScope, scopeFrom } from '../../queue/scope.ts';
import { randomHex } from '../../random-hex.ts';
import { mainWorktree } from '../../repository.ts';
import { areCgroupsEnabled, openRunCgroups, removeRunCgroups } from '../../runner/process-tree/cgroup.ts';
import { chooseState } from '../../state-directory.ts';
import { shellPath } from '../shell-path.ts';
import { type Examination, type Finding, ok } from './finding.ts';

const scopeNames: Readonly<Record<QueueScope, string>> = {
  repo: 'state of the repository',
  machine: 'state of the machine',
};

/** Why a file cannot be written in a directory, found out by writing one; null when it can. */
function writeFault(directory: string): string | null {
  const probe = join(directory, `.doctor-${randomHex(8)}`);
  try {
    // Not empty: an empty file takes no room, and goes onto a full disk.
    writeFileSync(probe, 'x', { flag: 'wx', mode: 0o600 });
    return null;
  } catch (error) {
    return systemReason(error, directory);
  } finally {
    rmSync(probe, { force: true });
  }
}

/** The state directory behind one scope of the queue: telemetry, tickets and leases lie there. */
function stateFinding(place: QueuePlace, isInForce: boolean, { envPrefix }: Examination): Finding {
  const subject = scopeNames[place.scope];
  const broken = (detail: string, mend: string): Finding => ({ subject, health: 'broken', detail, mend });
  switch (place.kind) {
    case 'refused':
      return broken(place.reason, place.mend);
    case 'ok':
      break;
    default:
      return place satisfies never;
  }
  try {
    accessSync(place.state, constants.W_OK | constants.X_OK);
  } catch {
    return broken(`${place.state} cannot be written to`, `chmod u+wx ${shellPath(place.state)}`);
  }
  const fault = writeFault(place.state);
  return fault === null
    ? ok(subject, `${place.state}${isInForce ? ', whose queue is in force here' : ''}`)
    : broken(`nothing can be written in ${place.state}: ${fault}`, chooseState(envPrefix));
}

/** The state directories of both scopes; one where they are the same, as they are outside of any repository. */
function stateFindings(examination: Examination): readonly Finding[] {
  const { environment, envPrefix, cwd } = examination;
  const inForce = scopeFrom(environment, envPrefix);
  const location = { environment, envPrefix, cwd, mainWorktree };
  const ofRepository = inspectQueue(location, 'repo');
  const ofMachine = inspectQueue(location, 'machine');
  const areOne =
    ofRepository.kind === 'ok' && ofMachine.kind === 'ok' && ofRepository.state === ofMachine.state;
  return areOne
    ? [stateFinding(ofMachine, true, examination)]
    : [ofRepository, ofMachine].map((place) => stateFinding(place, place.scope === inForce, examination));
}

function scopeFinding({ environment, envPrefix }: Examination): readonly Finding[] {
  const scope = scopeFrom(environment, envPrefix);
  if (typeof scope === 'string') return [];
  return [
    {
      subject: 'queue scope',
      health: 'broken',
      detail: `${envPrefix}_TEST_LOCK_SCOPE=${scope.unknown} is no scope, and no governed run starts`,
      mend: `export ${envPrefix}_TEST_LOCK_SCOPE=repo (or machine)`,
    },
  ];
}

function pressureFinding(): Finding {
  const subject = 'pressure probe';
  const { level, signals } = judge(null, readSignals());
  return signals.kind === 'measured'
    ? ok(subject, `${level}: ${describeSignals(signals)}`)
    : {
        subject,
        health: 'broken',
        detail: `${signals.probe}: ${signals.reason}; no run starts while the pressure is not known`,
        mend: `make ${signals.probe} readable where the tests run`,
      };
}

function loadFinding(): Finding {
  const subject = 'load probe';
  const load = readLoadAverage();
  return load.kind === 'measured'
    ? ok(subject, `the load average is ${load.average}`)
    : {
        subject,
        health: 'broken',
        detail: `${load.probe}: ${load.reason}`,
        mend: `make ${load.probe} readable, or export TEST_THROTTLE_ENABLED=false`,
      };
}

/** Whether a run can have control groups of its own, found out by making some. */
async function cgroupFinding({ environment, envPrefix }: Examination): Promise<Finding> {
  const subject = 'control groups';
  const off = (detail: string, mend: string | null): Finding => ({ subject, health: 'off', detail, mend });
  if (process.platform !== 'linux') return off('this system has none: runs are known by descent', null);
  if (!areCgroupsEnabled(environment, envPrefix)) {
    return off(
      `${envPrefix}_CGROUPS=${readVariable(environment, envPrefix, 'CGROUPS') ?? ''} turns them off: runs are known by descent`,
      `unset ${envPrefix}_CGROUPS`,
    );
  }
  const made = openRunCgroups(`doctor-${randomHex(8)}`, { enabled: true });
  if (made.length === 0) {
    return off(
      'none can be made here: runs are known by descent, and their memory is read process by process',
      'on a systemd machine, start the agent or shell with: systemd-run --user --scope -p Delegate=yes <command>',
    );
  }
  await removeRunCgroups(made);
  return ok(subject, 'each run gets its own');
}

/** State directories, and the probes that admission asks. */
export async function machineFindings(examination: Examination): Promise<readonly Finding[]> {
  return [
    ...scopeFinding(examination),
    ...stateFindings(examination),
    pressureFinding(),
    loadFinding(),
    await cgroupFinding(examination),
  ];
}
