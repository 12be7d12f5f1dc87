import { escapeForTerminal } from '../escape.ts';
import type { ModeInForce } from '../mode.ts';
import type { Classification, Form } from '../policy/verdict.ts';

/** How long a shown command line may be, in characters, before its middle is left out. */
const shownLength = 160;

/** The text without its middle, when it is too long to be read. */
export function shorten(text: string): string {
  if (text.length <= shownLength) return text;
  const half = (shownLength - 5) / 2;
  return `${text.slice(0, Math.ceil(half))} ... ${text.slice(-Math.floor(half))}`;
}

const formWords: Readonly<Record<Form, string>> = {
  bare: 'by its own name',
  npx: 'through npx',
  'npm-exec': 'through npm exec',
  'pnpm-exec': 'through pnpm',
  'pnpm-dlx': 'through pnpm dlx',
  yarn: 'through yarn',
  bunx: 'through bun',
  'node-path': 'through node',
  'bin-path': 'by its path',
  'python-module': 'through python -m',
  uv: 'through uv',
  'package-script': 'through a package script',
  'turbo-unscoped': 'over the whole workspace, without a scope and a concurrency cap',
  'turbo-scoped': 'with a scope and a concurrency cap',
  governed: 'through the governor',
};

/** What a message speaks about. */
export interface Subject {
  /** The command line as it was seen. */
  readonly shown: string;
  readonly classification: Classification;
  readonly mode: ModeInForce;
  readonly envPrefix: string;
  /**
   * The package for which the replacement is spelled, relative to the workspace; null at its top. A `cd` on the line itself has
   * often led there, and the reader stands elsewhere.
   */
  readonly place: string | null;
}

/** Text with or without colour. */
export type Paint = (style: 'strong' | 'good', text: string) => string;

/** Leaves text as it is. */
export const plain: Paint = (_style, text) => text;

/** Colours text for a terminal. */
export const coloured: Paint = (style, text) =>
  style === 'strong' ? `\u001b[1;31m${text}\u001b[0m` : `\u001b[1;32m${text}\u001b[0m`;

function whereModeComesFrom(subject: Subject): string {
  switch (subject.mode.source) {
    case 'environment':
      return `${subject.envPrefix}_POLICY_MODE=${subject.mode.mode}`;
    case 'shell':
      return `this shell was guarded with mode ${subject.mode.mode}`;
    case 'config':
      return `test-governor.config.json, mode ${subject.mode.mode}`;
    case 'default':
      return `mode ${subject.mode.mode}`;
    default:
      return subject.mode.source satisfies never;
  }
}

/** What a raw run is, in words: `a raw jest run, started through npx`. */
export function describeRawRun({ runner, form }: Pick<Classification, 'runner' | 'form'>): string {
  const how = form === null ? '' : `, started ${formWords[form]}`;
  return `a raw ${runner ?? 'test'} run${how}`;
}

function replacementOf({ classification }: Subject): string {
  const fallback = `npm run test:governed -- ${classification.intent ?? classification.runner ?? 'jest'}`;
  return escapeForTerminal(classification.replacement ?? fallback);
}

function runInstead(subject: Subject, paint: Paint): string {
  const where = subject.place === null ? '' : `, in ${escapeForTerminal(subject.place)}`;
  return `  Run this instead${where}: ${paint('good', replacementOf(subject))}`;
}

/** The lines for a blocked command. The first says that no tests ran: some clients show a model nothing else. */
export function blockedMessage(subject: Subject, paint: Paint): readonly string[] {
  const shown = escapeForTerminal(shorten(subject.shown));
  return [
    `${paint('strong', 'test-governor: no tests ran.')} Blocked (${whereModeComesFrom(subject)}): ${shown}`,
    `  Seen: ${describeRawRun(subject.classification)}. Raw runs share no queue: a few at once starve each other and fail for want of time.`,
    runInstead(subject, paint),
  ];
}

/** The lines for a command that is only warned about. */
export function warningMessage(subject: Subject, paint: Paint): readonly string[] {
  const shown = escapeForTerminal(shorten(subject.shown));
  return [
    `${paint('strong', 'test-governor: warning:')} ${describeRawRun(subject.classification)}: ${shown}`,
    '  It runs now, outside the queue. Raw runs side by side starve each other and fail for want of time.',
    runInstead(subject, paint),
  ];
}

/** What becomes of a command that runs because of an override. */
export type Fate =
  /** It takes its turn in the queue. */
  | 'queued'
  /** Its override skips the queue. */
  | 'unqueued'
  /** There is no queue in CI. */
  | 'in-ci'
  /** Only the caller's own process can run it (a shell function, a process with a channel to its parent). */
  | 'in-place';

const fateWords: Readonly<Record<Fate, string>> = {
  queued: 'recorded, and it takes its turn like any other run',
  unqueued: 'recorded, and it skips the queue',
  'in-ci': 'recorded, and it runs at once, as every run in CI',
  'in-place': 'recorded, and it runs at once: from here it cannot be queued',
};

/** The line for a command that runs because of an override. */
export function overrideMessage(subject: Subject, fate: Fate): readonly string[] {
  const { mode, envPrefix } = subject;
  const name = mode.allowOverload
    ? `${envPrefix}_ALLOW_OVERLOAD`
    : mode.bypassPolicy
      ? `${envPrefix}_ALLOW_BYPASS_POLICY`
      : `${envPrefix}_POLICY_MODE=${mode.mode}`;
  return [`test-governor: override ${name} ${fateWords[fate]}: ${escapeForTerminal(shorten(subject.shown))}`];
}
