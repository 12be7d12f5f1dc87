import { describe, expect, jest, test } from '@jest/globals';
import { openQueueLab } from '../queue/queue-lab.ts';

jest.setTimeout(60_000);

/** What a script does first to stand in a directory that was deleted under it, as the worktree of an agent is. */
const intoNowhere = 'mkdir "$LAB/worktree"; cd "$LAB/worktree"; rmdir "$LAB/worktree"';

const sentence = 'the current directory does not exist any more; cd to one that does\n';

describe('in a current directory that was deleted', () => {
  test.each([
    ['test-governor run jest', `test-governor: no tests ran: ${sentence}`],
    ['test-governor queue status', `test-governor: ${sentence}`],
    ['test-governor doctor', `test-governor: ${sentence}`],
    ['test-governor policy', `test-governor: ${sentence}`],
    ['test-governor queue acquire --pid $$', `test-governor: ${sentence}`],
    ['safe-test-runner', `safe-test-runner: no tests ran: ${sentence}`],
    ['load-monitor', `load-monitor: ${sentence}`],
  ])('%s says so in one sentence, and ends with 75', async (command, stderr) => {
    const lab = openQueueLab();
    const environment = { TEST_THROTTLE_ENABLED: 'true' };
    const { ended } = lab.script(`${intoNowhere}; ${command}`, { environment });
    expect(await ended).toEqual({ status: 75, signal: null, stdout: '', stderr });
  });

  test.each(['--help', '--version', 'queue release --help'])('%s is answered as anywhere', async (words) => {
    const lab = openQueueLab();
    const gone = await lab.script(`${intoNowhere}; test-governor ${words}`).ended;
    expect(gone).toEqual(await lab.script(`test-governor ${words}`).ended);
    expect(gone).toMatchObject({ status: 0, stderr: '' });
  });

  test.each([
    ['that BASESHOP_STATE_DIR names', {}],
    ['of the machine', { BASESHOP_STATE_DIR: '', BASESHOP_TEST_LOCK_SCOPE: 'machine' }],
  ])('a script gives its place in the queue %s back', async (_, environment) => {
    const lab = openQueueLab();
    const { ended } = lab.script(
      `test-governor queue acquire --pid $$ >/dev/null
       ${intoNowhere}
       test-governor queue release --mine --pid $$; echo "release $?"
       cd "$LAB"; test-governor queue status`,
      { environment },
    );
    const { stdout, stderr } = await ended;
    expect(stdout).toContain('release 0\n');
    expect(stdout).toContain('last release:');
    expect(stdout).not.toContain('running');
    expect(stderr).toBe('');
  });

  test('a script whose queue nobody can tell any more is told so', async () => {
    const lab = openQueueLab();
    for (const chosen of ['', 'relative']) {
      const environment = { BASESHOP_STATE_DIR: chosen };
      const script = `rmdir "$LAB/worktree" 2>/dev/null; ${intoNowhere}; test-governor queue release --mine --pid $$`;
      expect(await lab.script(script, { environment }).ended).toMatchObject({
        status: 75,
        stderr: `test-governor: ${sentence}`,
      });
    }
  });
});
