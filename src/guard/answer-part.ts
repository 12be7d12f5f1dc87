// A part: see src/run-bundle.ts.
import { shimNames } from '../policy/script-launchers.ts';
import type { Answer } from './ask.ts';
import { decide } from './decide.ts';
import { collectDecisions, type DecisionKind, recordDecision } from './decisions.ts';
import { blockedMessage, coloured, overrideMessage, type Paint, plain, warningMessage } from './message.ts';
import type { Judged } from './question.ts';
import { complaints, recordInterception, type Situation, situationOf, subjectOf } from './situation.ts';
import { isSaidAbove, unstoredToken } from './unstored.ts';

/** Stores a decision for the layers below, and clears away a few of the past. */
function remember(situation: Situation, kind: DecisionKind): string | null {
  const { question, decisions } = situation;
  collectDecisions(decisions);
  return recordDecision({
    directory: decisions,
    subjectPid: question.pid,
    layer: question.kind === 'text' ? 'text' : question.layer,
    kind,
  });
}

/**
 * Stores what needs no message, so that the layers below need not ask. A harmless command covers what runs below it
 * only where it is the whole command: a package script, a longer text or a scoped turbo run may start more.
 */
function rememberQuietly(situation: Situation): string | null {
  const { question, classification } = situation;
  switch (classification.verdict) {
    case 'harmless': {
      const isWhole =
        question.kind === 'argv' &&
        classification.form !== 'package-script' &&
        classification.form !== 'turbo-scoped';
      return isWhole ? remember(situation, 'harmless') : null;
    }
    case 'governed':
      return remember(situation, 'governed');
    case 'bypass':
    case 'none':
      // Covered by a lease above: the next one to ask finds it too.
      return null;
    default:
      return classification.verdict satisfies never;
  }
}

/**
 * True for a text whose command a shim meets, which can become the governed run itself: same pid, no shell left behind. A PATH
 * of the command's own may lead past the shims.
 */
function isMetByShim({ question, classification }: Situation): boolean {
  const { commandWord, assignments } = classification;
  return (
    question.kind === 'text' &&
    commandWord !== null &&
    shimNames.includes(commandWord) &&
    !('PATH' in assignments)
  );
}

function override(situation: Situation): Answer {
  if (isMetByShim(situation)) return { kind: 'pass' };
  if (situation.question.canGovern) return { kind: 'govern' };
  const lines = [...overrideMessage(subjectOf(situation), 'in-place'), ...complaints(situation)];
  const token = remember(situation, 'overridden');
  return { kind: 'go', token, lines: [...lines, ...recordInterception(situation, 'overridden')] };
}

/**
 * Answers a question about a command that starts a test runner: decides, prints nothing itself but gives the lines,
 * stores the decision for the layers below and writes the telemetry event. Failures of state and telemetry end in
 * a line, never in another answer.
 */
export function answer(judged: Judged): Answer {
  const { asker } = judged;
  const situation = situationOf(judged);
  const { classification, mode, inherited, isGoverned, token, family } = situation;
  const decision = decide(classification, mode, { governed: isGoverned, decided: inherited !== null });
  const paint: Paint = (style, text) => (asker.colour ? coloured : plain)(style, text);
  switch (decision.kind) {
    case 'pass':
      return { kind: 'pass' };
    case 'allow':
      return { kind: 'go', token: inherited?.token ?? rememberQuietly(situation), lines: [] };
    case 'warn': {
      if (isSaidAbove(token, family)) return { kind: 'go', token: token ?? null, lines: [] };
      const lines = [...warningMessage(subjectOf(situation), paint), ...complaints(situation)];
      const stored = remember(situation, 'warned') ?? unstoredToken(situation.question.pid);
      return {
        kind: 'go',
        token: stored,
        lines: [...lines, ...recordInterception(situation, 'warned')],
      };
    }
    case 'override':
      return override(situation);
    case 'block': {
      const lines = [...blockedMessage(subjectOf(situation), paint), ...complaints(situation)];
      return { kind: 'blocked', lines: [...lines, ...recordInterception(situation, 'blocked')] };
    }
    default:
      return decision satisfies never;
  }
}
