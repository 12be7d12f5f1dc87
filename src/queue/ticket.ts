import { type Capacity, parseCapacity } from '../admission/budget.ts';
import { isSameProcess, type ProcessIdentity, parseIdentity } from '../process-identity.ts';

/** What a place in the queue is asked for: known before it is drawn, and shown to those who wait behind it. */
export interface TicketRequest {
  /** The process whose death ends the claim: a governed run's supervisor, or the shell that called `queue acquire`. */
  readonly holder: ProcessIdentity;
  /** The process that waits and is woken; the same as the holder for a governed run. */
  readonly waiter: ProcessIdentity;
  /** The intent of a governed run; `script` for a place that a script acquired. */
  readonly class: string;
  /** What runs, without any value of the user's (`jest --ci paths=1`); null when it is not known. */
  readonly signature: string | null;
  readonly cwd: string;
  /** Requested memory in MB; null when nothing was asked for. */
  readonly memoryMb: number | null;
  /** Requested CPU slots. */
  readonly slots: number;
  /** The whole queue to itself (`watch-exclusive`). */
  readonly exclusive: boolean;
  /** What all runs of this queue may take together, as this one was told; null when it was not. */
  readonly capacity: Capacity | null;
  /** How long runs of this signature took, median in milliseconds; null when nothing is known. */
  readonly expectedMs: number | null;
  /** The policy override with which it came. */
  readonly overridesPolicy: boolean;
}

/** A place in the queue. */
export interface Ticket extends TicketRequest {
  readonly id: string;
  /** The last place that was there when this one was drawn; null when it was the only one. */
  readonly after: string | null;
  /** When it was drawn, milliseconds since the epoch. */
  readonly drawnAt: number;
}

/**
 * Why a lease is not counted, takes no room from those who wait, and did not wait itself: the queue was skipped, or it lies within
 * another lease of the same queue, which counts for both.
 */
export type Uncounted = 'overload' | 'ci' | 'nested';

const uncountedReasons: readonly Uncounted[] = ['overload', 'ci', 'nested'];

/** How far a run is held back while the machine is under strain. */
export type ThrottleState =
  | 'none'
  /** Its processes have a lower priority. */
  | 'slowed'
  /** Its processes stand still; its clock, too. */
  | 'frozen'
  /** It is not held back whatever happens: its load checks are off, or it cannot. */
  | 'exempt';

const unusualStates: readonly ThrottleState[] = ['slowed', 'frozen', 'exempt'];

/** A ticket that was admitted: its holder may run. */
export interface Lease extends Ticket {
  /** Milliseconds since the epoch; null for the moment between the admission and its record. */
  readonly admittedAt: number | null;
  readonly uncounted: Uncounted | null;
  /** The ids of the leases that a nested one lies within: it counts as soon as none of them is held any more. */
  readonly within: readonly string[];
  /** The run's own first process; null before it has been started, and for scripts. */
  readonly leader: ProcessIdentity | null;
  /** The control groups made for this run alone. */
  readonly cgroups: readonly string[];
  /** The most memory that the whole run was measured to have, in MB; null before that. */
  readonly measuredMb: number | null;
  readonly throttle: ThrottleState;
}

/** The lease that an admitted ticket becomes. */
export function leaseOf(
  ticket: Ticket,
  admittedAt: number,
  uncounted: Uncounted | null,
  within: readonly string[] = [],
): Lease {
  return {
    ...ticket,
    admittedAt,
    uncounted,
    within,
    leader: null,
    cgroups: [],
    measuredMb: null,
    throttle: 'none',
  };
}

/** True for a place that a script acquired: it is held by the script, and waited for by the command that acquired it. */
export function isScriptPlace({ holder, waiter }: TicketRequest): boolean {
  return !isSameProcess(holder, waiter);
}

/** Digits of the number in an id's file name: names sort as their numbers do. */
const numberWidth = 12;

/** The parts of an id: a number, and 64 random bits that tell this ticket from every other and mark the processes of its run. */
interface IdParts {
  readonly number: number;
  /** Sixteen hex digits. */
  readonly random: string;
}

const lowestTooHigh = 10 ** numberWidth;

/** Asked by way of the number that they are: a line has hundreds of names, and every look at it goes over all of them. */
function isHexHalf(digits: string): boolean {
  const value = Number.parseInt(digits, 16);
  return digits.length === 8 && value >= 0 && value.toString(16).padStart(8, '0') === digits;
}

function partsOf(number: number, random: string): IdParts | null {
  const isNumber = Number.isSafeInteger(number) && number >= 1 && number < lowestTooHigh;
  return isNumber && isHexHalf(random.slice(0, 8)) && isHexHalf(random.slice(8)) ? { number, random } : null;
}

function idFrom({ number, random }: IdParts): string {
  return `${number}-${random}`;
}

function nameFrom({ number, random }: IdParts): string {
  return `${String(number).padStart(numberWidth, '0')}-${random}.json`;
}

/** The parts of `17-0123456789abcdef`; null for what is no id. */
function readId(id: string): IdParts | null {
  const dash = id.indexOf('-');
  const parts = partsOf(Number(id.slice(0, Math.max(0, dash))), id.slice(dash + 1));
  return parts !== null && idFrom(parts) === id ? parts : null;
}

/** The id of the ticket with this number; null when `random` is not 16 hex digits. */
export function makeId(number: number, random: string): string | null {
  const id = `${number}-${random}`;
  return readId(id) === null ? null : id;
}

/** The name of a ticket's file; null for what is no id. */
export function fileName(id: string): string | null {
  const parts = readId(id);
  return parts === null ? null : nameFrom(parts);
}

/** The id that a file name stands for; null for other files. */
export function idOf(name: string): string | null {
  const parts = partsOf(Number(name.slice(0, numberWidth)), name.slice(numberWidth + 1, numberWidth + 17));
  return parts !== null && nameFrom(parts) === name ? idFrom(parts) : null;
}

/** The number in an id, 0 for what is no id. */
export function numberOf(id: string): number {
  return readId(id)?.number ?? 0;
}

/** The order of the queue: by number, and by the random part where two drew the same number at one moment. */
export function compareIds(a: string, b: string): number {
  return numberOf(a) - numberOf(b) || (a < b ? -1 : a > b ? 1 : 0);
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;

function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : null;
  } catch {
    return null;
  }
}

function parseFields(fields: Readonly<Record<string, unknown>>): Ticket | null {
  const holder = parseIdentity(fields.holder);
  const waiter = parseIdentity(fields.waiter);
  const { id, after, drawnAt, signature, cwd, memoryMb, slots, expectedMs } = fields;
  if (!isText(id) || fileName(id) === null || holder === null || waiter === null) return null;
  if (!isText(fields.class) || !isText(cwd) || !isCount(drawnAt) || !isCount(slots)) return null;
  return {
    id,
    holder,
    waiter,
    class: fields.class,
    cwd,
    drawnAt,
    slots,
    after: isText(after) ? after : null,
    signature: isText(signature) ? signature : null,
    memoryMb: isCount(memoryMb) ? memoryMb : null,
    expectedMs: isCount(expectedMs) ? expectedMs : null,
    capacity: parseCapacity(fields.capacity),
    exclusive: fields.exclusive === true,
    overridesPolicy: fields.overridesPolicy === true,
  };
}

/** Reads a ticket's file; null when it is not whole or not one. */
export function parseTicket(text: string): Ticket | null {
  const fields = parseObject(text);
  return fields === null ? null : parseFields(fields);
}

/** Reads a lease's file, also one that still holds the ticket from which it was made; null when it is not one. */
export function parseLease(text: string): Lease | null {
  const fields = parseObject(text);
  const ticket = fields === null ? null : parseFields(fields);
  if (fields === null || ticket === null) return null;
  const { admittedAt, uncounted, within, leader, cgroups, measuredMb, throttle } = fields;
  return {
    ...ticket,
    admittedAt: isCount(admittedAt) ? admittedAt : null,
    uncounted: uncountedReasons.find((reason) => reason === uncounted) ?? null,
    within: Array.isArray(within) ? within.filter(isText) : [],
    leader: parseIdentity(leader),
    cgroups: Array.isArray(cgroups) ? cgroups.filter(isText) : [],
    measuredMb: isCount(measuredMb) ? measuredMb : null,
    throttle: unusualStates.find((state) => state === throttle) ?? 'none',
  };
}
