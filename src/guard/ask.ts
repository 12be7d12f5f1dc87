import { shimNames } from '../policy/script-launchers.ts';
import { decide } from './decide.ts';
import { collectDecisions, type DecisionKind, recordDecision } from './decisions.ts';
import { blockedMessage, coloured, overrideMessage, type Paint, plain, warningMessage } from './message.ts';
import {
  type Asker,
  complaints,
  type Question,
  recordInterception,
  type Situation,
  situationOf,
  subjectOf,
} from './situation.ts';
import { isSaidAbove, unstoredToken } from './unstored.ts';

/** What the layer is told. */
export type Answer =
  | { readonly kind: 'pass' }
  /** Decided; layers below need not ask. The token is null when it could not be stored. */
  | { readonly kind: 'go'; readonly token: string | null; readonly lines: readonly string[] }
  /** It is to run as a governed run: dist/run-own.cjs takes it from here, and speaks of it. */
  | { readonly kind: 'govern' }
  | { readonly kind: 'blocked'; readonly lines: readonly string[] };

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

async function override(situation: Situation): Promise<Answer> {
  if (isMetByShim(situation)) return { kind: 'pass' };
  if (situation.question.canGovern) return { kind: 'govern' };
  const lines = [...overrideMessage(subjectOf(situation), 'in-place'), ...complaints(situation)];
  const token = remember(situation, 'overridden');
  return { kind: 'go', token, lines: [...lines, ...(await recordInterception(situation, 'overridden'))] };
}

/**
 * Answers one layer's question: classifies the command, decides, prints nothing itself but gives the lines,
 * stores the decision for the layers below and writes the telemetry event. Failures of state and telemetry end in
 * a line, never in another answer.
 */
export async function ask(question: Question, asker: Asker): Promise<Answer> {
  const situation = situationOf(question, asker);
  if (situation === null) return { kind: 'pass' };
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
      const stored = remember(situation, 'warned') ?? unstoredToken(question.pid);
      return {
        kind: 'go',
        token: stored,
        lines: [...lines, ...(await recordInterception(situation, 'warned'))],
      };
    }
    case 'override':
      return override(situation);
    case 'block': {
      const lines = [...blockedMessage(subjectOf(situation), paint), ...complaints(situation)];
      return { kind: 'blocked', lines: [...lines, ...(await recordInterception(situation, 'blocked'))] };
    }
    default:
      return decision satisfies never;
  }
}
