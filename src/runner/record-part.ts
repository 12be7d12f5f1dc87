// A part: see src/run-bundle.ts. It is loaded after the run, when nobody waits.
import { type RunFigures, signatureKey } from '../admission/history.ts';
import { recordFigures } from '../admission/history-file.ts';
import type { PolicyMode } from '../env.ts';
import { escapeForTerminal } from '../escape.ts';
import type { Intent, Runner } from '../policy/verdict.ts';
import type { QueueScope } from '../queue/scope.ts';
import type { Uncounted } from '../queue/ticket.ts';
import { appendEvent } from '../telemetry/append.ts';
import { argvHash } from '../telemetry/argv-hash.ts';
import type { RunEvent } from '../telemetry/event.ts';
import { ranToEnd } from '../telemetry/ran-to-end.ts';
import type { SignatureParts } from '../telemetry/signature.ts';
import type { RunReport } from './governed-run.ts';

/** What the event of a run tells besides how it ended. */
export interface RunFacts {
  readonly intent: Intent;
  readonly runner: Runner;
  readonly signature: string | null;
  /** The command as the caller gave it, for its hash. */
  readonly called: SignatureParts;
  readonly workers: number | null;
  readonly scope: QueueScope;
  readonly uncounted: Uncounted | null;
  readonly overridesPolicy: boolean;
  readonly mode: PolicyMode;
}

/** The event of a governed run that has ended. Pure. */
export function runEvent(facts: RunFacts, hash: string | null, report: RunReport, now: Date): RunEvent {
  const round = (value: number | null) => (value === null ? null : Math.round(value));
  return {
    event: 'run',
    ts: now.toISOString(),
    governed: true,
    policy_mode: facts.mode,
    class: facts.intent,
    normalized_sig: facts.signature,
    argv_hash: hash,
    admitted: facts.uncounted === null ? report.admitted : null,
    queued_ms: facts.uncounted === null ? round(report.queuedMs) : null,
    peak_rss_mb: report.peak?.mb ?? null,
    pressure_level: report.pressure,
    workers: facts.workers,
    exit_code: report.status,
    override_policy_used: facts.overridesPolicy,
    override_overload_used: facts.uncounted === 'overload',
    outcome: report.outcome,
    runner: facts.runner,
    run_ms: round(report.runMs),
    peak_rss_source: report.peak?.source ?? null,
    queue_scope: facts.uncounted === null ? facts.scope : null,
    wait_reason: report.waitReason,
    left_behind: report.leftBehind,
    throttled_ms: round(report.throttledMs),
  };
}

/** The figures of a run that later ones of its signature are judged by: only of one that came to its end. */
function figuresOf({ runner }: Pick<RunFacts, 'runner'>, report: RunReport): RunFigures | null {
  const isWhole = ranToEnd({ outcome: report.outcome, exit_code: report.status, runner });
  if (!isWhole || report.runMs === null) return null;
  return {
    peak: report.peak,
    durationMs: report.throttledMs === 0 || report.throttledMs === null ? report.runMs : null,
  };
}

/**
 * Writes down a run that has ended: its event, and its figures in the history.
 * @returns sentences about what could not be written.
 */
export function recordRun(stateDirectory: string, facts: RunFacts, report: RunReport): readonly string[] {
  const where = escapeForTerminal(stateDirectory);
  const appended = appendEvent(stateDirectory, runEvent(facts, argvHash(facts.called), report, new Date()));
  const complaints = appended.kind === 'written' ? [] : [`no telemetry: ${where}: ${appended.reason}`];
  const figures = figuresOf(facts, report);
  if (figures === null || facts.signature === null) return complaints;
  const key = signatureKey(facts.signature, Math.max(1, Math.ceil(facts.workers ?? 1)));
  const kept = recordFigures(stateDirectory, key, figures);
  if (kept.kind === 'not-recorded') {
    return [...complaints, `this run is not in the history: ${where}: ${kept.reason}`];
  }
  return kept.sentence === null ? complaints : [...complaints, escapeForTerminal(kept.sentence)];
}
