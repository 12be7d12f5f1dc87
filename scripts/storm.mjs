// `npm run quickstart -- --storm`: eight agents start their tests at the same moment. They share a memory budget, wait where it
// is used up, and all finish.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chalk } from 'zx';
import { startClock } from './lib/clock.mjs';
import { budgetEnvironment, ways } from './storm/run.mjs';
import { watchStorm } from './storm/watch.mjs';
import { makeStormWorkspace, suiteMb } from './storm/workspace.mjs';

const agents = 8;
const budgetMb = 1000;

/** Plays the storm. Gives the exit status: 1 when something that was promised did not hold. */
export async function playStorm({ root, environment, totalMb }) {
  const home = mkdtempSync(join(tmpdir(), 'test-governor-storm-'));
  const workspace = join(home, 'workspace');
  makeStormWorkspace(workspace, { count: agents, modules: join(root, 'node_modules') });
  console.log(
    `\n${chalk.bold(`${agents} agents start their tests at once. Each takes over ${suiteMb} MB; together they may take ${budgetMb} MB.`)}\n`,
  );
  const elapsed = startClock();
  const tell = (agent, line) => {
    if (/^test-governor: /.test(line)) console.log(`  ${chalk.cyan(`agent ${agent}`)} ${line.slice(15)}`);
    if (/^Tests: /.test(line)) console.log(`  ${chalk.cyan(`agent ${agent}`)} ${chalk.green(line)}`);
  };
  try {
    const running = ways.governed({
      root,
      count: agents,
      cwd: workspace,
      env: budgetEnvironment({ ...environment, BASESHOP_STATE_DIR: join(home, 'state') }, budgetMb, totalMb),
      onLine: tell,
    });
    const { peakMb } = await watchStorm(running);
    const statuses = await running;
    const passed = statuses.filter((status) => status === 0).length;
    const withinBudget = peakMb <= budgetMb * 1.1;
    const mark = (holds) => (holds ? chalk.green('✓') : chalk.red('✗ not so:'));
    console.log(
      `\n  ${mark(passed === agents)} all ${agents} finished with their tests passed, after ${elapsed()}`,
    );
    console.log(
      `  ${mark(withinBudget)} the most memory that they had at one moment was ${Math.round(peakMb)} MB of ${budgetMb} MB; all at once they would have taken more than ${agents * suiteMb} MB`,
    );
    return passed === agents && withinBudget ? 0 : 1;
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  }
}
