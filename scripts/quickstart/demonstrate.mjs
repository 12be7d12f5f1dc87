import { rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { chalk } from 'zx';
import { openStage } from './stage.mjs';
import { steps } from './steps.mjs';

/** Plays all steps. Gives the exit status: 1 when something that was promised did not hold. */
export async function demonstrate({ root, example, environment }) {
  // A state of its own, new each time, so that what is shown is what this run wrote.
  const state = join(example, '.cache', 'test-governor');
  rmSync(state, { recursive: true, force: true });
  // turbo's telemetry is for its own users to agree to, not for a demonstration.
  const stage = openStage({
    ...environment,
    BASESHOP_STATE_DIR: state,
    TURBO_TELEMETRY_DISABLED: '1',
    // Two small runs are to be seen now, also where the load is above MAX_LOAD.
    TEST_THROTTLE_ENABLED: 'false',
  });

  stage.heading('In examples/workspace: three small packages with real Jest suites');
  for (const step of steps) await step(stage, { directory: example, state });

  if (stage.broken.length > 0) {
    const count = stage.broken.length;
    console.log(
      `\n${chalk.red(`The quickstart found ${count} thing${count === 1 ? '' : 's'} that ${count === 1 ? 'is' : 'are'} not as promised:`)}`,
    );
    for (const sentence of stage.broken) console.log(`  not so: ${sentence}`);
    return 1;
  }
  stage.heading('All as promised. Next, type');
  const here = relative(process.cwd(), example);
  for (const [command, what] of [
    [`cd ${here === '' ? '.' : quote(here)}`, 'the example workspace'],
    ['../../bin/with-guard bash', 'a guarded shell; try npx jest, npm test, ./node_modules/.bin/jest in it'],
    ['../../bin/test-governor queue status', 'who runs, who waits, for how long'],
    ['../../bin/test-governor doctor', 'in that shell: which layers are active'],
    [`../../bin/test-governor classify -- 'npx jest --ci'`, 'the verdict for any command line'],
    [
      `source ${quote(join(root, 'hooks', 'guarded.sh'))}`,
      'as the first line of ~/.bashrc, ~/.bash_profile and ~/.zshenv: every new shell is guarded',
    ],
  ]) {
    console.log(`  ${command}\n      ${chalk.dim(what)}`);
  }
  return 0;
}

function quote(path) {
  return /^[\w/.+-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
