import type { Argv, CommandModule } from 'yargs';
import { type Capacity, capacityOf } from '../admission/budget.ts';
import { measureTotals } from '../admission/capacity.ts';
import { loadConfig } from '../config.ts';
import { defaultEnvPrefix } from '../env.ts';
import { readSettings } from '../settings.ts';
import { fail, print } from './output.ts';

interface Options {
  readonly json: boolean | undefined;
  readonly compose: boolean | undefined;
}

/** Docker and podman read `m` as MiB, which is our MB too. */
function memoryWord({ memoryBudgetMb }: Capacity): string {
  return `${memoryBudgetMb}m`;
}

function composeLines(capacity: Capacity): readonly string[] {
  return [
    'deploy:',
    '  resources:',
    '    limits:',
    `      cpus: '${capacity.cpuSlotsTotal}'`,
    `      memory: ${memoryWord(capacity)}`,
  ];
}

function run(options: Options): void {
  const config = loadConfig(process.cwd());
  const envPrefix = (config.kind === 'ok' ? config.config.envPrefix : undefined) ?? defaultEnvPrefix;
  const result = readSettings(process.env, envPrefix, config);
  if (result.kind === 'invalid') {
    fail(result.status, result.sentence);
    return;
  }
  const totals = measureTotals();
  const capacity = capacityOf(totals, result.settings);
  if (options.json) {
    print(
      JSON.stringify({
        cpus: capacity.cpuSlotsTotal,
        memory: memoryWord(capacity),
        memory_budget_mb: capacity.memoryBudgetMb,
        cpu_slots_total: capacity.cpuSlotsTotal,
        total_ram_mb: totals.totalRamMb,
        logical_cpu: totals.logicalCpu,
      }),
    );
  } else if (options.compose) print(...composeLines(capacity));
  else print(`--cpus=${capacity.cpuSlotsTotal} --memory=${memoryWord(capacity)}`);
}

/** `test-governor docker-limits`: what a container may use, from the same budgets as governed runs. */
export const dockerLimitsCommand: CommandModule<object, Options> = {
  command: 'docker-limits',
  describe: 'Print --cpus and --memory for a container, from the budgets of governed runs',
  builder: (parser: Argv<object>) =>
    parser
      .option('json', { type: 'boolean', describe: 'print the limits and totals as JSON' })
      .option('compose', { type: 'boolean', describe: 'print them for a compose file' })
      .conflicts('json', 'compose')
      .example('docker run $($0 docker-limits) node:20 npm test', 'a container that keeps to the budgets'),
  handler: run,
};
