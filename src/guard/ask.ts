import { join } from 'node:path';
import { describeInvalid, type LoadedConfig, loadConfig } from '../config.ts';
import { defaultEnvPrefix, type Environment } from '../env.ts';
import { escapeForTerminal } from '../escape.ts';
import { createPackageReader } from '../packages.ts';
import { classify, classifyArgv } from '../policy/classify.ts';
import type { Classification, ClassifyContext, RepositoryFacts } from '../policy/verdict.ts';
import { lineage } from '../process-identity.ts';
import { leaseAbove } from '../queue/lease.ts';
import { machineStatePath } from '../queue/scope.ts';
import { findRepository, repositoryFacts } from '../repository.ts';
import { openStateDirectory, type StateDirectory, userDirectory } from '../state-directory.ts';
import type { InterceptedEvent, Layer, Outcome } from '../telemetry/event.ts';
import { decide } from './decide.ts';
import { collectDecisions, type DecisionKind, findCovering, recordDecision } from './decisions.ts';
import {
  blockedMessage,
  coloured,
  overrideMessage,
  type Paint,
  plain,
  type Subject,
  warningMessage,
} from './message.ts';
import { type ModeInForce, modeInForce } from './mode.ts';
import { withoutScrubbing } from './scrubbed.ts';
import { showArgv } from './show-argv.ts';
import { isSaidAbove, unstoredToken } from './unstored.ts';

/** What a layer wants to know. */
export type Question =
  | { readonly kind: 'text'; readonly shell: 'bash' | 'zsh'; readonly pid: number; readonly text: string }
  | {
      readonly kind: 'argv';
      readonly layer: Exclude<Layer, 'text'>;
      readonly pid: number;
      readonly argv: readonly string[];
    };

/** Where the question comes from. */
export interface Asker {
  readonly environment: Environment;
  readonly cwd: string;
  /** The prefix with which the asking file was generated; the repository's config may say otherwise. */
  readonly envPrefix: string | undefined;
  /** Standard error is a terminal that shows colour. */
  readonly colour: boolean;
}

/** What the layer is told. */
export type Answer =
  | { readonly kind: 'pass' }
  /** Decided; layers below need not ask. The token is null when it could not be stored. */
  | { readonly kind: 'go'; readonly token: string | null; readonly lines: readonly string[] }
  | { readonly kind: 'blocked'; readonly lines: readonly string[] };

interface Situation {
  readonly question: Question;
  readonly classification: Classification;
  readonly mode: ModeInForce;
  readonly envPrefix: string;
  /** Where decisions are stored for the layers below. */
  readonly decisions: string;
  readonly state: StateDirectory;
}

/** What the policy needs to know of the place a question comes from. */
export function contextOf(asker: Asker, config: LoadedConfig = loadConfig(asker.cwd)): ClassifyContext {
  const packages = createPackageReader();
  const configured = config.kind === 'ok' ? config.config.envPrefix : undefined;
  let facts: RepositoryFacts | undefined;
  return {
    cwd: asker.cwd,
    packages,
    envPrefix: asker.envPrefix ?? configured ?? defaultEnvPrefix,
    // Only a replacement needs them, and most questions end without one.
    get repository() {
      facts ??= repositoryFacts(asker.cwd, packages);
      return facts;
    },
  };
}

function classifyQuestion(question: Question, context: ClassifyContext): Classification {
  switch (question.kind) {
    case 'text':
      return classify(question.text, context);
    case 'argv':
      return classifyArgv(question.argv, context);
    default:
      return question satisfies never;
  }
}

function shownCommand({ question, classification }: Situation): string {
  switch (question.kind) {
    case 'text':
      return classification.subject ?? question.text.trim();
    case 'argv':
      return showArgv(question.argv);
    default:
      return question satisfies never;
  }
}

function subjectOf(situation: Situation): Subject {
  const { classification, mode, envPrefix } = situation;
  return { shown: shownCommand(situation), classification, mode, envPrefix };
}

/** Sentences about settings that do not hold, said where a message is printed anyway. */
function complaints(situation: Situation, config: LoadedConfig): readonly string[] {
  const { mode, envPrefix } = situation;
  const lines: string[] = [];
  if (config.kind === 'invalid') {
    lines.push(`test-governor: the config is ignored: ${escapeForTerminal(describeInvalid(config))}`);
  }
  if (mode.unknown !== null) {
    const word = escapeForTerminal(JSON.stringify(mode.unknown));
    lines.push(
      `test-governor: ${envPrefix}_POLICY_MODE=${word} is no mode (warn, enforce, off); ${mode.mode} is used`,
    );
  }
  return lines;
}

/** Writes the telemetry event; a sentence when that fails. The writer is loaded only here: most answers need none. */
async function record(situation: Situation, outcome: Outcome): Promise<readonly string[]> {
  const { question, classification, mode, state } = situation;
  const [{ appendEvent }, { interceptedEvent }, { normalizedSignature }, { argvHash }] = await Promise.all([
    import('../telemetry/append.ts'),
    import('../telemetry/event.ts'),
    import('../telemetry/signature.ts'),
    import('../telemetry/argv-hash.ts'),
  ]);
  if (state.kind === 'refused') {
    return [`test-governor: no telemetry: ${escapeForTerminal(state.reason)}`];
  }
  const { runner, intent, form, argv } = classification;
  const signature = runner === null ? null : { runner, intent, argv };
  const event: InterceptedEvent = interceptedEvent({
    policy_mode: mode.mode,
    class: intent,
    normalized_sig: signature === null ? null : normalizedSignature(signature),
    argv_hash: signature === null ? null : argvHash(signature),
    override_policy_used: mode.bypassPolicy || mode.lowered,
    override_overload_used: mode.allowOverload,
    outcome,
    layer: question.kind === 'text' ? 'text' : question.layer,
    shell: question.kind === 'text' ? question.shell : null,
    runner,
    form,
  });
  const result = appendEvent(state.path, event);
  return result.kind === 'written'
    ? []
    : [
        `test-governor: no telemetry: ${escapeForTerminal(join(state.path, 'events.jsonl'))}: ${result.reason}`,
      ];
}

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
 * Answers one layer's question: classifies the command, decides, prints nothing itself but gives the lines,
 * stores the decision for the layers below and writes the telemetry event. Failures of state and telemetry end in
 * a line, never in another answer.
 */
export async function ask(question: Question, asker: Asker): Promise<Answer> {
  const config = loadConfig(asker.cwd);
  const settings = config.kind === 'ok' ? config.config : {};
  const context = contextOf(asker, config);
  const { envPrefix } = context;
  const classification = classifyQuestion(question, context);
  if (classification.verdict === 'none') return { kind: 'pass' };

  const family = lineage(question.pid);
  const pids = family.map(({ pid }) => pid);
  const environment = withoutScrubbing(asker.environment, envPrefix, pids);
  const mode = modeInForce({ ...environment, ...classification.assignments }, envPrefix, settings.mode);
  const decisions = join(userDirectory(environment, envPrefix, asker.cwd), 'decisions');
  const mainWorktree = (from: string) => findRepository(from)?.mainWorktree ?? null;
  const state = openStateDirectory({ environment, envPrefix, cwd: asker.cwd, mainWorktree });
  const situation: Situation = { question, classification, mode, envPrefix, decisions, state };

  const token = environment[`${envPrefix}_GUARD_DECISION`];
  const inherited = findCovering({ directory: decisions, token, lineage: family });
  const queues = [
    ...(state.kind === 'ok' ? [state.path] : []),
    machineStatePath(environment, envPrefix, asker.cwd),
  ];
  const governed = leaseAbove(queues, family) !== null;
  const decision = decide(classification, mode, { governed, decided: inherited !== null });
  const paint: Paint = (style, text) => (asker.colour ? coloured : plain)(style, text);
  switch (decision.kind) {
    case 'pass':
      return { kind: 'pass' };
    case 'allow':
      return { kind: 'go', token: inherited?.token ?? rememberQuietly(situation), lines: [] };
    case 'warn': {
      if (isSaidAbove(token, family)) return { kind: 'go', token: token ?? null, lines: [] };
      const lines = [...warningMessage(subjectOf(situation), paint), ...complaints(situation, config)];
      const stored = remember(situation, 'warned') ?? unstoredToken(question.pid);
      return { kind: 'go', token: stored, lines: [...lines, ...(await record(situation, 'warned'))] };
    }
    case 'override': {
      const lines = [...overrideMessage(subjectOf(situation)), ...complaints(situation, config)];
      const stored = remember(situation, 'overridden');
      return { kind: 'go', token: stored, lines: [...lines, ...(await record(situation, 'overridden'))] };
    }
    case 'block': {
      const lines = [...blockedMessage(subjectOf(situation), paint), ...complaints(situation, config)];
      return { kind: 'blocked', lines: [...lines, ...(await record(situation, 'blocked'))] };
    }
    default:
      return decision satisfies never;
  }
}
