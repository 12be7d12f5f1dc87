import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { openPrivateDirectory, openStateDirectory, userDirectory } from '../src/state-directory.ts';
import { scratch } from './telemetry/support.ts';

let place = scratch();
let worktree = '';
beforeEach(() => {
  place = scratch();
  worktree = join(place.path, 'work tree');
  mkdirSync(worktree);
});
afterEach(() => place.remove());

const modeOf = (path: string) => lstatSync(path).mode & 0o7777;
const isRoot = process.geteuid?.() === 0;

/** Opens the state directory as a command in `worktree` would. */
function open(environment: Readonly<Record<string, string>> = {}, mainWorktree: string | null = worktree) {
  return openStateDirectory({
    environment: { HOME: join(place.path, 'home'), ...environment },
    envPrefix: 'BASESHOP',
    cwd: place.path,
    mainWorktree: () => mainWorktree,
  });
}

const refusal = (path: string, reason: string) => ({
  kind: 'refused',
  path,
  reason: expect.stringContaining(`${path} ${reason}`),
});

describe('the state of a repository', () => {
  test('lies in its main worktree, closed to others and invisible to git', () => {
    const path = join(worktree, '.cache', 'test-governor');
    expect(open()).toEqual({ kind: 'ok', path });
    expect(modeOf(path)).toBe(0o700);
    expect(readFileSync(join(path, '.gitignore'), 'utf8')).toBe('*\n');
    expect(open()).toEqual({ kind: 'ok', path });
  });

  test('lies where the variable says, with its own prefix, relative to where the command runs', () => {
    const chosen = join(place.path, 'chosen', 'deep');
    expect(open({ BASESHOP_STATE_DIR: chosen })).toEqual({ kind: 'ok', path: chosen });
    expect(modeOf(chosen)).toBe(0o700);
    expect(open({ BASESHOP_STATE_DIR: 'here' })).toEqual({ kind: 'ok', path: join(place.path, 'here') });
    expect(open({ OTHER_STATE_DIR: chosen, BASESHOP_STATE_DIR: '' })).toMatchObject({
      path: join(worktree, '.cache', 'test-governor'),
    });
  });

  test('lies in the directory of the user outside of a repository', () => {
    expect(open({}, null)).toEqual({
      kind: 'ok',
      path: join(place.path, 'home', '.cache', 'test-governor'),
    });
  });

  test('of another user lies with us instead: root must not leave files in it', () => {
    // Root can give a worktree away; for everybody else the machine's own directories are another user's.
    const foreign = isRoot ? worktree : '/usr';
    if (isRoot) {
      chownSync(worktree, 65534, 65534);
    }
    const path = join(place.path, 'home', '.cache', 'test-governor');
    expect(open({}, foreign)).toEqual({ kind: 'ok', path });
    expect(() => lstatSync(join(foreign, '.cache'))).toThrow();
  });
});

describe('the directory of the user', () => {
  const find = (environment: Readonly<Record<string, string>>) =>
    userDirectory(environment, 'BASESHOP', '/current');

  test('is the one that the variable names', () => {
    expect(find({ BASESHOP_STATE_DIR: '/state', XDG_RUNTIME_DIR: place.path })).toBe('/state');
    expect(find({ BASESHOP_STATE_DIR: 'state' })).toBe('/current/state');
  });

  test('lies in the runtime directory when that is there and ours', () => {
    expect(find({ XDG_RUNTIME_DIR: place.path, HOME: '/home/me' })).toBe(join(place.path, 'test-governor'));
    for (const other of [join(place.path, 'missing'), 'relative', '', isRoot ? '' : '/']) {
      expect(find({ XDG_RUNTIME_DIR: other, HOME: '/home/me' })).toBe('/home/me/.cache/test-governor');
    }
  });

  test('lies in the cache directory otherwise', () => {
    expect(find({ XDG_CACHE_HOME: '/cache', HOME: '/home/me' })).toBe('/cache/test-governor');
    expect(find({ XDG_CACHE_HOME: 'cache', HOME: '/home/me' })).toBe('/home/me/.cache/test-governor');
    expect(find({})).toBe(join(os.userInfo().homedir, '.cache', 'test-governor'));
  });

  test('lies in the home directory that the system knows where HOME names none', () => {
    const known = jest.spyOn(os, 'userInfo').mockReturnValue({ ...os.userInfo(), homedir: '/home/known' });
    try {
      expect(find({ HOME: '' })).toBe('/home/known/.cache/test-governor');
      expect(find({ HOME: 'relative' })).toBe('/home/known/.cache/test-governor');
      known.mockImplementation(() => {
        throw new Error('there is no such user');
      });
      expect(find({})).toBe('/.cache/test-governor');
    } finally {
      known.mockRestore();
    }
  });
});

describe('a directory', () => {
  const path = () => join(place.path, 'state');

  test('of our own that others could write to is closed to them when it holds only our files', () => {
    mkdirSync(path());
    // What a killed doctor leaves of its trial, too.
    for (const name of ['events.jsonl', '.doctor-00c0ffee00c0ffee']) writeFileSync(join(path(), name), '');
    // The machine's queue of a directory that was chosen, and a queue whose maker was killed before it could name it.
    for (const name of ['machine', 'queue.4711']) mkdirSync(join(path(), name));
    chmodSync(path(), 0o777);
    expect(openPrivateDirectory(path())).toEqual({ kind: 'ok', path: path() });
    expect(modeOf(path())).toBe(0o700);
  });

  test('that others could write to is refused when they have put something there under our names', () => {
    const queue = join(path(), 'queue');
    mkdirSync(queue, { recursive: true });
    // Root can give it away; for everybody else a name that is not ours stands for it.
    if (isRoot) chownSync(queue, 65534, 65534);
    else writeFileSync(join(path(), 'of-somebody'), '');
    chmodSync(path(), 0o777);
    expect(openPrivateDirectory(path())).toEqual(refusal(path(), 'is writable by other users'));
  });

  test('that others share is refused, and keeps its mode', () => {
    mkdirSync(path());
    writeFileSync(join(path(), 'their-work'), '');
    for (const mode of [0o775, 0o1777]) {
      chmodSync(path(), mode);
      expect(openPrivateDirectory(path())).toEqual(refusal(path(), 'is writable by other users'));
      expect(modeOf(path())).toBe(mode);
    }
  });

  test('that others may only read is fine as it is', () => {
    mkdirSync(path());
    chmodSync(path(), 0o755);
    expect(openPrivateDirectory(path())).toEqual({ kind: 'ok', path: path() });
    expect(modeOf(path())).toBe(0o755);
  });

  test('behind a link is refused, wherever the link leads', () => {
    mkdirSync(join(place.path, 'target'));
    for (const target of ['target', 'nowhere']) {
      const link = join(place.path, `to-${target}`);
      symlinkSync(join(place.path, target), link);
      expect(openPrivateDirectory(link)).toEqual(refusal(link, 'is a symbolic link'));
    }
    expect(() => lstatSync(join(place.path, 'nowhere'))).toThrow();
  });

  test('of another user is refused', () => {
    // Root can give one away; for everybody else the machine's own directories are another user's.
    const foreign = isRoot ? path() : '/usr';
    if (isRoot) {
      mkdirSync(foreign);
      chownSync(foreign, 65534, 65534);
    }
    expect(openPrivateDirectory(foreign)).toEqual(refusal(foreign, 'is owned by another user'));
  });

  test('in whose place a file stands is refused', () => {
    writeFileSync(path(), '');
    expect(openPrivateDirectory(path())).toEqual(refusal(path(), 'is not a directory'));
  });

  test('that cannot be made is refused with what is in its way', () => {
    writeFileSync(path(), '');
    const link = join(place.path, 'link');
    symlinkSync(join(place.path, 'nowhere'), link);
    for (const [impossible, reason] of [
      [join(path(), 'below', 'a file'), `${path()} is not a directory`],
      [join(link, 'below'), `${link} is a symbolic link that leads nowhere`],
      ['/proc/test-governor/state', '/proc takes no new directories'],
      [join(place.path, 'x'.repeat(300)), 'the system says ENAMETOOLONG'],
    ] as const) {
      expect(openPrivateDirectory(impossible)).toEqual({
        kind: 'refused',
        path: impossible,
        reason: `${impossible} cannot be made: ${reason}`,
      });
    }
  });

  if (!isRoot) {
    test('that cannot be made in one that is not ours to write to is refused with its name', () => {
      expect(openPrivateDirectory('/usr/test-governor/state')).toEqual(
        refusal('/usr/test-governor/state', 'cannot be made: /usr cannot be written to'),
      );
    });
  }

  test('is made with mode 0700 whatever the umask', () => {
    const before = process.umask(0o777);
    try {
      expect(openPrivateDirectory(path())).toEqual({ kind: 'ok', path: path() });
    } finally {
      process.umask(before);
    }
    expect(modeOf(path())).toBe(0o700);
  });
});
