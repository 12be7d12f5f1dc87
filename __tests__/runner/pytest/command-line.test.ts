import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  addoptsIn,
  asksPytestToWatch,
  countSaid,
  isUncaptured,
  isXdistOff,
  saidOfWorkers,
  splitAddopts,
} from '../../../src/runner/pytest/command-line.ts';
import { addedArguments } from '../../../src/runner/pytest/settings.ts';
import { loadBand, workersFor } from '../../../src/runner/pytest/workers.ts';

describe('what a pytest command line says of its workers', () => {
  test.each<[string, string]>([
    ['-n 4', '4'],
    ['-n4', '4'],
    ['-n=4', '4'],
    ['-xn4', '4'],
    ['-vxn 4 tests', '4'],
    ['--numprocesses=auto', 'auto'],
    ['--numprocesses 3', '3'],
    ['-n 2 tests -n 6', '6'],
    ['-n logical', 'logical'],
    ['--tx 3*popen', '3*popen'],
    ['--tx=2*popen//python=python3', '2*popen//python=python3'],
  ])('%s names %s', (line, value) => {
    expect(saidOfWorkers(line.split(' '))).toEqual({ kind: 'workers', value });
  });

  test.each(['-p no:xdist', '-pno:xdist', '--pdb tests', '--trace'])('%s means one process', (line) => {
    expect(saidOfWorkers(line.split(' '))).toEqual({ kind: 'one-process' });
  });

  test.each(['', '-k name tests', '-kn4', '--new-first', '-m not_slow', '-p nose', '-c n4.ini', '-- -n 4'])(
    '"%s" says nothing',
    (line) => {
      expect(saidOfWorkers(line.split(' '))).toEqual({ kind: 'nothing' });
    },
  );

  test.each<[string, boolean]>([
    ['-f', true],
    ['-xf', true],
    ['--looponfail', true],
    ['--ff', false],
    ['-rf', false],
    ['tests/-f', false],
  ])('%s watches: %s', (word, expected) => {
    expect(asksPytestToWatch([word])).toBe(expected);
  });
});

test.each<[string, boolean]>([
  ['-s', true],
  ['-xsv tests', true],
  ['--capture=no', true],
  ['--capture no', true],
  ['--capture=no --capture=fd', false],
  ['--capture=sys -s', true],
  ['-rs', false],
  ['-ks', false],
  ['-x tests/-s', false],
  ['-- -s', false],
])('"%s" gives tests the terminal: %s', (line, expected) => {
  expect(isUncaptured(line.split(' '))).toBe(expected);
});

describe('pytest-xdist, where it is installed,', () => {
  const noAutoload = { PYTEST_DISABLE_PLUGIN_AUTOLOAD: '1' };
  test.each<[string, Readonly<Record<string, string>>, boolean]>([
    ['tests', {}, false],
    ['-p no:xdist', {}, true],
    ['-pno:xdist', {}, true],
    ['-k no:xdist', {}, false],
    ['-p no:cacheprovider', {}, false],
    ['--disable-plugin-autoload', {}, true],
    ['--disable-plugin-autoload -p xdist', {}, false],
    ['tests', noAutoload, true],
    ['tests', { PYTEST_DISABLE_PLUGIN_AUTOLOAD: '' }, false],
    ['-p xdist.plugin', noAutoload, false],
    ['-pxdist', noAutoload, false],
    ['tests', { ...noAutoload, PYTEST_PLUGINS: 'a,xdist' }, false],
  ])('is off for "%s" with %j: %s', (line, environment, expected) => {
    expect(isXdistOff(line.split(' '), environment)).toBe(expected);
  });
});

test.each<[string, number | null]>([
  ['4', 4],
  ['0', 1],
  ['3*popen', 3],
  ['popen', null],
  ['auto', 8],
  ['logical', 8],
])('%s means %s workers on eight CPUs', (value, workers) => {
  expect(countSaid(value, {}, 8)).toBe(workers);
});

test('auto means what the caller has told pytest-xdist', () => {
  expect(countSaid('auto', { PYTEST_XDIST_AUTO_NUM_WORKERS: '5' }, 8)).toBe(5);
});

describe('addopts', () => {
  test.each<[string, string, readonly string[]]>([
    ['pytest.ini', '[pytest]\naddopts = -n 3 --tb=short\nmarkers =\n  slow\n', ['-n', '3', '--tb=short']],
    ['tox.ini with more lines', '[pytest]\naddopts =\n    -ra\n    -n auto\n\n[x]\n', ['-ra', '-n', 'auto']],
    ['pyproject.toml', '[tool.pytest.ini_options]\naddopts = "-q -n 2"  # two\n', ['-q', '-n', '2']],
    [
      'quotes in pyproject.toml',
      'addopts = "-m \\"not slow\\" -n 2"\nx = "1"\n',
      ['-m', 'not slow', '-n', '2'],
    ],
    ['a long string in pyproject.toml', 'addopts = """\n-q\n-n 2\n"""\n', ['-q', '-n', '2']],
    ['a list in pyproject.toml', 'addopts = [\n  "-q",\n  "-n=2",\n]\n', ['-q', '-n=2']],
    [
      'a list with comments',
      'addopts = [\n  "-q",  \n  # why\n\n  "-n=2",\n]\nx = ["-n=9"]\n',
      ['-q', '-n=2'],
    ],
    [
      'a list with comments behind its words',
      'addopts = [\n  "-ra", # show [all], don\'t hide\n  "-k", # not "-n=3"\n  "a # b",\n  "-n", # four\n  "4", # was -n 9\n]\n',
      ['-ra', '-k', 'a # b', '-n', '4'],
    ],
    ['an indented pyproject.toml', '  "addopts" = "-q -n 2"\n  testpaths = ["tests"]\n', ['-q', '-n', '2']],
    ['an indented list', '  addopts = ["-q", "-n2"]\n  testpaths = ["tests"]\n', ['-q', '-n2']],
    ['a colon', '[pytest]\naddopts: -n 2\n', ['-n', '2']],
    [
      'empty lines and comments',
      '[pytest]\naddopts =\n  -q\n\n# two\n  -n 2\nmarkers =\n',
      ['-q', '-n', '2'],
    ],
  ])('of %s are read', (_title, text, words) => {
    expect(splitAddopts(addoptsIn(text) ?? '')).toEqual(words);
  });

  test.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    ['an empty pytest.ini before others', { 'pytest.ini': '', 'tox.ini': '[pytest]\naddopts = -n 4\n' }, []],
    [
      'a pyproject.toml that is not about pytest',
      { 'pyproject.toml': '[tool.x]\n', 'tox.ini': '[pytest]\naddopts = -n 4\n' },
      ['-n', '4'],
    ],
    [
      'a section without any',
      { 'pyproject.toml': '[tool.pytest.ini_options]\n', 'tox.ini': '[pytest]\naddopts = -n 4\n' },
      [],
    ],
  ])('come from the one file that pytest reads: %s', (_title, files, words) => {
    const directory = mkdtempSync(join(tmpdir(), 'addopts-'));
    try {
      for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
      expect(addedArguments(directory, [], {})).toEqual(words);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  describe('are looked for where pytest looks for them', () => {
    let directory: string;
    const files = {
      'pyproject.toml':
        '[tool.other]\naddopts = "-n 9"\n\n[tool.pytest.ini_options]\naddopts = "-n 1"\n[x]\n',
      // Written on Windows: pytest reads its lines as any others.
      'web/tox.ini': '[pytest]\r\naddopts =\r\n  -q\r\n  -n 2\r\n\r\n[testenv]\r\n',
      'web/unit/test_a.py': '',
      'api/pytest.ini': '[pytest]\naddopts = -n 3\n',
      'ci.ini': '[pytest]\naddopts = -n 4\n',
    };
    beforeAll(() => {
      directory = mkdtempSync(join(tmpdir(), 'addopts-'));
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(join(directory, name, '..'), { recursive: true });
        writeFileSync(join(directory, name), text);
      }
    });
    afterAll(() => rmSync(directory, { recursive: true }));

    test.each<[string, readonly string[]]>([
      ['', ['-n', '1']],
      ['web', ['-q', '-n', '2']],
      ['web/unit/test_a.py::test_b -x', ['-q', '-n', '2']],
      ['api', ['-n', '3']],
      ['--tb=short api --maxfail 2', ['-n', '3']],
      // Two projects share only what lies above both.
      ['web api', ['-n', '1']],
      // The values of options are no paths, and what does not exist says nothing.
      ['-m web -k api --ignore api nothing', ['-n', '1']],
      ['-c ci.ini web', ['-n', '4']],
      ['--config-file=ci.ini', ['-n', '4']],
      ['-o addopts=-n5 web', ['-n5']],
      ['--override-ini addopts= web', []],
    ])('for "%s"', (line, words) => {
      expect(addedArguments(directory, line === '' ? [] : line.split(' '), {})).toEqual(words);
    });

    test('for a path in PYTEST_ADDOPTS', () => {
      expect(addedArguments(directory, ['web'], { PYTEST_ADDOPTS: '-c ci.ini' })).toEqual([
        '-n',
        '4',
        '-c',
        'ci.ini',
      ]);
    });
  });

  test('are looked for whatever the words of the command line could be paths of', () => {
    expect(addedArguments(tmpdir(), ['x'.repeat(5000), 'a\0b'], {})).toEqual([]);
  });

  test('that are not there are none', () => {
    expect(addoptsIn('[pytest]\ntestpaths = tests\n')).toBeNull();
  });
});

describe('the workers of a pytest run', () => {
  const busy = (average: number, more: object = {}) => ({
    load: { kind: 'measured' as const, average },
    pressure: 'normal' as const,
    cpus: 10,
    maxLoad: 8,
    ...more,
  });

  test.each([
    [busy(0), 'auto'],
    [busy(3.1), 'auto'],
    [busy(3.2), 2],
    [busy(5.9), 2],
    [busy(6), 1],
    [busy(20), 1],
    [busy(1, { cpus: 2 }), 2],
    [busy(1.5, { cpus: 2 }), 1],
    [busy(0, { pressure: 'warn' }), 1],
    [busy(0, { load: { kind: 'unknown', probe: '/proc/loadavg', reason: 'it cannot be read' } }), 1],
    [busy(20, { maxLoad: null }), 'auto'],
  ])('at %j are %s', (busyness, expected) => {
    expect(workersFor(loadBand(busyness))).toBe(expected);
  });
});
