import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { openRunLab, written } from './run-lab.ts';

const lab = openRunLab();

/** How many runs are in the history. */
function remembered(): number {
  const file = join(lab.state, 'history.json');
  return existsSync(file) ? (readFileSync(file, 'utf8').match(/"durations":\[[^\]]/g) ?? []).length : 0;
}

test('a run that is asked to end, or that runs no test, tells nothing of the memory that others like it need', async () => {
  // Otherwise five runs that were cut short in their first second let in one that takes all the memory there is.
  lab.runner('echo started > "$LAB/started"; exec sleep 30');
  const { child, ended } = lab.start();
  await written(lab.file('started'));
  child.kill('SIGTERM');
  expect(await ended).toMatchObject({ status: 143 });
  // A flag that pytest does not know.
  lab.runner('exit 4');
  expect(await lab.start().ended).toMatchObject({ status: 4 });
  expect(remembered()).toBe(0);
  lab.runner('exit 1');
  expect(await lab.start().ended).toMatchObject({ status: 1 });
  expect(remembered()).toBe(1);
});
