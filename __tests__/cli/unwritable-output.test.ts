import { existsSync } from 'node:fs';
import { describe, expect, jest, test } from '@jest/globals';
import { openQueueLab } from '../queue/queue-lab.ts';

jest.setTimeout(60_000);

const commands = [
  'test-governor queue status',
  'test-governor queue status --json',
  'test-governor queue clean-stale',
  'test-governor status',
  'test-governor classify -- jest',
  'test-governor --help',
  'test-governor run --help',
  'load-monitor',
  'safe-test-runner --help',
];

// A file that takes nothing, as on a full disk; Linux has one.
if (existsSync('/dev/full')) {
  describe('output that cannot be written', () => {
    test.each(commands)('ends %s with 74 and one sentence', async (command) => {
      const [name] = command.split(' ');
      expect(await openQueueLab().script(`${command} >/dev/full`).ended).toMatchObject({
        status: 74,
        stderr: `${name}: standard output cannot be written: the disk is full\n`,
      });
    });

    test.each([
      ['test-governor queue acquire --slots none', 64],
      ['load-monitor --no-such-option', 64],
    ])('does not change the status of %s when it has nowhere to complain', async (command, status) => {
      expect(await openQueueLab().script(`${command} 2>/dev/full`).ended).toMatchObject({ status });
    });
  });
}

test.each(commands)('%s ends without a word when its reader has seen enough', async (command) => {
  const { ended } = openQueueLab().script(
    // The reader is gone before anything is written.
    `exec 3> >(:); sleep 0.2; ${command} >&3; echo $?`,
  );
  expect(await ended).toMatchObject({ stdout: '141\n', stderr: '' });
});
