import type { Runner } from '../policy/verdict.ts';

/** Some names, kept in one text: every run asks for two or three of hundreds, and a set of them takes longer to make. */
export interface Names {
  /** The names, with white space around each. */
  readonly text: string;
  has(name: string): boolean;
}

/** What some names stand for, kept in the same way. */
export interface Aliases {
  get(name: string): string | undefined;
}

/** The names that a signature may show for one runner; whatever is not here is only counted. */
export interface RunnerFlags {
  /** Flags that stand alone. */
  readonly switches: Names;
  /** Flags that take the next argument as their value, unless it is a flag itself. */
  readonly valued: Names;
  /** Flags that take every argument up to the next flag. */
  readonly lists: Names;
  /** Other spellings of the flags above. */
  readonly aliases: Aliases;
  /** First arguments that name what the runner does (`run`, `related`). */
  readonly subcommands: Names;
  /** True when the runner takes `--max-workers` for `--maxWorkers`. */
  readonly kebabCase: boolean;
  /** What the arguments that are no flags are called. */
  readonly others: string;
}

/** A text in which each name has a space before it, and one or the end of a line behind it. */
function around(names: string): string {
  return ` ${names} `;
}

function isWord(name: string): boolean {
  return name !== '' && !name.includes(' ') && !name.includes('\n');
}

function flags(names: string): Names {
  const text = around(names);
  return {
    text,
    has: (name) => isWord(name) && (text.includes(` ${name} `) || text.includes(` ${name}\n`)),
  };
}

/** From words `name=meaning`. */
function pairs(words: string): Aliases {
  const text = around(words);
  return {
    get(name) {
      const sought = ` ${name}=`;
      const at = isWord(name) ? text.indexOf(sought) : -1;
      if (at === -1) return undefined;
      const [line = ''] = text.slice(at + sought.length).split('\n', 1);
      return line.split(' ', 1)[0];
    },
  };
}

/** From each runner's own option table: Jest 30, Vitest 3, turbo 2, pytest 7 with pytest-xdist. Made when they are needed. */
const tables: Readonly<Record<Runner, () => RunnerFlags>> = {
  jest: () => ({
    switches: flags(`all automock bail cache changedFilesWithAncestor ci clearCache clearMocks collectCoverage
      collectTests color colors coverage debug detectLeaks detectOpenHandles errorOnDeprecated expand
      findRelatedTests forceExit help injectGlobals json lastCommit listTests logHeapUsage noStackTrace notify
      onlyChanged onlyFailures passWithNoTests randomize resetMocks resetModules restoreMocks runInBand
      runTestsByPath showConfig showSeed silent skipFilter testLocationInResults updateSnapshot useStderr verbose
      version waitForUnhandledRejections watch watchAll watchman workerThreads`),
    valued: flags(`cacheDirectory changedSince collectCoverageFrom config coverageDirectory coverageProvider
      coverageThreshold filter globalSetup globalTeardown globals haste maxConcurrency maxWorkers moduleNameMapper
      notifyMode openHandlesTimeout outputFile preset prettierPath resolver rootDir runner seed shard
      testEnvironment testEnvironmentOptions testFailureExitCode testNamePattern testResultsProcessor testRunner
      testSequencer testTimeout transform workerGracefulExitTimeout`),
    lists: flags(`coveragePathIgnorePatterns coverageReporters ignoreProjects moduleDirectories
      moduleFileExtensions modulePathIgnorePatterns modulePaths projects reporters roots selectProjects setupFiles
      setupFilesAfterEnv snapshotSerializers testMatch testPathIgnorePatterns testPathPatterns testRegex
      transformIgnorePatterns unmockedModulePathPatterns watchPathIgnorePatterns`),
    aliases: pairs(`b=bail c=config e=expand f=onlyFailures h=help i=runInBand o=onlyChanged t=testNamePattern
      u=updateSnapshot w=maxWorkers env=testEnvironment testPathPattern=testPathPatterns`),
    subcommands: flags(''),
    kebabCase: true,
    others: 'paths',
  }),
  vitest: () => ({
    switches: flags(`allowOnly browser cache clearScreen color coverage dangerouslyIgnoreUnhandledErrors
      disableConsoleIntercept dom expandSnapshotDiff expect fileParallelism globals help hideSkippedTests
      includeTaskLocation isolate logHeapUsage open passWithNoTests printConsoleTrace run standalone typecheck ui
      update version watch`),
    valued:
      flags(`api attachmentsDir bail changed config configLoader diff dir environment exclude hookTimeout
      inspect inspectBrk maxConcurrency maxWorkers mergeReports minWorkers mode outputFile pool poolOptions project
      reporter retry root sequence shard silent slowTestThreshold teardownTimeout testNamePattern testTimeout
      workspace`),
    lists: flags(''),
    aliases: pairs('c=config h=help r=root t=testNamePattern u=update v=version w=watch'),
    subcommands: flags('run related watch dev bench list init'),
    kebabCase: true,
    others: 'paths',
  }),
  turbo: () => ({
    switches: flags(`affected color continue daemon force help json no-cache no-color no-daemon
      no-update-notifier only parallel preflight remote-cache-read-only remote-only single-package skip-infer
      version dry dry-run graph summarize profile anon-profile`),
    valued: flags(`api cache cache-dir cache-workers concurrency cwd env-mode filter framework-inference
      global-deps heap log-file log-order log-prefix login output-logs remote-cache-timeout root-turbo-json scope
      team token trace ui verbosity`),
    lists: flags(''),
    aliases: pairs('F=filter h=help'),
    subcommands: flags('run watch'),
    kebabCase: false,
    others: 'tasks',
  }),
  pytest: () => ({
    switches:
      flags(`cache-clear collect-in-virtualenv collect-only continue-on-collection-errors disable-warnings
      doctest-continue-on-failure doctest-ignore-import-errors doctest-modules exitfirst failed-first fixtures
      fixtures-per-test full-trace help keep-duplicates last-failed looponfail markers new-first no-cov no-header
      no-showlocals no-summary noconftest pdb pyargs quiet runxfail setup-only setup-plan setup-show showlocals
      stepwise stepwise-skip strict strict-config strict-markers trace trace-config verbose version d s`),
    valued: flags(`assert basetemp capture code-highlight color confcutdir deselect dist doctest-glob
      doctest-report durations durations-min ignore ignore-glob import-mode junit-prefix junit-xml
      last-failed-no-failures log-cli-date-format log-cli-format log-cli-level log-date-format log-file
      log-file-date-format log-file-format log-file-level log-format log-level max-worker-restart maxfail
      maxprocesses numprocesses override-ini pastebin pdbcls pythonwarnings rootdir show-capture tb testrunuid
      timeout tx verbosity c k m p r`),
    lists: flags(''),
    aliases:
      pairs(`V=version W=pythonwarnings co=collect-only f=looponfail ff=failed-first h=help junitxml=junit-xml
      l=showlocals lf=last-failed lfnf=last-failed-no-failures n=numprocesses nf=new-first o=override-ini q=quiet
      sw=stepwise sw-skip=stepwise-skip v=verbose x=exitfirst disable-pytest-warnings=disable-warnings
      funcargs=fixtures`),
    subcommands: flags(''),
    kebabCase: false,
    others: 'paths',
  }),
};

const made = new Map<Runner, RunnerFlags>();

/** The names that a signature may show for a runner. */
export function flagsOf(runner: Runner): RunnerFlags {
  const known = made.get(runner) ?? tables[runner]();
  made.set(runner, known);
  return known;
}
