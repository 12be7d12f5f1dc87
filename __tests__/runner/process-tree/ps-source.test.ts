// What `ps -axEww -o pid=,ppid=,stat=,rss=,lstart=,command=` prints on macOS: written after its manual and the rows
// that others have published, not recorded on a machine of our own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { identify } from '../../../src/process-identity.ts';
import { psSource } from '../../../src/runner/process-tree/ps-source.ts';
import { openSignaller } from '../../../src/runner/process-tree/signal.ts';
import { survey } from '../../../src/runner/process-tree/survey.ts';

const cookie = '0123456789abcdef';
const output = `
    1     0 Ss    18432 Mon Mar  2 08:15:42 2026     /sbin/launchd
  312     1 S     40960 Mon Mar  2 08:16:01 2026     /System/Applications/Utilities/Terminal.app/Contents/MacOS/Terminal
 9120   312 Ss     3072 Tue Mar  3 09:58:10 2026     -zsh TERM=xterm-256color HOME=/Users/ana
 9300  9120 S+    51200 Tue Mar  3 10:05:31 2026     node /Users/ana/app/node_modules/.bin/jest HOME=/Users/ana BASESHOP_GOVERNED_LEASE=${cookie}
 9301  9300 S+   102400 Tue Mar  3 10:05:32 2026     /usr/local/bin/node worker.js BASESHOP_GOVERNED_LEASE=${cookie} HOME=/Users/ana
 9302     1 Ss     1024 Tue Mar  3 10:05:33 2026     sleep 900 BASESHOP_GOVERNED_LEASE=${cookie}
 9303  9301 T      1024 Tue Mar  3 10:05:33 2026     /bin/sleep 900
 9304     1 S      1024 Tue Mar  3 10:05:34 2026     sleep 900 BASESHOP_GOVERNED_LEASE=${cookie}0
 9305     1 S      1024 Tue Mar  3 10:05:34 2026     grep GOVERNED_LEASE=${cookie}
 9306  9301 Z         0 Tue Mar  3 10:05:34 2026     (node)
 9307  9302 S      1024 Tue Mar  3 10:05:12 2026     sleep 900
`;
const source = psSource(output);

test('a stopped process goes on also while nothing can be seen, and gets no other signal', async () => {
  const child = spawn('sleep', ['1000'], { stdio: 'ignore' });
  const identity = identify(child.pid ?? 0);
  if (identity === null) throw new Error('sleep has ended');
  child.kill('SIGSTOP');
  const send = openSignaller(psSource(''));
  expect([send(identity, 'SIGTERM'), send(identity, 'SIGCONT')]).toEqual(['gone', 'sent']);
  child.kill('SIGKILL');
  expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
});

describe('the output of ps with environments', () => {
  test('gives name, parent, memory and start of each process that lives', () => {
    expect(source.row(9301)).toMatchObject({
      identity: {
        pid: 9301,
        startTime: 'Tue Mar  3 10:05:32 2026',
        bootId: 'Mon Mar  2 08:15:42 2026',
        namespace: null,
      },
      parent: 9300,
      name: 'node',
      isStopped: false,
      residentBytes: 100 * 1024 * 1024,
      age: Date.parse('2026-03-03T10:05:32Z'),
    });
    expect(source.row(9303)).toMatchObject({ name: 'sleep', isStopped: true });
    expect(source.row(9306)).toBeNull();
    expect(source.row(42)).toBeNull();
    expect(source.pids()).toHaveLength(10);
  });

  test('shows who belongs to a run: by cookie and by descent, and nobody that is older than their parent', () => {
    const leader = source.row(9300)?.identity ?? null;
    const { rows } = survey({ work: { cookie, leader, cgroups: [] }, known: [], source });
    expect(rows.map(({ identity }) => identity.pid)).toEqual([9300, 9301, 9302, 9303]);
  });

  test('that is empty is not taken for a machine on which nothing runs', () => {
    expect(psSource('').pids()).toEqual([]);
    const work = { cookie, leader: null, cgroups: [] };
    expect(survey({ work, known: [], source: psSource('') })).toEqual({ rows: [], certainty: 'blind' });
    expect(survey({ work: { ...work, cookie: 'f'.repeat(16) }, known: [], source })).toEqual({
      rows: [],
      certainty: 'sure',
    });
  });
});
