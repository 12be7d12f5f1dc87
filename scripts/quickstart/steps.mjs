// The acts of the demonstration, in order. Each is a function of the stage and of the example workspace that shows
// something and says what must hold; to add one, write it and name it in `steps`.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Every line runs in examples/workspace, so this is where with-guard is. */
const guard = '../../bin/with-guard';
const jest = 'npx jest packages/money';
const governed = 'npm run test:governed -- jest -- packages/money';

const testsRan = (output) => /^Tests: .* passed/m.test(output);

async function warned(stage, { directory }) {
  stage.heading('1. A raw test run in a guarded bash: a warning, and the tests run');
  const { status, output } = await stage.run(directory, `${guard} bash -c '${jest}'`);
  stage.expect(output.includes(governed), `the warning names what to run instead: ${governed}`);
  stage.expect(testsRan(output), 'the tests ran');
  stage.expect(status === 0, "the exit status is jest's own");
}

async function blocked(stage, { directory }) {
  stage.heading('2. The same where policy is enforced: blocked');
  const enforced = `BASESHOP_POLICY_MODE=enforce ${guard} bash -c`;
  const raw = await stage.run(directory, `${enforced} '${jest}'`);
  stage.expect(raw.status === 126, 'the exit status is 126');
  stage.expect(!testsRan(raw.output), 'no tests ran');
  stage.expect(raw.output.includes(governed), `the message names what to run instead: ${governed}`);

  const chained = await stage.run(directory, `${enforced} '${jest} && echo next'`);
  stage.expect(chained.status === 126, 'the exit status is 126 here too');
  stage.expect(!/^next$/m.test(chained.output), 'what stands after && did not run');

  const other = await stage.run(
    directory,
    `${enforced} 'npx jest --version; npm run build --silent >/dev/null && echo built'`,
  );
  stage.expect(other.status === 0 && /^built$/m.test(other.output), 'what starts no tests is left alone');
}

async function recorded(stage, { directory, state }) {
  stage.heading('3. What was recorded of it: one line for each decision, without arguments or values');
  await stage.run(directory, 'cat .cache/test-governor/events.jsonl');
  const events = readEvents(join(state, 'events.jsonl'));
  const outcomes = events.map(({ policy_mode: mode, outcome }) => `${outcome} (${mode})`).join(', ');
  const expected = 'warned (warn), blocked (enforce), blocked (enforce)';
  stage.expect(outcomes === expected, `three decisions, three events: ${expected}`);
}

async function queued(stage, { directory, state }) {
  stage.heading(
    '4. Two governed runs at once, as two terminals or two agents would start them: they take turns',
  );
  const run = (path) => `npm run -s test:governed -- jest -- ${path}`;
  const line = `${run('packages/money')} & ${run('packages/slug')} && wait $!`;
  const { status, output } = await stage.run(directory, line);
  stage.expect(
    /test-governor: waiting, (1st|2nd) in line: .* Waiting, not hung\./.test(output),
    'the second says at once whom it waits for, and that it is not hung',
  );
  stage.expect(/test-governor: starts now, after /.test(output), 'it starts when the first has ended');
  stage.expect(output.match(/^Tests: .* passed/gm)?.length === 2, 'both ran their tests');
  stage.expect(status === 0, "both exit statuses are jest's own");
  const runs = readEvents(join(state, 'events.jsonl')).filter(({ event }) => event === 'run');
  stage.expect(
    runs.length === 2 && runs.some(({ queued_ms: waited }) => waited > 100),
    'both are recorded, with the time that each spent in the queue',
  );
  await stage.run(directory, '../../bin/test-governor queue status');
}

function readEvents(file) {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

export const steps = [warned, blocked, recorded, queued];
