import { join, relative, resolve } from 'node:path';
import { describeInvalid, type LoadedConfig } from '../config.ts';
import type { Environment } from '../env.ts';
import { escapeForTerminal } from '../escape.ts';
import { type ModeInForce, modeInForce } from '../mode.ts';
import type { Classification, ClassifyContext } from '../policy/verdict.ts';
import { lineage, type ProcessIdentity } from '../process-identity.ts';
import { runAbove } from '../queue/lease.ts';
import { mainWorktree } from '../repository.ts';
import { withoutScrubbing } from '../scrubbed.ts';
import {
  describeRefusal,
  openStateDirectory,
  type StateDirectory,
  type StateLocation,
  userDirectory,
} from '../state-directory.ts';
import { appendEvent } from '../telemetry/append.ts';
import { argvHash } from '../telemetry/argv-hash.ts';
import { type InterceptedEvent, interceptedEvent, type Outcome } from '../telemetry/event.ts';
import { normalizedSignature } from '../telemetry/signature.ts';
import { type DecisionRecord, findCovering } from './decisions.ts';
import type { Subject } from './message.ts';
import type { Judged, Question } from './question.ts';

/** A command that has to do with test runners, and everything on which its fate depends. */
export interface Situation {
  readonly question: Question;
  readonly classification: Classification;
  readonly context: ClassifyContext;
  readonly mode: ModeInForce;
  readonly config: LoadedConfig;
  /** The asker's environment, with what was scrubbed on the way put back. */
  readonly environment: Environment;
  /** Where its state lies. */
  readonly location: StateLocation;
  readonly state: StateDirectory;
  /** Where decisions are stored for the layers below. */
  readonly decisions: string;
  /** The asking process and its ancestors, nearest first. */
  readonly family: readonly ProcessIdentity[];
  /** The token that the command was given by a layer above, if any. */
  readonly token: string | undefined;
  /** The decision on a command to which this one belongs. */
  readonly inherited: DecisionRecord | null;
  /** It runs below a governed run that holds a live lease. */
  readonly isGoverned: boolean;
}

/** Finds out on what the fate of a command that starts a test runner depends. Never throws. */
export function situationOf({ question, asker, context, classification, config }: Judged): Situation {
  const settings = config.kind === 'ok' ? config.config : {};
  const { envPrefix } = context;
  const family = lineage(question.pid);
  const pids = family.map(({ pid }) => pid);
  const environment = withoutScrubbing(asker.environment, envPrefix, pids);
  const location: StateLocation = { environment, envPrefix, cwd: asker.cwd, mainWorktree };
  const state = openStateDirectory(location);
  const decisions = join(userDirectory(environment, envPrefix, asker.cwd), 'decisions');
  const token = environment[`${envPrefix}_GUARD_DECISION`];
  return {
    question,
    classification,
    context,
    mode: modeInForce({ ...environment, ...classification.assignments }, envPrefix, settings.mode),
    config,
    environment,
    location,
    state,
    decisions,
    family,
    token,
    inherited: findCovering({ directory: decisions, token, lineage: family }),
    isGoverned: runAbove({ environment, envPrefix, cwd: asker.cwd, state }, family) !== null,
  };
}

/** Where the command stands below the package that holds the governed script, for {@link Subject.place}. */
function placeOf({ cwd, repository: { governedScriptAt } }: ClassifyContext): string | null {
  if (governedScriptAt === null || governedScriptAt === '.') return null;
  return relative(resolve(cwd, governedScriptAt), cwd);
}

/** What a message about the command speaks of: of a text the one simple command that is meant, of arguments all of them. */
export function subjectOf({ classification, context, mode }: Situation): Subject {
  const { subject } = classification;
  return {
    shown: subject ?? '',
    classification,
    mode,
    envPrefix: context.envPrefix,
    place: placeOf(context),
  };
}

/** Sentences about settings that do not hold, said where a message is printed anyway. */
export function complaints({ config, mode, location }: Situation): readonly string[] {
  const lines: string[] = [];
  if (config.kind === 'invalid') {
    lines.push(`test-governor: the config is ignored: ${escapeForTerminal(describeInvalid(config))}`);
  }
  if (mode.unknown !== null) {
    const word = escapeForTerminal(JSON.stringify(mode.unknown));
    lines.push(
      `test-governor: ${location.envPrefix}_POLICY_MODE=${word} is no mode (warn, enforce, off); ${mode.mode} is used`,
    );
  }
  return lines;
}

/**
 * Writes the event of an interception.
 * @returns a sentence when it could not be written.
 */
export function recordInterception(situation: Situation, outcome: Outcome): readonly string[] {
  const { question, classification, mode, state, location } = situation;
  if (state.kind === 'refused') {
    const why = describeRefusal(state, location.envPrefix);
    return [`test-governor: no telemetry: ${escapeForTerminal(why)}`];
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
