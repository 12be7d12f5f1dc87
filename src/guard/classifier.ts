import { loadConfig } from '../config.ts';
import { defaultEnvPrefix, type Environment } from '../env.ts';
import { createPackageReader } from '../packages.ts';
import { classify, type Explanation, explain } from '../policy/classify.ts';
import { governedScript } from '../policy/script-launchers.ts';
import type {
  Classification,
  ClassifyContext,
  PackageReader,
  RepositoryFacts,
  Verdict,
} from '../policy/verdict.ts';
import { repositoryFacts } from '../repository.ts';
import { factsFor } from './question.ts';

/** Classifies command lines where they would run; remembers what it read of each directory. */
export interface Classifier {
  /** Everything that the policy knows about the line. */
  classify(line: string, directory: string): Classification;
  /** The same, with the way to it. */
  explain(line: string, directory: string): Explanation;
  /** The directory of the nearest package.json at or above; null when there is none, or it cannot be read. */
  packageDirectory(directory: string): string | null;
  /** The verdict alone, as `classify --json` prints it. `scripts` stands for the package.json scripts at `directory`. */
  verdict(line: string, directory: string, scripts?: Readonly<Record<string, string>>): Verdict;
}

/** Keeps the published fields of a classification. */
export function publish(classification: Classification): Verdict {
  const { verdict, runner, form, intent, replacement, reason } = classification;
  return { verdict, runner, form, intent, replacement, reason };
}

function withScripts(
  packages: PackageReader,
  directory: string,
  scripts: Readonly<Record<string, string>>,
): PackageReader {
  const given = { directory, name: null, scripts };
  return {
    ...packages,
    nearest: (from) => (from === directory ? given : packages.nearest(from)),
    at: (from) => (from === directory ? given : packages.at(from)),
  };
}

/**
 * Opens a classifier for one process or one batch of lines.
 * @param environment of the shell in which somebody types the replacements here; without it they are meant for everybody's machine.
 */
export function openClassifier(environment?: Environment): Classifier {
  const packages = createPackageReader();
  const facts = new Map<string, RepositoryFacts>();
  const prefixes = new Map<string, string>();

  function prefixAt(directory: string): string {
    const known = prefixes.get(directory);
    if (known !== undefined) return known;
    const config = loadConfig(directory);
    const prefix = (config.kind === 'ok' ? config.config.envPrefix : undefined) ?? defaultEnvPrefix;
    prefixes.set(directory, prefix);
    return prefix;
  }

  function factsAt(directory: string): RepositoryFacts {
    const known = facts.get(directory);
    if (known !== undefined) return known;
    const found =
      environment === undefined
        ? repositoryFacts(directory, packages)
        : factsFor(environment, directory, packages);
    facts.set(directory, found);
    return found;
  }

  function contextAt(directory: string): ClassifyContext {
    return {
      cwd: directory,
      envPrefix: prefixAt(directory),
      packages,
      repository: factsAt(directory),
    };
  }

  return {
    classify: (line, directory) => classify(line, contextAt(directory)),
    explain: (line, directory) => explain(line, contextAt(directory)),
    packageDirectory: (directory) => packages.nearest(directory)?.directory ?? null,
    verdict(line, directory, scripts) {
      const context = contextAt(directory);
      if (scripts === undefined) return publish(classify(line, context));
      const { repository } = context;
      return publish(
        classify(line, {
          ...context,
          packages: withScripts(packages, directory, scripts),
          repository: governedScript in scripts ? { ...repository, governedScriptAt: '.' } : repository,
        }),
      );
    },
  };
}
