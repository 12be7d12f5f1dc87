import { describe, expect, jest, test } from '@jest/globals';
import { governor, makeFiles } from '../adoption/lab.ts';

jest.setTimeout(60_000);

const scripts = { test: 'cross-env CI=1 npm run unit', unit: 'jest --ci', lint: 'eslint .' };
const files = {
  '.git/HEAD': '',
  'package.json': { name: 'x', scripts: { ...scripts, 'test:governed': 'test-governor run' } },
};

function why(line: string, config: object = {}): string {
  const directory = makeFiles({ ...files, 'test-governor.config.json': config });
  const { status, stdout } = governor(directory, 'why', line);
  expect(status).toBe(0);
  return stdout;
}

describe('why', () => {
  test('names every launcher and script on the way, in order, and what each leads to', () => {
    const steps = why('timeout 60 npm test -- src | tail')
      .split('\n')
      .filter((line) => /^ +\d+ /.test(line))
      .map((line) => line.trim().replace(/^\d+ +/, ''));
    expect(steps).toEqual([
      'timeout 60 npm test -- src',
      'npm test -- src',
      'script "test" of package.json: cross-env CI=1 npm run unit',
      'cross-env CI=1 npm run unit src',
      'npm run unit src',
      'script "unit" of package.json: jest --ci',
      'jest --ci src',
      'tail',
    ]);
  });

  test('gives verdict, reason, replacement and what happens in the mode in force', () => {
    const text = why('npx jest src', { mode: 'enforce' });
    expect(text).toMatch(/^verdict +bypass \(a test run outside the governor: a raw jest run/m);
    expect(text).toMatch(/^instead +npm run test:governed -- jest -- src$/m);
    expect(text).toMatch(
      /^here +the mode is enforce \(from test-governor\.config\.json\): it is blocked with status 126/m,
    );
  });

  test.each([
    ['npx jest', {}, 'the mode is warn (the default)'],
    ['npx jest', { mode: 'off' }, 'the mode is off'],
    ['BASESHOP_ALLOW_BYPASS_POLICY=1 npx jest', { mode: 'enforce' }, 'takes its turn with its own words'],
    ['BASESHOP_ALLOW_OVERLOAD=1 npx jest', { mode: 'enforce' }, 'runs past the queue'],
    ['BASESHOP_POLICY_MODE=warn npx jest', { mode: 'enforce' }, 'a mode lower than enforce is set'],
    ['npm run test:governed -- jest', {}, 'it takes its turn in the queue'],
    ['npx jest --version', { mode: 'enforce' }, 'it runs, and nothing is said'],
    ['npm run lint', {}, 'it runs, and nothing is said'],
  ])('says what becomes of %s with %j', (line, config, sentence) => {
    expect(why(line, config)).toContain(sentence);
  });

  test('takes a line of a script’s text for no remark of its own', () => {
    const directory = makeFiles({ 'package.json': { name: 'x', scripts: { test: 'echo a\njest' } } });
    const { stdout } = governor(directory, 'why', 'npm test');
    expect(stdout).toContain('script "test" of package.json: echo a\\njest\n');
  });

  test('shows the body of a function as the way through it', () => {
    expect(why('t() { npx vitest run; }; t')).toMatch(
      /t is a function of the line itself[\s\S]*starts vitest/,
    );
  });

  test('says so where nothing can lead to a test runner, and where a line cannot be read', () => {
    expect(why('ls -l')).toContain('No word of it can lead to a test runner.');
    expect(why('npx jest "')).toMatch(/^verdict +none/m);
  });

  test.each(['nowhere', 'package.json', 'package.json/x'])(
    'asks for a directory where --cwd is %s',
    (cwd) => {
      const { status, stdout, stderr } = governor(makeFiles(files), 'why', '--cwd', cwd, 'npm test');
      expect({ status, stdout }).toEqual({ status: 64, stdout: '' });
      expect(stderr).toContain(`--cwd ${cwd}: expected a directory`);
    },
  );

  test('prints nothing that a terminal would obey, and asks for one line in quotes', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for.
    expect(why('npx jest "\u001b[2J"')).not.toMatch(/\u001b/);
    expect(governor(makeFiles({}), 'why', 'npx', 'jest').status).toBe(64);
  });
});
