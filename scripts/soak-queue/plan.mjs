// What happens in a round, drawn from the seed alone: the same seed and round give the same plan.

/** Numbers from a seed (mulberry32, public domain): small, and the same on every machine. */
function createRandom(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    /** A whole number from `from` to `to`, both included. */
    between: (from, to) => from + Math.floor(next() * (to - from + 1)),
    /** True in `share` of all cases. */
    chance: (share) => next() < share,
    pick: (items) => items[Math.floor(next() * items.length)],
  };
}

/** Where the children of a job go that outlive it. Without control groups each of these is found all the same. */
const families = ['none', 'background', 'setsid', 'orphan', 'stubborn'];

/**
 * What is done to a contender. `wrapper` is the governor's own process (or the script that acquired a place), `tests` what it
 * started.
 * @typedef {{ at: number, kind: 'kill-wrapper' | 'kill-all' | 'kill-tests' | 'stop' | 'cancel' | 'SIGTERM' | 'SIGINT' | 'SIGHUP', forMs?: number }} Fault
 */
const faults = ['kill-wrapper', 'kill-all', 'kill-tests', 'SIGTERM', 'SIGINT', 'SIGHUP', 'cancel', 'stop'];

/** How long a contender waits that is not to give up, in milliseconds: longer than a round lasts. */
export const patientMs = 600_000;

/** What is done to the queue's files. */
const damages = ['remove-queue', 'damage-ticket', 'damage-lease', 'remove-ticket', 'foreign-files'];

function planFault(random, offset) {
  const kind = random.pick(faults);
  const at = offset + random.between(0, 600);
  // Longer than the patience with stopped waiters now and then: they are passed over, and draw again.
  return kind === 'stop'
    ? { at, kind, forMs: random.chance(0.08) ? 6000 : random.between(20, 600) }
    : { at, kind };
}

function planContender(random, index, withScripts) {
  const offset = random.between(0, 200);
  return {
    index,
    kind: withScripts && random.chance(0.2) ? 'script' : 'run',
    offset,
    holdMs: random.between(5, 150),
    family: random.pick(families),
    status: random.pick([0, 0, 0, 3]),
    /** Gives up waiting after this time. */
    queueTimeoutMs: random.chance(0.05) ? random.between(100, 1000) : patientMs,
    /** Its run may take so long; 0 for ever. */
    testTimeoutMs: random.chance(0.05) ? random.between(1, 50) : 0,
    faults: random.chance(0.4) ? [planFault(random, offset)] : [],
  };
}

/** The plan of one round. */
export function planRound(seed, round) {
  const random = createRandom(Math.imul(seed, 0x9e3779b1) ^ Math.imul(round + 1, 0x85ebca6b));
  const hits = random.chance(0.15) ? [{ at: random.between(50, 600), kind: random.pick(damages) }] : [];
  // A script's lease has nobody who would put it back when its file is removed or spoilt.
  const withScripts = hits.length === 0;
  const contenders = Array.from({ length: random.between(2, 6) }, (_, index) =>
    planContender(random, index, withScripts),
  );
  return { round, contenders, damages: hits };
}
