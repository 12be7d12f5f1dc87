import { isSameProcess, type ProcessIdentity } from '../../process-identity.ts';
import { cgroupPids } from './cgroup.ts';
import type { ProcessRow, ProcessSource } from './process-source.ts';
import { protectedPids } from './protected.ts';
import { isUsableCookie, type RunProcess, runCgroups, type Work } from './work.ts';

/** What a survey looks at. */
export interface SurveyQuestion {
  readonly work: Work;
  /** Processes of the run that were seen earlier. */
  readonly known: Iterable<RunProcess>;
  readonly source: ProcessSource;
  /** The pids to look at; all when absent. Known ones and members of the run's control groups are always looked at. */
  readonly pids?: readonly number[];
}

/** Whether what a survey did not find is not there. */
export type Certainty =
  | 'sure'
  /** A process could not be judged, because it was just becoming another program: look again. */
  | 'unsure'
  /** Not even we ourselves could be seen: `ps` could not run, or no file be opened. */
  | 'blind';

/** What a survey has found. */
export interface Survey {
  /** The processes of the run, oldest first. */
  readonly rows: readonly ProcessRow[];
  readonly certainty: Certainty;
}

/** How many processes are looked at between two pauses: about half a millisecond. */
const rowsPerStep = 25;

function isFromAnotherBoot({ leader }: Work, source: ProcessSource): boolean {
  return (
    leader !== null && leader.bootId !== null && source.bootId !== null && leader.bootId !== source.bootId
  );
}

/** When the run began, in the unit of `ProcessRow.age`: what is older cannot belong to it. */
function beginning({ leader }: Work, source: ProcessSource): number {
  return leader === null || leader.namespace !== source.namespace ? 0 : source.ageOf(leader.startTime);
}

/** Adds to `members` every row that descends from one of them. A child is not older than its parent. */
function addDescendants(
  members: Map<number, ProcessRow>,
  children: ReadonlyMap<number, readonly ProcessRow[]>,
): void {
  const open = [...members.values()];
  for (let parent = open.pop(); parent !== undefined; parent = open.pop()) {
    for (const child of children.get(parent.identity.pid) ?? []) {
      if (child.age >= parent.age && !members.has(child.identity.pid)) {
        members.set(child.identity.pid, child);
        open.push(child);
      }
    }
  }
}

/**
 * Finds the processes of a run: members of its control groups, processes with its cookie in their environment, its
 * leader and earlier seen processes as far as they live, and all that descend from any of these.
 *
 * Ourselves, our ancestors and the first process are never among them, nor is anything that descends from them alone.
 * Yields now and then, so that a caller on an event loop can let others work between the steps.
 */
export function* surveySteps(question: SurveyQuestion): Generator<void, Survey> {
  const { work, source } = question;
  if (isFromAnotherBoot(work, source)) return { rows: [], certainty: 'sure' };
  const pids = question.pids ?? source.pids();
  if (question.pids === undefined && pids.length === 0) return { rows: [], certainty: 'blind' };
  const untouchable = protectedPids(source);
  const began = beginning(work, source);
  const inCgroups = new Set(cgroupPids(runCgroups(work)));
  const seen = new Map<number, ProcessIdentity>();
  for (const { identity } of question.known) seen.set(identity.pid, identity);
  if (work.leader !== null) seen.set(work.leader.pid, work.leader);

  const members = new Map<number, ProcessRow>();
  const others: ProcessRow[] = [];
  const children = new Map<number, ProcessRow[]>();
  const alive = new Set<number>();
  let looks = 0;
  for (const pid of new Set([...pids, ...seen.keys(), ...inCgroups])) {
    if (untouchable.has(pid)) continue;
    if (++looks % rowsPerStep === 0) yield;
    const row = source.row(pid);
    if (row === null) continue;
    alive.add(pid);
    if (row.age < began) continue;
    const earlier = seen.get(pid);
    if (inCgroups.has(pid) || (earlier !== undefined && isSameProcess(earlier, row.identity)))
      members.set(pid, row);
    else others.push(row);
    const siblings = children.get(row.parent);
    if (siblings === undefined) children.set(row.parent, [row]);
    else siblings.push(row);
  }
  addDescendants(members, children);

  let certainty: Certainty = 'sure';
  if (isUsableCookie(work.cookie)) {
    for (const row of others) {
      if (members.has(row.identity.pid)) continue;
      if (++looks % rowsPerStep === 0) yield;
      const carrying = source.carries(row, work.cookie);
      if (carrying === 'yes') members.set(row.identity.pid, row);
      // One whose parent lives, and is no member, is none either. On a busy machine there is always such a one.
      if (carrying === 'undecided' && !alive.has(row.parent)) certainty = 'unsure';
    }
    addDescendants(members, children);
  }
  const rows = [...members.values()].sort((a, b) => a.age - b.age || a.identity.pid - b.identity.pid);
  return { rows, certainty };
}

/** The same in one go. */
export function survey(question: SurveyQuestion): Survey {
  const steps = surveySteps(question);
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done === true) return step.value;
  }
}

/** A row as the rest of the program knows processes. */
export function toRunProcess({ identity, name, parent }: ProcessRow): RunProcess {
  return { identity, name, parent };
}
