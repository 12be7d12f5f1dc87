import { relative } from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import type { AuditState } from '../adoption/policy.ts';
import type { UsableConfig } from '../adoption/write-config.ts';
import { configFileName, describeInvalid, loadConfig } from '../config.ts';
import { defaultEnvPrefix, isPolicyMode, type PolicyMode, readVariable } from '../env.ts';
import { escapeForTerminal } from '../escape.ts';
import { exitStatus } from '../exit-status.ts';
import { scanEvents } from '../insight/status/scan.ts';
import { modeInForce } from '../mode.ts';
import { missingProgram } from '../own-program.ts';
import { mainWorktree } from '../repository.ts';
import { describeRefusal, openStateDirectory, type StateDirectory } from '../state-directory.ts';
import { fail, ownCommand, print } from './output.ts';

interface Options {
  readonly mode: string | undefined;
  readonly force: boolean;
}

/** How far back "the last days" go. */
const daysBack = 7;

/** Findings of the audit that are named here; `audit` itself names them all. */
const mostNamed = 10;

interface Place {
  readonly cwd: string;
  readonly config: UsableConfig;
  readonly envPrefix: string;
  readonly state: StateDirectory;
}

const meanings: Readonly<Record<PolicyMode, string>> = {
  warn: 'a raw test run starts, and a message names the governed command',
  enforce: 'a raw test run fails with status 126, and a message names the governed command',
  off: 'a raw test run starts, and nothing is said',
};

function configMode({ config }: Place): PolicyMode | undefined {
  return config.kind === 'ok' ? config.config.mode : undefined;
}

function shownConfig({ cwd, config }: Place): string {
  return config.kind === 'ok' ? relative(cwd, config.file) || config.file : configFileName;
}

/** Every place that can set the mode, the strongest first. */
function sourceLines(place: Place): readonly string[] {
  const { envPrefix } = place;
  const said = (name: string) => {
    const value = readVariable(process.env, envPrefix, name);
    if (value === undefined) return 'not set';
    return isPolicyMode(value) ? value : `${JSON.stringify(value)}, which is no mode`;
  };
  const rows: readonly (readonly [string, string])[] = [
    [`${envPrefix}_POLICY_MODE, for a command or a shell`, said('POLICY_MODE')],
    ['what this shell was guarded with', said('GUARD_MODE')],
    [
      `${shownConfig(place)}, for the repository`,
      configMode(place) ?? (place.config.kind === 'none' ? 'there is none' : 'not set'),
    ],
    ['where nothing says otherwise', 'warn'],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`);
}

function show(place: Place): void {
  const force = modeInForce(process.env, place.envPrefix, configMode(place));
  const sources = {
    environment: 'from the environment',
    shell: 'from what this shell was guarded with',
    config: `from ${shownConfig(place)}`,
    default: 'by default',
  };
  const next = force.mode === 'enforce' ? 'warn' : 'enforce';
  print(
    ...[
      `${force.mode}, ${sources[force.source]}: ${meanings[force.mode]}.`,
      '',
      'Where a mode can be set, the strongest first:',
      ...sourceLines(place),
      ...(force.lowered
        ? ['', `The shell was given ${force.given}: each raw run counts as an override, and is recorded.`]
        : []),
      '',
      `To change it for the repository: ${ownCommand(`policy ${next}`)}`,
    ].map(escapeForTerminal),
  );
}

/** What enforcing would have done lately, and whether telemetry can say. */
async function showRecent({ state, envPrefix }: Place): Promise<void> {
  if (state.kind === 'refused') {
    const why = escapeForTerminal(describeRefusal(state, envPrefix));
    print(`What would have been blocked is not known: ${why}.`);
    return;
  }
  const { wouldBeBlocked } = await import('../adoption/policy.ts');
  const since = new Date(Date.now() - daysBack * 86_400_000).toISOString();
  const counts = [...wouldBeBlocked(scanEvents(state.path, since))];
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  print(
    total === 0
      ? `In the last ${daysBack} days there was no raw run that enforcing blocks.`
      : `In the last ${daysBack} days ${total} raw ${total === 1 ? 'run was blocked or would have been' : 'runs were blocked or would have been'}:`,
    ...counts.map(([form, count]) => `  ${String(count).padStart(6)}  ${escapeForTerminal(form)}`),
  );
}

async function auditHere(cwd: string): Promise<AuditState> {
  const [{ auditWorkspace }, { auditState }] = await Promise.all([
    import('../adoption/audit.ts'),
    import('../adoption/policy.ts'),
  ]);
  const result = auditWorkspace(cwd);
  // The config was read already, and is valid.
  return result.kind === 'audited' ? auditState(result.audit) : { kind: 'nothing' };
}

function showAudit(audit: AuditState): void {
  switch (audit.kind) {
    case 'nothing':
      print('There are no package scripts to audit.');
      return;
    case 'clean':
      print('The audit is clean: no package script starts a test runner ungoverned.');
      return;
    case 'unclean': {
      const { findings, problems, unused } = audit;
      const count = findings.length + problems.length + unused;
      const named = [
        ...findings.map(({ file, line, script, text }) => ({ file, line, words: `${script}: ${text}` })),
        ...problems.map(({ file, line, problem }) => ({ file, line, words: problem })),
      ].slice(0, mostNamed);
      const rest = count - named.length;
      print(
        `The audit is not clean, ${count === 1 ? '1 finding' : `${count} findings`}:`,
        ...named.map(
          ({ file, line, words }) => `  ${escapeForTerminal(file)}:${line}  ${escapeForTerminal(words)}`,
        ),
        ...(rest > 0 ? [`  and ${rest} more: ${ownCommand('audit')}`] : []),
      );
      return;
    }
    default:
      audit satisfies never;
  }
}

/** Writes the mode into the config, whole or not at all; false when it could not be, which was said then. */
async function writeMode({ cwd, config }: Place, to: PolicyMode): Promise<boolean> {
  const [{ withMode }, { writeConfig }] = await Promise.all([
    import('../adoption/policy.ts'),
    import('../adoption/write-config.ts'),
  ]);
  const problem = writeConfig(config, cwd, (text) => withMode(text, to));
  if (problem !== null) fail(1, problem);
  return problem === null;
}

async function record(
  { state, envPrefix }: Place,
  change: {
    readonly from: PolicyMode;
    readonly to: PolicyMode;
    readonly forced: boolean;
    readonly findings: number | null;
  },
): Promise<void> {
  const [{ appendEvent }, { policyEvent }] = await Promise.all([
    import('../telemetry/append.ts'),
    import('../telemetry/policy-event.ts'),
  ]);
  const { mode } = modeInForce(process.env, envPrefix, change.from);
  const result =
    state.kind === 'refused'
      ? { kind: 'not-written' as const, reason: describeRefusal(state, envPrefix) }
      : appendEvent(state.path, policyEvent({ policy_mode: mode, ...change }));
  if (result.kind === 'not-written') {
    process.stderr.write(
      `test-governor: the change is not in telemetry: ${escapeForTerminal(result.reason)}\n`,
    );
  }
}

/** What else decides in the shell of whoever has changed the mode. */
function closingLines(place: Place, to: PolicyMode): readonly string[] {
  const { mode, source } = modeInForce(process.env, place.envPrefix, to);
  const own = source === 'shell' ? 'GUARD_MODE' : 'POLICY_MODE';
  const wins =
    mode !== to && (source === 'environment' || source === 'shell')
      ? [
          `In this shell ${place.envPrefix}_${own} still says ${mode}: it wins until it is unset or a new shell is opened.`,
        ]
      : [];
  return [`The mode is ${to} now, in ${shownConfig(place)}: ${meanings[to]}.`, ...wins];
}

/** Why enforcing has to wait, and what to do first. */
function refusalWords(audit: AuditState | null): string {
  if (audit?.kind !== 'unclean' || audit.findings.length === 0) {
    return `because the audit could not judge everything. Mend what it names, then: ${ownCommand('audit')}`;
  }
  const isRewritable = audit.findings.some(({ migration }) => migration.kind === 'rewrite');
  return isRewritable
    ? `because enforcing would block those scripts. Rewrite them: ${ownCommand('migrate --write')}`
    : `because enforcing would block those scripts, which migrate cannot rewrite. What to do by hand, or to declare as an exception, is told by: ${ownCommand('audit')}`;
}

async function set(place: Place, to: PolicyMode, force: boolean): Promise<void> {
  const { decideChange } = await import('../adoption/policy.ts');
  const from = configMode(place);
  const audit = to === 'enforce' ? await auditHere(place.cwd) : null;
  if (audit !== null) {
    showAudit(audit);
    await showRecent(place);
    const missing = audit.kind === 'nothing' ? null : missingProgram(place.cwd, process.env);
    if (missing !== null) print(escapeForTerminal(`Note: ${missing.detail}: ${missing.mend}.`));
    print('');
  }
  const change = decideChange(from, to, audit, force);
  switch (change.kind) {
    case 'same':
      print(...closingLines(place, to).map(escapeForTerminal));
      return;
    case 'refused':
      fail(
        1,
        `the mode stays as it is, ${refusalWords(audit)}. To enforce all the same, which is recorded: ${ownCommand('policy enforce --force')}`,
      );
      return;
    case 'set': {
      if (!(await writeMode(place, to))) return;
      const { forced, findings } = change;
      await record(place, { from: from ?? 'warn', to, forced, findings });
      print(
        ...closingLines(place, to).map(escapeForTerminal),
        ...(forced ? ['It was forced, and that is recorded.'] : []),
        `To go back: ${ownCommand(`policy ${from ?? 'warn'}`)}`,
      );
      return;
    }
    default:
      change satisfies never;
  }
}

async function run({ mode, force }: Options): Promise<void> {
  const cwd = process.cwd();
  const config = loadConfig(cwd);
  if (config.kind === 'invalid') {
    fail(exitStatus.config, describeInvalid(config));
    return;
  }
  const envPrefix = (config.kind === 'ok' ? config.config.envPrefix : undefined) ?? defaultEnvPrefix;
  const state = openStateDirectory({ environment: process.env, envPrefix, cwd, mainWorktree });
  const place: Place = { cwd, config, envPrefix, state };
  if (mode === undefined) show(place);
  else if (isPolicyMode(mode)) await set(place, mode, force);
}

/** `test-governor policy`: the repository's default mode. */
export const policyCommand: CommandModule<object, Options> = {
  command: 'policy [mode]',
  describe: 'Show the mode in force and where it comes from, or set the default mode of the repository',
  builder: (parser: Argv<object>) =>
    parser
      .positional('mode', {
        type: 'string',
        choices: ['warn', 'enforce', 'off'],
        describe: 'warn about raw test runs, block them, or do nothing',
      })
      .option('force', {
        type: 'boolean',
        default: false,
        describe: 'enforce although the audit is not clean; recorded in telemetry',
      })
      .example('$0 policy', 'what is in force here, and why')
      .example('$0 policy enforce', 'audit, show what would have been blocked lately, then enforce')
      .epilogue('Exit status: 0 done, 1 refused or not written, 64 bad usage, 78 the config is invalid.'),
  handler: run,
};
