import { withConfigValue } from '../config-text.ts';
import type { PolicyMode } from '../env.ts';
import type { EventFacts } from '../insight/status/scan.ts';
import type { Audit, Finding } from './audit.ts';
import type { Problem } from './workspace/problem.ts';

/** What the audit says of the scripts, as far as a change of the mode depends on it. */
export type AuditState =
  /** There are no package scripts. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'clean' }
  | {
      readonly kind: 'unclean';
      readonly findings: readonly Finding[];
      /** What could not be judged. */
      readonly problems: readonly Problem[];
      /** How many exceptions match nothing. */
      readonly unused: number;
    };

/** What becomes of the wish to set a mode. */
export type ModeChange =
  /** The config says so already. */
  | { readonly kind: 'same' }
  | { readonly kind: 'set'; readonly forced: boolean; readonly findings: number | null }
  /** The audit is not clean, and nobody forced it. */
  | { readonly kind: 'refused'; readonly findings: number };

/** What a finished audit means for the mode. */
export function auditState({ isClean, findings, problems, unusedExceptions }: Audit): AuditState {
  return isClean
    ? { kind: 'clean' }
    : { kind: 'unclean', findings, problems, unused: unusedExceptions.length };
}

/** How many things an audit had to say; null when there was nothing to look at. */
function countOf(audit: AuditState): number | null {
  switch (audit.kind) {
    case 'nothing':
      return null;
    case 'clean':
      return 0;
    case 'unclean':
      return audit.findings.length + audit.problems.length + audit.unused;
    default:
      return audit satisfies never;
  }
}

/**
 * Whether a mode may be set: enforcing while a package script starts its runner ungoverned would block what everybody types.
 * @param from what the config says now; undefined when it says nothing.
 * @param audit null when it was not asked, which only `enforce` needs.
 */
export function decideChange(
  from: PolicyMode | undefined,
  to: PolicyMode,
  audit: AuditState | null,
  force: boolean,
): ModeChange {
  if (from === to) return { kind: 'same' };
  const findings = audit === null ? null : countOf(audit);
  if (to !== 'enforce' || audit?.kind !== 'unclean') return { kind: 'set', forced: false, findings };
  return force ? { kind: 'set', forced: true, findings } : { kind: 'refused', findings: findings ?? 0 };
}

/** The text of a config with this mode; everything else keeps its place and its form. */
export function withMode(text: string, mode: PolicyMode): string {
  return withConfigValue(text, ['mode'], mode);
}

/** Raw runs that were blocked, or only warned about and so would have been: by how they were started, the most frequent first. */
export function wouldBeBlocked(events: Iterable<EventFacts>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { event, outcome, form } of events) {
    if (event !== 'intercepted' || (outcome !== 'warned' && outcome !== 'blocked')) continue;
    const name = form ?? 'unknown';
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return new Map([...counts].sort(([, a], [, b]) => b - a));
}
