import { writeFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import { capacityOf } from '../admission/budget.ts';
import { measureTotals } from '../admission/capacity.ts';
import type { UsableConfig } from '../adoption/write-config.ts';
import { describeInvalid, loadConfig } from '../config.ts';
import { defaultEnvPrefix } from '../env.ts';
import { errorCode } from '../error-code.ts';
import { escapeForTerminal } from '../escape.ts';
import { exitStatus } from '../exit-status.ts';
import type { Calibration } from '../insight/calibrate/calibrate.ts';
import { mainWorktree } from '../repository.ts';
import { standardError } from '../runner/standard-error.ts';
import { readSettings } from '../settings.ts';
import { describeRefusal, openStateDirectory } from '../state-directory.ts';
import { fail, ownCommand, print } from './output.ts';

interface Options {
  readonly out: string | undefined;
  readonly write: boolean;
  readonly waive: string | undefined;
}

/** Writes the report, and the plot beside it. Not atomic: it is a report, made anew at any time. */
function writeReport(file: string, report: string, plot: string): boolean {
  try {
    writeFileSync(file, report);
    writeFileSync(plotFile(file), plot);
    return true;
  } catch (error) {
    fail(1, `the report cannot be written to ${file} (${errorCode(error) ?? 'unknown error'})`);
    return false;
  }
}

function plotFile(file: string): string {
  return `${file.replace(/\.(?:md|markdown)$/i, '')}.svg`;
}

async function writeBudgets(calibration: Calibration, config: UsableConfig, cwd: string): Promise<void> {
  const [{ recommendedBudgets }, { withClassBudgets }, { configPath, writeConfig }] = await Promise.all([
    import('../insight/calibrate/calibrate.ts'),
    import('../insight/calibrate/config-text.ts'),
    import('../adoption/write-config.ts'),
  ]);
  const budgets = recommendedBudgets(calibration);
  const file = configPath(config, cwd);
  if (Object.keys(budgets).length === 0) {
    fail(1, `no class has a recommended budget: ${file} stays as it is`);
    return;
  }
  const problem = writeConfig(config, cwd, (text) => withClassBudgets(text, budgets));
  if (problem !== null) {
    fail(1, `the budgets were not written: ${problem}`);
    return;
  }
  const figures = Object.entries(budgets).map(([name, budget]) => `${name} ${budget}`);
  standardError.say(`test-governor: wrote classBudgetsMb to ${file}: ${figures.join(', ')}`);
}

async function run(options: Options): Promise<void> {
  const cwd = process.cwd();
  const config = loadConfig(cwd);
  if (config.kind === 'invalid') {
    fail(exitStatus.config, describeInvalid(config));
    return;
  }
  const envPrefix = (config.kind === 'ok' ? config.config.envPrefix : undefined) ?? defaultEnvPrefix;
  const settings = readSettings(process.env, envPrefix, config);
  if (settings.kind === 'invalid') {
    fail(settings.status, settings.sentence);
    return;
  }
  const waiver = options.waive?.trim();
  if (waiver === '') {
    fail(exitStatus.usage, '--waive needs a reason: it stands in the report');
    return;
  }
  const state = openStateDirectory({ environment: process.env, envPrefix, cwd, mainWorktree });
  if (state.kind === 'refused') {
    fail(1, `there is no telemetry to read: ${describeRefusal(state, envPrefix)}`);
    return;
  }
  const [{ calibrate, plotOf }, { reportAsMarkdown }] = await Promise.all([
    import('../insight/calibrate/calibrate.ts'),
    import('../insight/calibrate/report.ts'),
  ]);
  const capacity = capacityOf(measureTotals(), settings.settings);
  const calibration = await calibrate(state.path, settings.settings.classBudgetsMb, capacity);
  const plot = plotOf(calibration);
  const details = { madeAt: new Date(), waiver: waiver ?? null };
  if (options.out === undefined) {
    // On a terminal a picture is only a long word.
    const image = process.stdout.isTTY
      ? null
      : `data:image/svg+xml;base64,${Buffer.from(plot).toString('base64')}`;
    print(reportAsMarkdown(calibration, { ...details, plot: image }).trimEnd());
  } else {
    const file = resolve(cwd, options.out);
    const image = encodeURIComponent(basename(plotFile(file)));
    if (!writeReport(file, reportAsMarkdown(calibration, { ...details, plot: image }), plot)) return;
    print(escapeForTerminal(`Wrote ${options.out} and ${plotFile(options.out)}.`));
  }
  if (!options.write) return;
  const unmet = calibration.gates.filter(({ isMet }) => !isMet);
  if (unmet.length > 0 && waiver === undefined) {
    fail(
      1,
      `the budgets were not written, because ${unmet.length === 1 ? 'a gate is' : `${unmet.length} gates are`} not met (${unmet
        .map(({ name, found }) => `${name}: ${found}`)
        .join('; ')}); to write them all the same: ${ownCommand('calibrate --write --waive "<reason>"')}`,
    );
    return;
  }
  await writeBudgets(calibration, config, cwd);
}

/** `test-governor calibrate`: class budgets from telemetry. */
export const calibrateCommand: CommandModule<object, Options> = {
  command: 'calibrate',
  describe: 'Report what governed runs took, and recommend budgets by it',
  builder: (parser: Argv<object>) =>
    parser
      .option('out', {
        type: 'string',
        requiresArg: true,
        describe: 'a file for the report; the plot goes beside it',
      })
      .option('write', {
        type: 'boolean',
        default: false,
        describe: 'put the recommended budgets into the config',
      })
      .option('waive', {
        type: 'string',
        requiresArg: true,
        describe: 'why gates that are not met are accepted; recorded in the report',
      })
      .example('$0 calibrate --out calibration.md', 'the report, and calibration.svg beside it')
      .example('$0 calibrate --write', 'the report, and the budgets into the config if all gates are met')
      .epilogue('What the figures mean: docs/calibration.md'),
  handler: run,
};
