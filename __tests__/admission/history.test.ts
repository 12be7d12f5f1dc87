import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  expectedMs,
  type History,
  p90,
  parseHistory,
  peakP90,
  type RunFigures,
  readHistory,
  runsKept,
  serializeHistory,
  signatureIn,
  signatureKey,
  signaturesKept,
  withRun,
} from '../../src/admission/history.ts';
import { recordFigures, setHistoryAside } from '../../src/admission/history-file.ts';
import { openHistory } from '../../src/admission/open-history.ts';
import { requestFor, seededBudgetsMb } from '../../src/admission/request.ts';
import { bundle, scratch, start } from '../telemetry/support.ts';

const key = signatureKey('jest --ci paths=1', 2);

function historyOf(runs: readonly RunFigures[], name = key): History {
  return runs.reduce<History>((history, run) => withRun(history, name, run), new Map());
}

function peaks(source: string, ...figures: readonly number[]): readonly RunFigures[] {
  return figures.map((mb) => ({ peak: { mb, source }, durationMs: null }));
}

describe('the P90', () => {
  test.each([
    [[], null],
    [[7], 7],
    [[3, 1, 2], 3],
    [[10, 9, 8, 7, 6, 5, 4, 3, 2, 1], 9],
    [[100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 5000], 100],
  ])('of %j is %j', (values, expected) => {
    expect(p90(values)).toBe(expected);
  });

  test('is a value that was seen, with at most a tenth above it', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 1 }), (values) => {
        const found = p90(values) ?? -1;
        expect(values).toContain(found);
        expect(values.filter((value) => value > found).length).toBeLessThanOrEqual(values.length / 10);
      }),
    );
  });

  test.each<[string, readonly RunFigures[], number | null]>([
    ['no run', [], null],
    ['four runs', peaks('rss', 1, 2, 3, 4), null],
    ['five runs', peaks('rss', 100, 300, 200, 500, 400), 500],
    [
      'five runs of which one was not measured',
      [...peaks('rss', 1, 2, 3, 4), { peak: null, durationMs: 9 }],
      null,
    ],
    [
      'runs measured otherwise before',
      [...peaks('rss', 9000, 9000, 9000), ...peaks('cgroup', 1, 2, 3, 4, 5)],
      5,
    ],
    ['the first run measured otherwise', [...peaks('cgroup', 1, 2, 3, 4, 5), ...peaks('rss', 9)], null],
    ['more runs than are kept', [...peaks('rss', 9000), ...peaks('rss', ...Array(20).fill(100))], 100],
  ])('of a signature after %s', (_, runs, expected) => {
    expect(peakP90(historyOf(runs), key)).toBe(expected);
  });

  test('of one number of workers says nothing about another', () => {
    const history = historyOf(peaks('rss', 1, 2, 3, 4, 5));
    expect(peakP90(history, signatureKey('jest --ci paths=1', 3))).toBeNull();
  });
});

describe('the time that a run takes', () => {
  test.each([
    [[], null],
    [[700], 700],
    [[100, 9000, 300], 300],
    [[100, 200, 300, 9000], 250],
  ])('is the median of %j', (durations, expected) => {
    const runs = durations.map((durationMs) => ({ peak: null, durationMs }));
    expect(expectedMs(historyOf(runs), key)).toBe(expected);
  });
});

describe('a request', () => {
  const measured = historyOf(peaks('cgroup', 800, 810, 820.4, 790, 700));

  test('is a slot for each worker and the P90 of earlier runs', () => {
    const run = { class: 'jest', signature: 'jest --ci paths=1', workers: 2 } as const;
    expect(requestFor(run, measured, {})).toEqual({ slots: 2, memoryMb: 821, basis: 'measured' });
  });

  test.each([
    ['with other workers', { class: 'jest', signature: 'jest --ci paths=1', workers: 4 }, 2048],
    ['of another signature', { class: 'pytest', signature: 'pytest paths=1', workers: 1 }, 1024],
    ['without a signature', { class: 'turbo', signature: null, workers: 2 }, 4096],
  ] as const)('%s is the budget of its class', (_, run, memoryMb) => {
    expect(requestFor(run, measured, {})).toEqual({ slots: run.workers, memoryMb, basis: 'seed' });
  });

  test('takes the class budget of the config over the seed, and measurements over both', () => {
    const run = { class: 'jest', signature: 'jest', workers: 2 } as const;
    expect(requestFor(run, measured, { jest: 900, vitest: 1 }).memoryMb).toBe(900);
    expect(requestFor({ ...run, signature: 'jest --ci paths=1' }, measured, { jest: 900 }).memoryMb).toBe(
      821,
    );
    expect(seededBudgetsMb.jest).toBe(2048);
  });
});

describe('what is kept', () => {
  test('is bounded, the least recently run signatures go first', () => {
    let history: History = new Map();
    for (let number = 0; number < signaturesKept; number++) {
      history = withRun(history, `jest paths=${number}`, { peak: null, durationMs: 1 });
    }
    history = withRun(history, 'jest paths=0', { peak: null, durationMs: 1 });
    history = withRun(history, 'new', { peak: null, durationMs: 1 });
    expect(history.size).toBe(signaturesKept);
    expect(history.has('jest paths=0')).toBe(true);
    expect(history.has('jest paths=1')).toBe(false);
    for (let run = 0; run < 2 * runsKept; run++) {
      history = withRun(history, 'new', { peak: { mb: run, source: 'rss' }, durationMs: run });
    }
    expect(signatureIn(history, 'new').peaks).toHaveLength(runsKept);
    expect(signatureIn(history, 'new').durations.at(0)).toBe(runsKept);
  });

  test('is read back as it was written, whatever the signatures are called', () => {
    const names = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', '0', 'jest workers=2'));
    const runs = fc.record({
      peak: fc.option(fc.record({ mb: fc.nat(100_000), source: fc.constantFrom('rss', 'cgroup') })),
      durationMs: fc.option(fc.nat(1_000_000_000)),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(names, runs)), (recorded) => {
        const history = recorded.reduce<History>((all, [name, run]) => withRun(all, name, run), new Map());
        const reading = parseHistory(serializeHistory(history));
        expect(reading).toEqual({ kind: 'ok', history });
      }),
    );
  });
});

let state = scratch();
beforeEach(() => {
  state = scratch();
});
afterEach(() => state.remove());

const file = () => join(state.path, 'history.json');
const names = () => readdirSync(state.path).sort();
/** Puts a file there that is ours alone, whatever the umask. */
const put = (content: string | Buffer) => writeFileSync(file(), content, { mode: 0o600 });
const good = () => serializeHistory(historyOf(peaks('rss', 1, 2, 3, 4, 5)));

/** Works as root only, where a file can be given away; elsewhere one of root's is linked in its place. */
function giveAway(): void {
  put(good());
  if (process.geteuid?.() === 0) chownSync(file(), 65534, 65534);
  else chmodSync(file(), 0o666);
}

describe('the file', () => {
  test('holds what was recorded, for its owner alone', async () => {
    expect(
      recordFigures(state.path, key, { peak: { mb: 811.2, source: 'cgroup' }, durationMs: 4210.4 }),
    ).toEqual({
      kind: 'recorded',
      sentence: null,
    });
    expect(readFileSync(file(), 'utf8')).toBe(
      '{"version":1,"signatures":{"jest --ci paths=1 workers=2":{"peaks":[[812,"cgroup"]],"durations":[4210]}}}\n',
    );
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(names()).toEqual(['history.json']);
    const { history, sentence } = await openHistory(state.path);
    expect(sentence).toBeNull();
    expect(expectedMs(history, key)).toBe(4210);
  });

  test('that is missing is an empty history, and nothing is said', async () => {
    expect(await openHistory(state.path)).toEqual({ history: new Map(), sentence: null });
    expect(await openHistory(join(state.path, 'nowhere'))).toEqual({ history: new Map(), sentence: null });
  });

  test('stays small when it is full, far below what is read', () => {
    let history: History = new Map();
    for (let number = 0; number < signaturesKept; number++) {
      const name = `changed --findRelatedTests --ci --coverage paths=${number} workers=2`;
      const runs = Array.from({ length: runsKept }, (_, run) => ({
        peak: { mb: 1000 + run, source: 'cgroup' },
        durationMs: 123_456 + run,
      }));
      history = runs.reduce((all, run) => withRun(all, name, run), history);
    }
    put(serializeHistory(history));
    expect(statSync(file()).size).toBeLessThan(200_000);
    expect(readHistory(state.path)).toMatchObject({ kind: 'ok' });
  });
});

const precious = () => join(state.path, 'precious');

describe('a file that is no history', () => {
  const cases: readonly (readonly [string, () => void, string])[] = [
    ['is empty', () => put(''), 'it is not JSON'],
    ['was torn', () => put(good().slice(0, 60)), 'it is not JSON'],
    ['is binary', () => put(Buffer.from([0, 255, 254, 0])), 'it is not JSON'],
    ['is null', () => put('null'), 'it holds no object'],
    ['is a list', () => put('[1]'), 'it has another shape'],
    ['has no signatures', () => put('{"version":1}'), 'it has another shape'],
    ['has another version', () => put('{"version":"1","signatures":{}}'), 'it has another shape'],
    [
      'has 100 MB',
      () => {
        put(good());
        truncateSync(file(), 100 * 1024 ** 2);
      },
      'it is far too large',
    ],
    ['is a directory', () => mkdirSync(file()), 'it is not a file'],
    ['is a pipe that nobody writes to', () => execFileSync('mkfifo', [file()]), 'it is not a file'],
    [
      'is a link',
      () => {
        writeFileSync(precious(), good());
        symlinkSync(precious(), file());
      },
      'it is a symbolic link',
    ],
    ['is a link to nowhere', () => symlinkSync('/nowhere/at/all', file()), 'it is a symbolic link'],
    [
      'can be written to by others',
      () => {
        put(good());
        chmodSync(file(), 0o666);
      },
      'other users can write to it',
    ],
    [
      'belongs to somebody else',
      giveAway,
      process.geteuid?.() === 0 ? 'it belongs to another user' : 'other users',
    ],
  ];

  test.each(cases)(
    'because it %s is moved aside, said once, and nothing of it is lost',
    async (_, place, reason) => {
      place();
      const before = lstatSync(file());
      const opened = await openHistory(state.path);
      expect(opened.history.size).toBe(0);
      expect(opened.sentence).toContain(`${file()}: ${reason}`);
      expect(opened.sentence).toContain('memory is taken from the seeded budgets');
      const [aside = 'none'] = names().filter((name) => name.startsWith('history.json.unusable-'));
      expect(opened.sentence).toContain(aside);
      const after = lstatSync(join(state.path, aside));
      expect([after.ino, after.size]).toEqual([before.ino, before.size]);
      expect(existsSync(file())).toBe(false);
      expect(await openHistory(state.path)).toEqual({ history: new Map(), sentence: null });
    },
  );

  test.each(cases)('because it %s is not overwritten by the next run either', (_, place) => {
    place();
    const before = lstatSync(file());
    expect(recordFigures(state.path, key, { peak: null, durationMs: 5 })).toEqual({
      kind: 'recorded',
      sentence: expect.stringContaining('it is now history.json.unusable-'),
    });
    expect(readHistory(state.path)).toMatchObject({ kind: 'ok' });
    const [aside = 'none'] = names().filter((name) => name.startsWith('history.json.unusable-'));
    expect(lstatSync(join(state.path, aside)).ino).toBe(before.ino);
    if (existsSync(precious())) expect(readFileSync(precious(), 'utf8')).toBe(good());
  });

  test.each([
    ['peaks that are none', '{"peaks":[["1","rss"]],"durations":[]}'],
    ['a source that is no word', '{"peaks":[[1,"Sum of RSS"]],"durations":[]}'],
    ['negative figures', '{"peaks":[],"durations":[-1]}'],
    ['no figures at all', 'null'],
  ])(
    'in one entry (%s) gives no figures, and is moved aside and said by the run that ends',
    async (_, entry) => {
      put(`{"version":1,"signatures":{"${key}":${entry}}}`);
      const { history } = await openHistory(state.path);
      expect([peakP90(history, key), expectedMs(history, key)]).toEqual([null, null]);
      expect(recordFigures(state.path, 'other', { peak: null, durationMs: 5 })).toEqual({
        kind: 'recorded',
        sentence: expect.stringContaining(
          'an entry of it has another shape; it is now history.json.unusable-',
        ),
      });
      const [aside = 'none'] = names().filter((name) => name.startsWith('history.json.unusable-'));
      expect(readFileSync(join(state.path, aside), 'utf8')).toContain(entry);
    },
  );

  test('is not moved when somebody has put a good one there meanwhile', () => {
    put(good());
    expect(setHistoryAside(state.path)).toBeNull();
    expect(names()).toEqual(['history.json']);
  });

  test('is left where it is, and that is said, while somebody else holds the lock', async () => {
    put('x');
    writeFileSync(join(state.path, 'history.json.lock'), '');
    const { sentence } = await openHistory(state.path);
    expect(sentence).toContain('cannot be moved aside (history.json.lock is held, by another run');
    expect(readFileSync(file(), 'utf8')).toBe('x');
  });

  test('of a later version is left alone, by runs that end too', async () => {
    const later = '{"version":2,"signatures":[]}\n';
    put(later);
    const { history, sentence } = await openHistory(state.path);
    expect(history.size).toBe(0);
    expect(sentence).toContain('a later version of test-governor wrote it');
    expect(recordFigures(state.path, key, { peak: null, durationMs: 5 })).toEqual({
      kind: 'not-recorded',
      reason: 'a later version of test-governor wrote it',
    });
    expect(readFileSync(file(), 'utf8')).toBe(later);
  });
});

describe('a run that cannot be recorded', () => {
  test.each<[string, string, RunFigures]>([
    ['out of range', key, { peak: { mb: Number.NaN, source: 'rss' }, durationMs: null }],
    ['out of range', key, { peak: { mb: -1, source: 'rss' }, durationMs: null }],
    ['out of range', key, { peak: null, durationMs: Number.POSITIVE_INFINITY }],
    ['no short word', key, { peak: { mb: 1, source: 'Sum of RSS' }, durationMs: null }],
    ['too long', 'x'.repeat(1001), { peak: null, durationMs: 1 }],
  ])('because something is %s says so and changes nothing', (reason, name, figures) => {
    const result = recordFigures(state.path, name, figures);
    expect(result.kind === 'not-recorded' ? result.reason : '').toContain(reason);
    expect(names()).toEqual([]);
  });

  test('because the directory is gone says so', () => {
    expect(recordFigures(join(state.path, 'gone'), key, { peak: null, durationMs: 1 }).kind).toBe(
      'not-recorded',
    );
  });

  test('because the disk is full says so in words', () => {
    // The draft is written to a device that is always full.
    symlinkSync('/dev/full', join(state.path, `history.json.${process.pid}.tmp`));
    expect(recordFigures(state.path, key, { peak: null, durationMs: 1 })).toEqual({
      kind: 'not-recorded',
      reason: 'the disk is full',
    });
  });

  test('because others hold the lock gives up within a bounded time', () => {
    writeFileSync(join(state.path, 'history.json.lock'), '');
    const before = performance.now();
    expect(recordFigures(state.path, key, { peak: null, durationMs: 1 }, 50)).toEqual({
      kind: 'not-recorded',
      reason: 'history.json.lock is held, by another run or by one that was killed within the last 2 seconds',
    });
    expect(performance.now() - before).toBeLessThan(2000);
  });
});

describe('writers at the same time', () => {
  const programs = scratch();
  let recorder = '';
  beforeAll(() => {
    recorder = bundle(join(__dirname, 'programs', 'recorder.ts'), programs.path);
  });
  afterAll(() => programs.remove());

  const count = runsKept;
  const record = (name: string, onLines?: Parameters<typeof start>[2]) =>
    start(process.execPath, [recorder, state.path, name, String(count)], onLines);
  const everyNumber = Array.from({ length: count }, (_, number) => number);

  test('lose no run of each other, and readers never see half a file', async () => {
    const writers = ['a', 'b', 'c', 'd'];
    let done = false;
    const ended = Promise.all(writers.map((name) => record(name))).finally(() => {
      done = true;
    });
    while (!done) {
      expect(['ok', 'missing']).toContain(readHistory(state.path).kind);
      await new Promise((resolve) => setImmediate(resolve));
    }
    for (const { stdout } of await ended) expect(stdout).toBe(`${everyNumber.join('\n')}\n`);
    const reading = readHistory(state.path);
    if (reading.kind !== 'ok') throw new Error(reading.kind);
    for (const name of writers) expect(signatureIn(reading.history, name).durations).toEqual(everyNumber);
    expect(names()).toEqual(['history.json']);
  });

  test('that are killed with -9 leave a whole file with all that they said was in it', async () => {
    const victim = record('victim', {
      onLines: (lines, child) => {
        if (lines >= 3) child.kill('SIGKILL');
      },
    });
    const [killed, survivor] = await Promise.all([victim, record('survivor')]);
    const acknowledged = killed.stdout.split('\n').slice(0, -1).map(Number);
    const reading = readHistory(state.path);
    if (reading.kind !== 'ok') throw new Error(reading.kind);
    expect(signatureIn(reading.history, 'victim').durations.slice(0, acknowledged.length)).toEqual(
      acknowledged,
    );
    expect(survivor.status).toBe(0);
    expect(signatureIn(reading.history, 'survivor').durations).toEqual(everyNumber);
  });

  test('do not complain of what cannot be cleared away: the run is in the history', () => {
    const place = join(state.path, 'history.json.4711.tmp');
    mkdirSync(place);
    utimesSync(place, 1, 1);
    const result = recordFigures(state.path, key, { peak: null, durationMs: 1 });
    expect(result).toEqual({ kind: 'recorded', sentence: null });
  });

  test('that were killed long ago leave nothing behind', () => {
    const left = join(state.path, 'history.json.4711.tmp');
    const young = join(state.path, 'history.json.4712.tmp');
    for (const path of [left, young]) writeFileSync(path, 'half');
    utimesSync(left, 1, 1);
    recordFigures(state.path, key, { peak: null, durationMs: 1 });
    expect(names()).toEqual(['history.json', 'history.json.4712.tmp']);
  });
});
