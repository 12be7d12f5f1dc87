import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { audit, governor, makeFiles, migrate, read } from './lab.ts';

const files = {
  'package.json': {
    name: 'top',
    workspaces: ['packages/*'],
    scripts: { test: 'npm run test --workspaces', lint: 'eslint .' },
  },
  'packages/a/package.json': {
    name: '@top/a',
    scripts: {
      pretest: 'rimraf out',
      test: 'npm run unit',
      unit: 'cross-env CI=1 jest',
      watch: 'npm run unit -- --watch',
    },
  },
  'packages/b/package.json': { scripts: { test: 'node run.js' } },
  'packages/b/run.js': "require('child_process').spawnSync('npx', ['jest']);\n",
};

describe('audit', () => {
  test('names each ungoverned run once, at the script that starts it', () => {
    const report = audit(makeFiles(files));
    expect(report).toMatchObject({
      clean: false,
      layout: 'workspaces',
      packages: 3,
      scripts: 7,
      problems: [],
    });
    expect(report.findings).toMatchObject([
      {
        package: '@top/a',
        directory: 'packages/a',
        script: 'unit',
        file: 'packages/a/package.json',
        line: 6,
        column: 5,
        text: 'cross-env CI=1 jest',
        archetype: 'environment',
        runner: 'jest',
        migration: { kind: 'rewrite', text: 'cross-env CI=1 test-governor run jest --' },
      },
      { script: 'watch', archetype: 'watch', migration: { kind: 'leave' } },
      {
        package: 'packages/b',
        script: 'test',
        archetype: 'runner-file',
        runnerFile: { file: 'run.js', line: 1, command: 'npx jest' },
      },
    ]);
  });

  test.each([[[[1], 'x']], [null], ['//#test'], [{ '//#unit': 1, '//#test': {} }]])(
    'reads what turbo’s tasks are, whatever stands there: %j',
    (tasks) => {
      const report = audit(makeFiles({ ...files, 'turbo.json': { tasks } }));
      expect(report.findings).toHaveLength(3);
    },
  );

  test('says it in words, with the next command', () => {
    const { status, stdout } = governor(makeFiles(files), 'audit');
    expect(status).toBe(1);
    expect(stdout).toContain(
      'packages/a/package.json:6  @top/a › unit\n    cross-env CI=1 jest\n    migrate writes: ',
    );
    expect(stdout).toContain('3 ungoverned runs in 7 scripts in 3 packages.');
    expect(stdout).toContain('test-governor migrate --write');
  });

  test('is clean, and says so, where nothing is ungoverned', () => {
    const directory = makeFiles({
      'package.json': { scripts: { test: 'test-governor run jest --', lint: 'eslint .' } },
    });
    expect(governor(directory, 'audit')).toEqual({
      status: 0,
      stdout: 'Clean: of 2 scripts in 1 package none starts a test runner ungoverned.\n',
      stderr: '',
    });
  });

  test('honours declared exceptions and lists them with their reason', () => {
    const exceptions = [
      { package: 'packages/b', script: 'test', reason: 'it drives a browser farm' },
      { package: '@top/a', script: 'watch', reason: 'for people only' },
    ];
    const directory = makeFiles({ ...files, 'test-governor.config.json': { exceptions } });
    const report = audit(directory);
    expect(report.findings.map((finding) => finding.script)).toEqual(['unit']);
    expect(report.excused).toMatchObject([
      { script: 'watch', reason: 'for people only' },
      { script: 'test', reason: 'it drives a browser farm' },
    ]);
    expect(migrate(directory).plan.left).toEqual([]);
    expect(audit(directory).clean).toBe(true);
    expect(governor(directory, 'audit').stdout).toContain('reason: it drives a browser farm');
  });

  test.each(['./packages/b', 'packages/b/'])('takes %s for the directory that it is', (place) => {
    const exceptions = [{ package: place, script: 'test', reason: 'it drives a browser farm' }];
    const { excused, unusedExceptions } = audit(
      makeFiles({ ...files, 'test-governor.config.json': { exceptions } }),
    );
    expect(excused).toMatchObject([{ directory: 'packages/b', script: 'test' }]);
    expect(unusedExceptions).toEqual([]);
  });

  test('does not rewrite a script that is excused', () => {
    const directory = makeFiles({
      'package.json': { name: 'x', scripts: { test: 'jest', e2e: 'jest e2e' } },
      'test-governor.config.json': {
        exceptions: [{ package: '.', script: 'e2e', reason: 'in a container' }],
      },
    });
    governor(directory, 'migrate', '--write');
    expect(JSON.parse(read(directory)).scripts).toMatchObject({
      test: 'test-governor run jest --',
      e2e: 'jest e2e',
    });
  });

  test('reports an exception that matches nothing, with its line', () => {
    const config =
      '{\n  "exceptions": [\n    { "package": "top", "script": "gone", "reason": "old" }\n  ]\n}\n';
    const directory = makeFiles({
      'package.json': { name: 'top', scripts: { lint: 'eslint .' } },
      'test-governor.config.json': config,
    });
    const report = audit(directory);
    expect(report.clean).toBe(false);
    expect(report.unusedExceptions).toEqual([
      { package: 'top', script: 'gone', reason: 'old', file: 'test-governor.config.json', line: 3 },
    ]);
  });

  test.each([
    ['without a reason', { package: 'a', script: 'b' }, '/exceptions/0'],
    ['with a blank reason', { package: 'a', script: 'b', reason: ' ' }, '/exceptions/0/reason'],
  ])('refuses an exception %s with status 78', (_what, exception, pointer) => {
    const directory = makeFiles({
      'package.json': {},
      'test-governor.config.json': { exceptions: [exception] },
    });
    const { status, stderr } = governor(directory, 'audit');
    expect(status).toBe(78);
    expect(stderr).toContain(`test-governor.config.json at ${pointer}`);
  });

  test('says what to do where there is no package', () => {
    const { status, stderr } = governor(makeFiles({ '.git/HEAD': '' }), 'audit');
    expect(status).toBe(64);
    expect(stderr).toContain('no package.json at or above');
  });

  test('prints nothing of a script that a terminal would obey', () => {
    const directory = makeFiles({
      'package.json': { scripts: { test: 'jest \u001b[31m\u202e', '\u001b[2J': 'jest' } },
    });
    for (const command of ['audit', 'migrate']) {
      const { stdout, stderr } = governor(directory, command);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for.
      expect(stdout + stderr).not.toMatch(/[\u001b\u202e]/);
    }
  });
});

describe('migrate', () => {
  test('shows a diff that git applies, and writes nothing', () => {
    const directory = makeFiles(files);
    const before = read(directory, 'packages/a/package.json');
    const { stdout, stderr } = governor(directory, 'migrate');
    expect(stdout).toContain('--- a/packages/a/package.json\n+++ b/packages/a/package.json\n@@ ');
    expect(stderr).toContain('Nothing was written. To write it: test-governor migrate --write');
    expect(read(directory, 'packages/a/package.json')).toBe(before);
    const git = (...args: readonly string[]) =>
      execFileSync('git', args, { cwd: directory, input: stdout, stdio: ['pipe', 'ignore', 'inherit'] });
    git('init', '-q');
    git('apply', '-');
    const applied = [read(directory), read(directory, 'packages/a/package.json')];
    const again = makeFiles(files);
    migrate(again);
    expect([read(again), read(again, 'packages/a/package.json')]).toEqual(applied);
  });

  test('changes nothing the second time', () => {
    const directory = makeFiles(files);
    migrate(directory);
    const once = read(directory) + read(directory, 'packages/a/package.json');
    const { stdout, stderr } = governor(directory, 'migrate', '--write');
    expect(stdout).toBe('');
    expect(stderr).toContain('Nothing to rewrite.');
    expect(read(directory) + read(directory, 'packages/a/package.json')).toBe(once);
  });

  test('names what is left for hands, with the reason', () => {
    const { status, stderr } = governor(makeFiles(files), 'migrate', '--write');
    expect(status).toBe(1);
    expect(stderr).toContain('packages/b/package.json:3  packages/b › test');
    expect(stderr).toContain('left alone: run.js:1 starts jest by itself (npx jest)');
    expect(stderr).toContain('by hand: let that file start `test-governor run jest -- …`');
  });

  test.each([
    ['turbo', { 'turbo.json': { tasks: {} } }, 'turbo run test --affected --concurrency=2'],
    [
      'nx',
      { 'nx.json': {}, 'package.json': { devDependencies: { nx: '21' } } },
      'nx affected -t test --parallel=2',
    ],
    [
      'jest',
      { 'package.json': { scripts: { test: 'jest' } } },
      'test-governor run changed -- --onlyChanged --maxWorkers=2',
    ],
    [
      'vitest',
      { 'package.json': { scripts: { test: 'vitest run' } } },
      'test-governor run changed -- run --changed --maxWorkers=2',
    ],
  ])('adds the root’s scripts with a scope and a cap, by what it uses: %s', (_what, more, affected) => {
    const directory = makeFiles({ 'package.json': { name: 'x' }, ...more });
    migrate(directory);
    expect(JSON.parse(read(directory)).scripts).toMatchObject({
      'test:governed': 'test-governor run',
      'test:affected': affected,
    });
    expect(audit(directory).clean).toBe(true);
  });

  test('leaves the root’s scripts alone when they are there', () => {
    const scripts = { 'test:governed': 'test-governor run --', 'test:affected': 'test-governor run changed' };
    const directory = makeFiles({ 'package.json': { scripts } });
    migrate(directory);
    expect(JSON.parse(read(directory)).scripts).toEqual(scripts);
  });

  test('says that nothing tells what was changed where no runner is used', () => {
    const { stderr } = governor(makeFiles({ 'package.json': {} }), 'migrate');
    expect(stderr).toContain('add a script "test:affected" by hand');
  });

  test('colours its diff on a terminal only', () => {
    const directory = makeFiles({ 'package.json': { scripts: { test: 'jest' } } });
    expect(governor(directory, 'migrate').stdout).not.toContain('\u001b');
    const line = `node '${join(__dirname, '../../bin/test-governor')}' migrate`;
    const onTerminal = execFileSync('script', ['-qefc', line, '/dev/null'], {
      cwd: directory,
      env: { PATH: process.env.PATH, TERM: 'xterm', SHELL: '/bin/sh' },
      encoding: 'utf8',
    });
    expect(onTerminal).toContain('\u001b[32m+    "test": "test-governor run jest --"');
  });
});
