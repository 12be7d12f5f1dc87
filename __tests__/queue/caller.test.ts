import { describe, expect, test } from '@jest/globals';
import {
  ancestorDetails,
  detailsFromProc,
  detailsFromPs,
  type ProcessDetails,
} from '../../src/process-details.ts';
import { findCaller, findFamily } from '../../src/queue/caller.ts';

const shell = {
  name: 'bash',
  command: '/bin/bash\0bash\0deploy.sh\0',
  layout: '1 2',
  terminal: '34816',
  session: '7',
};

function chain(...ancestors: readonly Partial<ProcessDetails>[]): readonly ProcessDetails[] {
  return ancestors.map((details, index) => ({ ...shell, pid: 100 - index, parent: 99 - index, ...details }));
}

describe('the caller', () => {
  const login = { command: '/bin/bash\0-bash\0', layout: '9 9' };
  test.each<[string, readonly Partial<ProcessDetails>[], number]>([
    ['is our parent', [{}, login], 100],
    ['is the shell of a subshell', [{}, {}, login], 99],
    ['is the shell of a pipeline within a substitution', [{}, {}, {}, login], 98],
    ['is a script that was called by itself with the same arguments', [{}, { layout: '7 7' }, login], 100],
    ['is what can be seen, where layouts are not told', [{ layout: null }, { layout: null }, login], 99],
    ['is our parent when nobody may see its command line', [{ command: null }, { command: null }], 100],
  ])('%s', (_, ancestors, pid) => {
    expect(findCaller(chain(...ancestors), '7')).toEqual({ kind: 'found', pid });
  });

  test('is none when nothing can be seen', () => {
    expect(findCaller([], '7')).toEqual({ kind: 'none' });
  });

  test.each([
    ['npm', '/usr/bin/node\0npm exec test-governor queue acquire\0'],
    ['npx', '/usr/bin/node\0node\0/usr/lib/node_modules/npm/bin/npx-cli.js\0test-governor\0'],
    ['pnpm', '/usr/bin/node\0node\0/opt/pnpm/bin/pnpm.cjs\0exec\0'],
    ['yarn', 'node /opt/yarn/bin/yarn.js test-governor'],
    ['bunx', '/opt/bun/bin/bunx\0bunx\0test-governor\0'],
    ['bun', '/opt/bun/bin/bun\0bun\0run\0--silent\0load\0'],
    ['bun', '/opt/node_modules/bun/bin/bun.exe\0bun\0load\0--fast\0'],
    ['bun', '/opt/homebrew/bin/bun run load'],
    ['bun', '/opt/homebrew/bin/bun --env-file=.env run load'],
  ])('is named when it is %s', (name, command) => {
    expect(findCaller(chain({ command }), '7')).toEqual({ kind: 'launcher', name });
  });

  test('is a script also when it is called like what starts other programs', () => {
    const script = { name: 'init', command: '/usr/bin/bash\0/bin/bash\0./init\0' };
    expect(findCaller(chain(script), '7')).toEqual({ kind: 'found', pid: 100 });
    expect(findCaller(chain({ ...script, pid: 1 }), '8')).toEqual({ kind: 'manager', name: 'init' });
  });

  test('is a package manager when the shell between is for our command alone, else that shell', () => {
    const npm = { command: '/usr/bin/node\0npm exec test-governor\0', layout: '5 5' };
    const shellOf = (text: string) => ({ command: `/bin/dash\0sh\0-c\0${text}\0` });
    expect(findCaller(chain(shellOf('test-governor queue acquire'), npm), '7')).toEqual({
      kind: 'launcher',
      name: 'npm',
    });
    expect(findCaller(chain(shellOf('test-governor queue acquire && ./load.sh'), npm), '7')).toMatchObject({
      pid: 100,
    });
  });

  test.each<[string, number]>([
    ['test-governor queue acquire', 99],
    ['/opt/bin/test-governor queue acquire --timeout 5 >ticket.json', 99],
    ['test-governor queue acquire >ticket.json 2>&1', 99],
    ["test-governor queue acquire --label 'load & unload'", 99],
    ['\ntest-governor queue acquire;\n', 99],
    ['test-governor queue release --mine', 99],
    ['test-governor queue release --mine >&2', 99],
    ['test-governor queue acquire && ./load.sh', 100],
    ['./load.sh', 100],
    ['TICKET=$(test-governor queue acquire) ./load.sh', 100],
  ])('below a shell that a program has started for %j is whoever lives on', (text, pid) => {
    const python = { name: 'python3', command: '/usr/bin/python3\0python3\0load.py\0', layout: '5 5' };
    const dash = { name: 'sh', command: `/bin/dash\0sh\0-c\0${text}\0` };
    expect(findCaller(chain(dash, python), '7')).toEqual({ kind: 'found', pid });
  });

  test('below a shell with other flags, or one that nobody is seen to have started, is not that shell', () => {
    const dash = { name: 'sh', command: '/bin/dash\0sh\0-ec\0test-governor queue acquire\0' };
    const make = { name: 'make', command: '/usr/bin/make\0make\0load\0', layout: '5 5' };
    expect(findCaller(chain(dash, make), '7')).toEqual({ kind: 'found', pid: 99 });
    expect(findCaller(chain(dash), '7')).toEqual({ kind: 'none' });
  });

  test.each<[string, Partial<ProcessDetails>]>([
    ['the first process of the machine', { pid: 1, name: 'process-1', session: '1' }],
    [
      'what a desktop runs below',
      { name: 'systemd', session: '7', command: '/usr/lib/systemd/systemd\0/lib/systemd/systemd\0--user\0' },
    ],
    ['a terminal multiplexer', { name: 'tmux: server', session: '6', command: '/usr/bin/tmux\0tmux\0' }],
  ])('is not %s: it has only taken over who asks, and lives for ever', (_, details) => {
    expect(findCaller(chain(details), '7')).toEqual({ kind: 'manager', name: details.name });
  });

  test('is the script that is the first process of a container', () => {
    expect(findCaller(chain({ pid: 1 }), '7')).toEqual({ kind: 'found', pid: 1 });
  });

  test.each([
    '/bin/bash\0bash\0npm-release.sh\0',
    '/usr/bin/node\0node\0/srv/npm/server.js\0',
    '/opt/bun/bin/bun\0bun\0run\0load.ts\0',
    '/opt/bun/bin/bun\0bun\0./load\0',
    '/opt/bun/bin/bun\0bun\0test\0load\0',
    '/opt/homebrew/bin/bun load.ts',
    '/opt/homebrew/bin/bun --cwd=web load.ts',
    '/opt/homebrew/bin/bun --cwd web load.ts',
  ])('is no launcher because of a name that looks like one: %j', (command) => {
    expect(findCaller(chain({ command }), '7')).toEqual({ kind: 'found', pid: 100 });
  });
});

describe('what is mine', () => {
  const none = { terminal: null };
  test.each<[string, string | null, readonly Partial<ProcessDetails>[], readonly number[]]>([
    [
      'on a terminal: all below its first shell',
      '34816',
      [{}, {}, { ...none, name: 'gnome-terminal' }],
      [99],
    ],
    [
      'of a program without a terminal: all of the terminal that it was started from',
      null,
      [none, {}, {}, { ...none, name: 'sshd' }],
      [98],
    ],
    [
      'without any terminal: all ancestors below a service manager',
      null,
      [none, none, { ...none, name: 'systemd' }, none],
      [100, 99],
    ],
    [
      'without any terminal and manager: all below pid 1',
      null,
      [none, none, { ...none, pid: 1, name: 'agent' }],
      [100, 99],
    ],
    ['when nothing can be seen: nothing', null, [], []],
    ['on a terminal that no ancestor has: nothing', '34820', [none], []],
  ])('%s', (_, terminal, ancestors, family) => {
    expect(findFamily(terminal, chain(...ancestors))).toEqual(family);
  });
});

describe('the details of a process', () => {
  test('are read from /proc for this one and its ancestors', () => {
    const own = detailsFromProc(process.pid);
    expect(own).toMatchObject({ pid: process.pid, parent: process.ppid });
    expect(own?.command).toContain(process.execPath);
    expect(own?.layout).toMatch(/^\d+ \d+$/);
    expect(ancestorDetails(process.pid)[0]?.pid).toBe(process.ppid);
    expect(detailsFromProc(4_194_303)).toBeNull();
  });

  // Recorded from ps on macOS 14.
  test.each<[string, Partial<ProcessDetails>]>([
    ['  512 ttys003  -zsh', { parent: 512, name: 'zsh', terminal: 'ttys003' }],
    ['    1 ??       /usr/sbin/sshd -i', { parent: 1, name: 'sshd', terminal: null }],
    [
      ' 4410 ttys001  /opt/homebrew/bin/bash deploy.sh --all',
      { name: 'bash', command: '/opt/homebrew/bin/bash deploy.sh --all' },
    ],
  ])('are read from a line of ps: %s', (line, expected) => {
    expect(detailsFromPs(7, line)).toMatchObject({ pid: 7, layout: null, ...expected });
  });

  test('are none for what is no line of ps', () => {
    expect(detailsFromPs(7, '')).toBeNull();
  });
});
