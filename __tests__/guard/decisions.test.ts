import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { collectDecisions, findCovering, recordDecision } from '../../src/guard/decisions.ts';
import { lineage, type ProcessIdentity } from '../../src/process-identity.ts';
import { linuxTable, type ProcessTable } from '../../src/process-table.ts';
import type { Layer } from '../../src/telemetry/event.ts';
import { scratch } from '../telemetry/support.ts';

let home = scratch();
let directory = '';
beforeEach(() => {
  home = scratch();
  directory = join(home.path, 'decisions');
});
afterEach(() => home.remove());

/** A machine with the processes that a test names: pid → parent and start, in seconds after the epoch. */
function machine(processes: Readonly<Record<number, { parent: number; started: number }>>): ProcessTable {
  return {
    bootId: 'boot',
    namespace: 'pid:[1]',
    sight: (pid) => {
      const found = processes[pid];
      return found === undefined
        ? { kind: 'gone' }
        : {
            kind: 'running',
            parent: found.parent,
            startTime: String(found.started),
            startedAt: found.started * 1000,
            stopped: false,
          };
    },
  };
}

const now = Math.floor(Date.now() / 1000);

/** init → shell → npx (which a shim became) → node → worker, and another command of the same shell. */
const processes = {
  1: { parent: 0, started: 1 },
  10: { parent: 1, started: now - 100 },
  20: { parent: 10, started: now - 10 },
  21: { parent: 20, started: now - 9 },
  22: { parent: 21, started: now - 8 },
  30: { parent: 10, started: now - 5 },
};
const table = machine(processes);

function record(subjectPid: number, layer: Layer, on: ProcessTable = table): string {
  const token = recordDecision({ directory, subjectPid, layer, kind: 'warned' }, on);
  expect(token).toMatch(/^[0-9a-f]{32}$/);
  return token ?? '';
}

function adopt(token: string, text: string): void {
  appendFileSync(join(directory, token), text);
}

function age(token: string, seconds: number): void {
  utimesSync(join(directory, token), now - seconds, now - seconds);
}

const covering = (question: { token?: string; pid?: number; lineage?: readonly ProcessIdentity[] }) =>
  findCovering(
    {
      directory,
      token: question.token,
      lineage: question.lineage ?? (question.pid === undefined ? [] : lineage(question.pid, table)),
    },
    table,
  )?.token ?? null;

describe('a decision', () => {
  test('is a file that only its owner can read, in a directory made for it', () => {
    const token = record(10, 'text');
    expect(lstatSync(directory).mode & 0o777).toBe(0o700);
    expect(lstatSync(join(directory, token)).mode & 0o777).toBe(0o600);
    const [first = '', ...rest] = readFileSync(join(directory, token), 'utf8').split('\n');
    expect(rest).toEqual(['']);
    expect(JSON.parse(first)).toEqual({
      layer: 'text',
      kind: 'warned',
      subject: { pid: 10, startTime: String(now - 100), bootId: 'boot', namespace: 'pid:[1]' },
    });
  });

  test('is told by its token', () => {
    const token = record(10, 'text');
    expect(findCovering({ directory, token, lineage: [] }, table)).toMatchObject({
      token,
      layer: 'text',
      kind: 'warned',
      subject: { pid: 10 },
      adopted: [],
    });
  });

  test('is not stored for a process that is gone, or where nothing can be kept safely', () => {
    expect(recordDecision({ directory, subjectPid: 99, layer: 'text', kind: 'warned' }, table)).toBeNull();
    symlinkSync(home.path, join(home.path, 'link'));
    for (const unsafe of [join(home.path, 'link'), '/dev/null/decisions']) {
      expect(
        recordDecision({ directory: unsafe, subjectPid: 10, layer: 'text', kind: 'warned' }, table),
      ).toBeNull();
    }
    chmodSync(home.path, 0o777);
    writeFileSync(join(home.path, 'somebody-elses'), '');
    expect(recordDecision({ directory, subjectPid: 10, layer: 'text', kind: 'warned' }, table)).toBeNull();
  });

  test('of a real process is found from below it', () => {
    const real = linuxTable();
    const token = record(process.ppid, 'shim', real);
    expect(findCovering({ directory, token: undefined, lineage: lineage(process.pid) })?.token).toBe(token);
    expect(findCovering({ directory, token: undefined, lineage: lineage(1) })).toBeNull();
  });
});

describe('a token', () => {
  test.each([
    ['empty', ''],
    ['made up', '0123456789abcdef0123456789abcdef'],
    ['a path', '../../etc/passwd'],
    ['a path with a token at its end', './0123456789abcdef0123456789abcdef'],
    ['too long', '0123456789abcdef0123456789abcdef0'],
    ['with a newline', '0123456789abcdef0123456789abcdef\n'],
  ])('that is %s counts for nothing', (_, token) => {
    record(10, 'text');
    expect(covering({ token })).toBeNull();
  });

  const forged = 'f'.repeat(32);
  test.each([
    ['empty', (path: string) => writeFileSync(path, '')],
    ['no JSON', (path: string) => writeFileSync(path, 'warned\n')],
    ['null', (path: string) => writeFileSync(path, 'null\n')],
    ['without a subject', (path: string) => writeFileSync(path, '{"layer":"text","kind":"warned"}\n')],
    ['a directory', (path: string) => mkdirSync(path)],
  ])('whose file is %s counts for nothing', (_, make) => {
    record(10, 'text');
    make(join(directory, forged));
    expect(covering({ token: forged })).toBeNull();
  });

  test('whose file is a link, writable by others or unknown in layer or kind counts for nothing', () => {
    const token = record(10, 'text');
    const path = join(directory, token);
    const text = readFileSync(path, 'utf8');
    symlinkSync(path, join(directory, forged));
    expect(covering({ token: forged })).toBeNull();
    for (const [from, to] of [
      ['text', 'telepathy'],
      ['warned', 'blocked'],
    ] as const) {
      writeFileSync(path, text.replace(from, to));
      expect(covering({ token })).toBeNull();
    }
    writeFileSync(path, text);
    expect(covering({ token })).toBe(token);
    chmodSync(path, 0o622);
    expect(covering({ token })).toBeNull();
  });

  test('whose file belongs to somebody else counts for nothing', () => {
    const token = record(10, 'text');
    const path = join(directory, token);
    if (process.geteuid?.() === 0) {
      chownSync(path, 65534, 65534);
      expect(covering({ token, pid: 22 })).toBeNull();
    } else {
      // Only root can give a file away; elsewhere a file of root's stands in, in a directory of root's.
      expect(findCovering({ directory: '/etc', token: 'passwd', lineage: [] })).toBeNull();
    }
  });
});

describe('by ancestry', () => {
  test.each(['shim', 'preload'] as const)(
    'a decision of a %s covers what its process became, and all below',
    (layer) => {
      const token = record(20, layer);
      expect([20, 21, 22, 30, 10].map((pid) => covering({ pid }))).toEqual([token, token, token, null, null]);
    },
  );

  test.each(['text', 'function'] as const)(
    'a decision of the %s layer covers nothing by its shell, which stands above every later command',
    (layer) => {
      record(10, layer);
      expect([10, 20, 22, 30].map((pid) => covering({ pid }))).toEqual([null, null, null, null]);
    },
  );

  test('a decision covers whatever is below a process that adopted it', () => {
    const token = record(10, 'text');
    adopt(token, '20\n');
    expect([20, 22, 30, 10].map((pid) => covering({ pid }))).toEqual([token, token, null, null]);
  });

  test('a process that started after the file last changed has only got the pid of an adopter', () => {
    const token = record(10, 'text');
    adopt(token, '30\n');
    age(token, 60);
    expect(covering({ pid: 30 })).toBeNull();
    age(token, 4);
    expect(covering({ pid: 30 })).toBe(token);
  });

  test('the pids of another boot and of another container are not ours', () => {
    for (const other of [{ bootId: 'earlier' }, { namespace: 'pid:[2]' }]) {
      adopt(record(10, 'text', { ...table, ...other }), '20\n');
    }
    expect(covering({ pid: 22 })).toBeNull();
  });

  test('half a line, and a line that is no pid, are nobody', () => {
    const token = record(10, 'text');
    adopt(token, '-20\n020\n2 0\n20x\n\n20');
    expect(covering({ pid: 22 })).toBeNull();
    adopt(token, '\n');
    expect(covering({ pid: 22 })).toBe(token);
  });

  test('a later process with the pid of the subject is not the subject', () => {
    const token = record(20, 'shim');
    const later = machine({ ...processes, 20: { parent: 10, started: now } });
    expect(findCovering({ directory, token: undefined, lineage: lineage(22, later) }, later)).toBeNull();
    expect(covering({ token })).toBe(token);
  });

  test('a false token does not hide a true ancestor', () => {
    const token = record(20, 'shim');
    expect(covering({ token: 'f'.repeat(32), pid: 22 })).toBe(token);
  });

  test('the right one is found among many', () => {
    for (let count = 0; count < 200; count++) {
      record(30, 'shim');
    }
    const token = record(20, 'shim');
    expect(covering({ pid: 22 })).toBe(token);
  });
});

describe('collecting', () => {
  const collect = (at = now * 1000) => collectDecisions(directory, at, table);
  const left = () => readdirSync(directory).sort();
  /** A record whose subject is gone by now. */
  const orphan = () => record(40, 'shim', machine({ 40: { parent: 1, started: now - 500 } }));

  test('removes what nothing lives under any more', () => {
    orphan();
    const alive = record(20, 'shim');
    const adopted = orphan();
    adopt(adopted, '22\n');
    collect((now + 120) * 1000);
    expect(left()).toEqual([alive, adopted].sort());
  });

  test('removes nothing young: its command may not have reached its first shim', () => {
    const token = orphan();
    collect();
    expect(left()).toEqual([token]);
  });

  test('removes what a living shell was told, once nothing has used it for ten minutes', () => {
    const idle = record(10, 'text');
    const used = record(10, 'text');
    const command = record(20, 'shim');
    adopt(used, '22\n');
    collect((now + 300) * 1000);
    expect(left()).toEqual([idle, used, command].sort());
    collect((now + 700) * 1000);
    expect(left()).toEqual([used, command].sort());
  });

  test('keeps a record of another container for a week', () => {
    const elsewhere: ProcessTable = { ...machine({ 40: { parent: 1, started: 5 } }), namespace: 'pid:[2]' };
    const token = record(40, 'shim', elsewhere);
    age(token, 6 * 24 * 3600);
    collect();
    expect(left()).toEqual([token]);
    age(token, 8 * 24 * 3600);
    collect();
    expect(left()).toEqual([]);
  });

  test('removes old rubbish of ours and leaves every other file alone', () => {
    const rubbish = 'e'.repeat(32);
    record(20, 'shim');
    const [kept = ''] = left();
    writeFileSync(join(directory, rubbish), '');
    age(rubbish, 120);
    writeFileSync(join(directory, 'notes.txt'), '');
    age('notes.txt', 999_999);
    collect();
    expect(left()).toEqual([kept, 'notes.txt'].sort());
  });

  test('is bounded, and comes round to everything', () => {
    for (let count = 0; count < 150; count++) {
      age(orphan(), 3600);
    }
    collect();
    expect(left()).toHaveLength(150 - 32);
    for (let count = 0; count < 4; count++) {
      collect();
    }
    expect(left()).toEqual([]);
  });

  test('a directory that is missing or moved is no trouble', () => {
    expect(() => collectDecisions(join(home.path, 'nowhere'))).not.toThrow();
    record(20, 'shim');
    renameSync(directory, join(home.path, 'elsewhere'));
    expect(() => collect()).not.toThrow();
    expect(existsSync(directory)).toBe(false);
  });
});
