// Whether a contender ended as it may, given what was planned for it and done to it. Pure.
import { patientMs } from './plan.mjs';
import { graceMs } from './stage.mjs';

/** How a contender may end that is hit by a fault, besides what it would have ended with anyway. */
const endings = {
  'kill-wrapper': ['SIGKILL'],
  'kill-all': ['SIGKILL'],
  'kill-tests': [137],
  SIGTERM: ['SIGTERM', 143, 137],
  SIGINT: ['SIGINT', 130],
  SIGHUP: ['SIGHUP', 129, 137],
  cancel: [130],
  stop: [],
};

/** Ways to end without having run that are documented: timed out or cancelled while waiting, ended by a signal, killed. */
const withoutRun = [75, 130, 'SIGKILL', 'SIGTERM', 143, 'SIGINT', 'SIGHUP', 129];

function allowedEndings(contender) {
  const { status, queueTimeoutMs, testTimeoutMs, faults } = contender;
  return [
    status,
    ...(queueTimeoutMs < patientMs ? [75] : []),
    ...(testTimeoutMs > 0 ? [124] : []),
    ...faults.flatMap(({ kind }) => endings[kind]),
  ];
}

/**
 * What is wrong with how a contender ended; null when nothing is.
 * @param contender its plan
 * @param end its exit status, or the name of the signal that ended it
 * @param starts how often its job started
 */
export function judgeContender(contender, end, starts) {
  if (!allowedEndings(contender).includes(end)) return `ended with ${end}`;
  if (starts > 1) return `started ${starts} times`;
  if (starts === 0 && !withoutRun.includes(end)) return `a lost ticket: never started, and ended with ${end}`;
  return null;
}

function compareLeases(a, b) {
  return Number.parseInt(a, 10) - Number.parseInt(b, 10) || (a < b ? -1 : 1);
}

/** The starts of a round that came out of the order of their tickets; only where nobody may have drawn a second one. */
export function findInversions(plan, starts) {
  const isDisturbed =
    plan.damages.length > 0 ||
    plan.contenders.some(({ faults }) => faults.some(({ kind }) => kind === 'stop'));
  if (isDisturbed) return [];
  return starts.filter(({ lease }, at) => at > 0 && compareLeases(starts[at - 1].lease, lease) > 0);
}

/**
 * The longest time for which nobody may hold while somebody waits, in milliseconds: what is documented for what is done in the
 * round, and two seconds for the machine.
 */
export function longestIdleMs(plan) {
  const faults = plan.contenders.flatMap((contender) => contender.faults);
  const damages = plan.damages.map(({ kind }) => kind);
  const kills = faults.filter(({ kind }) => kind === 'kill-wrapper' || kind === 'kill-all').length;
  const isStoppedLong = faults.some(({ kind, forMs }) => kind === 'stop' && forMs > 1000);
  return (
    2000 +
    graceMs +
    // Who has so many before it that died without a word.
    500 * 4 ** kills +
    // A lease that cannot be read is waited for as long as its holder may take to write it anew.
    (damages.includes('damage-lease') ? 11_000 : 0) +
    // A ticket that cannot be read, and the first look at it may be late.
    (damages.includes('damage-ticket') || damages.includes('foreign-files') ? 20_000 : 0) +
    // Who is not the first in line finds late that the line is gone.
    (damages.includes('remove-queue') || damages.includes('remove-ticket') ? 20_000 : 0) +
    // A waiter that stays stopped keeps its place for five seconds, as seen by the one behind it.
    (isStoppedLong ? 20_000 : 0)
  );
}
