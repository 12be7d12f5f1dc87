import { expect, test } from '@jest/globals';
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
