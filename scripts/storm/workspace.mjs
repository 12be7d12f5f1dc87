// A repository whose test suites each take some hundred MB and some seconds of a CPU, for showing and measuring what happens
// when several agents start their tests at once.
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What each suite allocates and touches, in MB: chunks of ten, so that it grows as real suites do. */
export const suiteMb = 320;

/** What a run of one suite takes with Jest around it, roughly, in MB: the class budget of the demonstration. */
const classBudgetMb = 450;

/** Square roots that each suite computes: about a second of one CPU. */
const workRounds = 100_000_000;

const suite = `
test('takes its memory, and a while', async () => {
  const chunks = [];
  for (let index = 0; index < ${suiteMb / 10}; index++) {
    chunks.push(Buffer.alloc(10 * 1024 * 1024, index + 1));
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  // A fixed amount of work: where several share a processor, each takes longer. A global is slow to look up in Jest's sandbox.
  const { sqrt } = Math;
  let sum = 0;
  for (let round = 0; round < ${workRounds}; round++) sum += sqrt(sum + round);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(chunks.every((chunk, index) => chunk[0] === (index + 1) % 256)).toBe(true);
}, 600_000);
`;

/**
 * Makes the repository in `directory`, which must be empty, with `count` suites; Jest is that of `modules`, a node_modules
 * directory.
 */
export function makeStormWorkspace(directory, { count, modules }) {
  mkdirSync(directory, { recursive: true });
  const manifest = { name: 'storm', private: true, jest: { transform: {}, watchman: false } };
  writeFileSync(join(directory, 'package.json'), JSON.stringify(manifest, null, 2));
  writeFileSync(
    join(directory, 'test-governor.config.json'),
    JSON.stringify({ classBudgetsMb: { jest: classBudgetMb } }, null, 2),
  );
  for (let index = 1; index <= count; index++) {
    writeFileSync(join(directory, `agent-${index}.test.js`), suite);
  }
  symlinkSync(modules, join(directory, 'node_modules'));
  execFileSync('git', ['init', '-q', directory]);
}
