import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readEvents } from '../helpers/shell.ts';
import { openQueueLab, until } from './queue-lab.ts';

const lab = openQueueLab();

test('twenty runs and scripts that ask at once start in the order of their tickets, one at a time', async () => {
  const holder = lab.run('first');
  await lab.started('first');
  const names = Array.from({ length: 20 }, (_, index) => `waiter${index}`);
  lab.finish(...names);
  const waiters = names.map((name, index) =>
    index % 7 !== 3
      ? lab.run(name)
      : lab.script(`
          place=$(test-governor queue acquire --pid $$) || exit
          id=\${place#*:\\"} && id=\${id%%\\"*}
          echo "start ${name} $id" >>"$LAB/log"; echo "end ${name}" >>"$LAB/log"
          test-governor queue release "$id"`),
  );
  await until(() => lab.list('tickets').length === 20);
  expect(lab.list('leases')).toHaveLength(1);
  expect(lab.log()).toHaveLength(1);
  lab.finish('first');
  const ends = await Promise.all([holder, ...waiters].map(({ ended }) => ended));
  expect(ends.map(({ status, stderr }) => (status === 0 ? 0 : stderr))).toEqual(Array(21).fill(0));

  const log = lab.log().map((line) => line.split(' '));
  expect(log.map(([what]) => what)).toEqual(
    Array.from({ length: 42 }, (_, i) => (i % 2 === 0 ? 'start' : 'end')),
  );
  const numbers = log.flatMap(([what, , id = '']) => (what === 'start' ? [Number(id.split('-')[0])] : []));
  expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  expect(lab.list('leases')).toEqual([]);
  expect(lab.list('tickets')).toEqual([]);
});

test('a run that goes from the second place to its start says so, and what it waited for', async () => {
  const pair = openQueueLab();
  // Room for two, once the script that has the queue to itself gives it back.
  const environment = { BASESHOP_CPU_SLOT_PCT: '1' };
  const script = pair.script(
    `place=$(test-governor queue acquire --pid $$ --exclusive) || exit
     id=\${place#*:\\"} && id=\${id%%\\"*}
     echo held; until test -e "$LAB/over"; do sleep 0.02; done; test-governor queue release "$id"`,
    { environment },
  );
  await script.says(/held/);
  pair.finish('first', 'second');
  const first = pair.run('first', { environment });
  await first.says(/waiting, 1st in line/);
  const second = pair.run('second', { environment });
  await second.says(/waiting, 2nd in line/);
  writeFileSync(join(pair.path, 'over'), '');
  const ends = await Promise.all([first.ended, second.ended]);
  expect(ends.map(({ status }) => status)).toEqual([0, 0]);
  for (const { stderr } of ends) expect(stderr).toContain('starts now, after');
  const reasons = readEvents(pair.state).map(({ wait_reason: reason }) => reason);
  expect(reasons).toEqual([expect.any(String), expect.any(String)]);
});
