import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { makePlaces, settle } from '../../src/queue/places.ts';
import { openQueueLab, type QueueLab, testGovernor } from './queue-lab.ts';

jest.setTimeout(60_000);

/** Puts a file or a dangling link in the place of the queue's directory, or of one in it. */
function obstruct(lab: QueueLab, place: string, what: 'file' | 'link'): string {
  const path = join(lab.queue, place);
  mkdirSync(lab.state, { mode: 0o700 });
  makePlaces(lab.queue);
  settle(lab.queue);
  rmSync(path, { recursive: true });
  if (what === 'file') writeFileSync(path, '');
  else symlinkSync(join(lab.path, 'nowhere'), path);
  return path;
}

describe.each([
  ['', 'file', 'is not a directory'],
  ['', 'link', 'is a symbolic link that leads nowhere'],
  ['leases', 'file', 'is not a directory'],
  ['leases', 'link', 'is a symbolic link that leads nowhere'],
  ['tickets', 'file', 'is not a directory'],
  ['tickets', 'link', 'is a symbolic link that leads nowhere'],
] as const)('where queue/%s is a %s', (place, what, detail) => {
  test('a run starts no tests, and says what to remove', async () => {
    const lab = openQueueLab();
    const path = obstruct(lab, place, what);
    const { status, stderr } = await lab.run('kept out').ended;
    expect(stderr).toBe(
      `test-governor: no tests ran. The queue cannot be used: ${path} ${detail}; to mend that: rm '${path}'; "test-governor doctor" says more.\n`,
    );
    expect(status).toBe(75);
    expect(lab.log()).toEqual([]);
  });

  test('everybody who looks at the queue says so, and nobody says that it is free', async () => {
    const lab = openQueueLab();
    const path = obstruct(lab, place, what);
    const mend = `rm '${path}', or export BASESHOP_STATE_DIR=<a directory of your own>`;
    const sentence = `the queue cannot be used: ${path} ${detail}; to mend that: ${mend}`;
    const said = { status: 75, stderr: `test-governor: ${sentence}\n` };
    const words = await lab.cli('status');
    expect(words).toMatchObject(said);
    expect(words.stdout).toContain(`${sentence}\n`);
    const json = await lab.cli('status', '--json');
    expect(json).toMatchObject(said);
    expect(JSON.parse(json.stdout).queues[0]).toEqual({ refused: sentence });
    expect(await lab.cli('clean-stale')).toMatchObject({ ...said, stdout: '' });
    expect(await lab.start(testGovernor, ['status']).ended).toMatchObject({ ...said, stdout: '' });
    expect(await lab.cli('acquire', '--pid', String(process.pid))).toMatchObject({
      status: 75,
      stdout: '',
      stderr: `test-governor: no place acquired: ${sentence}\n`,
    });
    const doctor = await lab.start(testGovernor, ['doctor', '--json']).ended;
    expect(doctor.status).toBe(1);
    expect(JSON.parse(doctor.stdout).findings).toContainEqual({
      subject: 'state of the repository',
      health: 'broken',
      detail: `${path} ${detail}`,
      mend,
    });
  });
});

test('a run that was to skip the queue and cannot leaves nothing in the line', async () => {
  const lab = openQueueLab();
  obstruct(lab, 'leases', 'file');
  const { status } = await lab.run('kept out', { environment: { BASESHOP_ALLOW_OVERLOAD: '1' } }).ended;
  expect(status).toBe(75);
  expect(lab.list('tickets')).toEqual([]);
});

test('a link to a directory is as good as the directory', async () => {
  const lab = openQueueLab();
  mkdirSync(lab.state, { mode: 0o700 });
  mkdirSync(join(lab.path, 'elsewhere'), { mode: 0o700 });
  symlinkSync(join(lab.path, 'elsewhere'), lab.queue);
  lab.finish('linked');
  expect(await lab.run('linked').ended).toMatchObject({ status: 0, stderr: '' });
  expect(await lab.cli('clean-stale')).toMatchObject({ status: 0, stdout: 'Nothing is stale.\n' });
});

test('a state directory that cannot be made is refused with what is in its way and how to choose another', async () => {
  const lab = openQueueLab();
  writeFileSync(join(lab.path, 'test-governor.config.json'), '{"envPrefix":"ACME"}');
  const environment = { ACME_STATE_DIR: '/proc/x', ACME_KILL_GRACE: '1' };
  const why =
    'he queue cannot be used: /proc/x cannot be made: /proc takes no new directories; to mend that: export ACME_STATE_DIR=<a directory of your own>\n';
  expect(await lab.run('kept out', { environment }).ended).toMatchObject({
    status: 75,
    stderr: `test-governor: no tests ran. T${why}`,
  });
  expect(await lab.start(testGovernor, ['queue', 'status'], { environment }).ended).toMatchObject({
    status: 75,
    stderr: `test-governor: t${why}`,
  });
});
