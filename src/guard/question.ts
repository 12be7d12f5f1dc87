import { type LoadedConfig, loadConfig } from '../config.ts';
import { defaultEnvPrefix, type Environment } from '../env.ts';
import { ownProgram } from '../own-program.ts';
import { createPackageReader } from '../packages.ts';
import { classify, classifyArgv } from '../policy/classify.ts';
import type { Classification, ClassifyContext, PackageReader, RepositoryFacts } from '../policy/verdict.ts';
import { repositoryFacts } from '../repository.ts';
import type { Layer } from '../telemetry/event.ts';
import { workingDirectory } from '../working-directory.ts';

/** What a layer wants to know. */
export type Question = {
  readonly pid: number;
  /** The layer can have the command run as a governed run in its place; not so where it is no program of its own. */
  readonly canGovern: boolean;
} & (
  | { readonly kind: 'text'; readonly shell: 'bash' | 'zsh'; readonly text: string }
  | { readonly kind: 'argv'; readonly layer: Exclude<Layer, 'text'>; readonly argv: readonly string[] }
);

/** Where the question comes from. */
export interface Asker {
  readonly environment: Environment;
  readonly cwd: string;
  /** The prefix with which the asking file was generated; the repository's config may say otherwise. */
  readonly envPrefix: string | undefined;
  /** Standard error is a terminal that shows colour. */
  readonly colour: boolean;
}

/** A question with the policy's verdict on its command. */
export interface Judged {
  readonly question: Question;
  readonly asker: Asker;
  readonly context: ClassifyContext;
  readonly classification: Classification;
  /** Read when it is first asked for: most commands have nothing to do with test runners. */
  readonly config: LoadedConfig;
}

/** The working directory; `/` when it was deleted, so that a question can still be answered. */
export function currentDirectory(): string {
  return workingDirectory() ?? '/';
}

/** bash hands functions on as variables of these names; before Shellshock's mending, with `()` for `%%`. */
function exportedFunctions(environment: Environment): ReadonlySet<string> {
  const names = Object.keys(environment).map((name) => /^BASH_FUNC_(.+)(?:%%|\(\))$/.exec(name)?.[1]);
  return new Set(names.filter((name) => name !== undefined));
}

/** What replacement commands depend on, for somebody who types them in a shell with this environment. */
export function factsFor(environment: Environment, cwd: string, packages: PackageReader): RepositoryFacts {
  const facts = repositoryFacts(cwd, packages);
  return facts.governedScriptAt === null ? { ...facts, ownProgram: ownProgram(cwd, environment) } : facts;
}

/** What the policy needs to know of the place a question comes from; `config` gives the repository's. */
export function contextOf(
  asker: Asker,
  config: () => LoadedConfig = () => loadConfig(asker.cwd),
): ClassifyContext {
  const packages = createPackageReader();
  const configured = () => {
    const loaded = config();
    return loaded.kind === 'ok' ? loaded.config.envPrefix : undefined;
  };
  let facts: RepositoryFacts | undefined;
  let functions: ReadonlySet<string> | undefined;
  return {
    cwd: asker.cwd,
    packages,
    envPrefix: asker.envPrefix ?? configured() ?? defaultEnvPrefix,
    // Only a replacement needs them, and most questions end without one.
    get repository() {
      facts ??= factsFor(asker.environment, asker.cwd, packages);
      return facts;
    },
    get exportedFunctions() {
      functions ??= exportedFunctions(asker.environment);
      return functions;
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

/** Judges the command that a question is about. Never throws. */
export function judge(question: Question, asker: Asker): Judged {
  let loaded: LoadedConfig | undefined;
  const config = () => {
    loaded ??= loadConfig(asker.cwd);
    return loaded;
  };
  const context = contextOf(asker, config);
  return {
    question,
    asker,
    context,
    classification: classifyQuestion(question, context),
    get config() {
      return config();
    },
  };
}
