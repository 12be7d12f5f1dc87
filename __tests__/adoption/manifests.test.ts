import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, lstatSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { audit, governor, makeFiles, migrate, read } from './lab.ts';

const scripts = '"scripts": {\n    "test": "jest --ci"\n  }';

/** What `migrate --write` makes of a package.json. */
function migrated(text: string): string {
  const directory = makeFiles({ 'package.json': text });
  migrate(directory);
  return read(directory);
}

test('a package.json that is a pipe is named, and not waited for', () => {
  const directory = makeFiles({});
  execFileSync('mkfifo', [join(directory, 'package.json')]);
  expect(audit(directory).problems).toMatchObject([{ file: 'package.json', kind: 'unreadable' }]);
  const { status, stderr } = governor(directory, 'init', '--dry-run');
  expect(status).toBe(1);
  expect(stderr).toContain('it is a pipe or a device');
});

test('a package.json that is nested without end is named, and the others are judged all the same', () => {
  const directory = makeFiles({
    'package.json': { workspaces: ['packages/*'], scripts: { test: 'jest' } },
    'packages/deep/package.json': '['.repeat(100_000),
  });
  const { problems, findings } = audit(directory);
  expect(problems).toMatchObject([{ file: 'packages/deep/package.json', line: 1, kind: 'syntax' }]);
  expect(findings).toMatchObject([{ file: 'package.json', script: 'test' }]);
});

describe('a package.json that is rewritten', () => {
  test.each([
    [
      'tabs, a trailing newline',
      '{\n\t"name": "x",\n\t"scripts": {\n\t\t"test": "jest"\n\t}\n}\n',
      '{\n\t"name": "x",\n\t"scripts": {\n\t\t"test": "test-governor run jest --",\n\t\t"test:governed": "test-governor run",\n\t\t"test:affected": "test-governor run changed -- --onlyChanged --maxWorkers=2"\n\t}\n}\n',
    ],
    [
      'CRLF, no trailing newline',
      '{\r\n    "scripts": {\r\n        "test": "jest"\r\n    }\r\n}',
      '{\r\n    "scripts": {\r\n        "test": "test-governor run jest --",\r\n        "test:governed": "test-governor run",\r\n        "test:affected": "test-governor run changed -- --onlyChanged --maxWorkers=2"\r\n    }\r\n}',
    ],
    [
      'a byte order mark, all on one line',
      '\uFEFF{"scripts":{"test":"jest"},"z":1}',
      '\uFEFF{"scripts":{"test":"test-governor run jest --","test:governed": "test-governor run","test:affected": "test-governor run changed -- --onlyChanged --maxWorkers=2"},"z":1}',
    ],
    [
      'odd spacing, escapes that JSON would not need, keys in no order',
      '{ "z" : 1,\n   "scripts" :{ "test:governed":"test-governor run", "test:affected":"x",\n"test" : "A=\\u00e9\\/\\" x\\" jest -t \\"\\u0061\\"" } ,"name":"x"}\n',
      '{ "z" : 1,\n   "scripts" :{ "test:governed":"test-governor run", "test:affected":"x",\n"test" : "A=\\u00e9\\/\\" x\\" test-governor run jest -- -t \\"\\u0061\\"" } ,"name":"x"}\n',
    ],
    [
      'no scripts',
      '{\n  "name": "x",\n  "devDependencies": {\n    "vitest": "3"\n  }\n}\n',
      '{\n  "name": "x",\n  "devDependencies": {\n    "vitest": "3"\n  },\n  "scripts": {\n    "test:governed": "test-governor run",\n    "test:affected": "test-governor run changed -- run --changed --maxWorkers=2"\n  }\n}\n',
    ],
    [
      'empty scripts',
      '{\n  "scripts": {},\n  "dependencies": { "jest": "30" }\n}\n',
      '{\n  "scripts": {\n    "test:governed": "test-governor run",\n    "test:affected": "test-governor run changed -- --onlyChanged --maxWorkers=2"\n  },\n  "dependencies": { "jest": "30" }\n}\n',
    ],
    ['nothing in it', '{}', '{"scripts": {"test:governed": "test-governor run"}}'],
  ])('keeps everything else byte for byte: %s', (_what, before, after) => {
    const once = migrated(before);
    expect(once).toBe(after);
    expect(() => JSON.parse(once.replace(/^\uFEFF/, ''))).not.toThrow();
    expect(migrated(once)).toBe(once);
  });

  test('keeps its permissions, and leaves nothing beside it', () => {
    const directory = makeFiles({ 'package.json': `{ ${scripts} }` });
    chmodSync(join(directory, 'package.json'), 0o640);
    migrate(directory);
    expect(statSync(join(directory, 'package.json')).mode & 0o777).toBe(0o640);
    expect(readdirSync(directory)).toEqual(['package.json']);
  });

  // Anybody else has no file of somebody else's to rewrite: it stays theirs.
  test('stays its owner’s, also when root rewrites it', () => {
    const isRoot = process.geteuid?.() === 0;
    const directory = makeFiles({ 'package.json': `{ ${scripts} }` });
    if (isRoot) chownSync(join(directory, 'package.json'), 65_534, 65_533);
    const { uid, gid } = statSync(join(directory, 'package.json'));
    migrate(directory);
    expect(read(directory)).toContain('test-governor run jest');
    expect(statSync(join(directory, 'package.json'))).toMatchObject({ uid, gid });
  });

  test('behind a symbolic link is rewritten where it lies', () => {
    const directory = makeFiles({ 'real.json': `{ ${scripts} }` });
    symlinkSync('real.json', join(directory, 'package.json'));
    migrate(directory);
    expect(lstatSync(join(directory, 'package.json')).isSymbolicLink()).toBe(true);
    expect(read(directory, 'real.json')).toContain('test-governor run jest -- --ci');
  });
});

describe('a package.json that cannot be rewritten', () => {
  test.each([
    ['comments', `{\n  // ours\n  ${scripts}\n}\n`, 2, 3, 'comment', 'no comments'],
    ['a trailing comma', `{\n  ${scripts},\n}\n`, 5, 1, 'syntax', 'double quotes is expected'],
    ['a missing brace', `{\n  ${scripts}\n`, 5, 1, 'syntax', 'closing brace'],
    [
      'a key twice',
      `{\n  ${scripts},\n  "scripts": {}\n}\n`,
      5,
      3,
      'duplicate-key',
      '"scripts" stands twice',
    ],
    [
      'a script twice',
      '{ "scripts": {\n "a": "jest",\n "a": "x" } }',
      3,
      2,
      'duplicate-key',
      '"a" stands twice',
    ],
    ['nothing', '', 1, 1, 'syntax', 'expected|empty'],
    ['a list', '[]', 1, 1, 'not-an-object', 'no JSON object'],
  ])('because of %s is named with its line, and stays as it is', (_what, text, line, column, kind, words) => {
    const directory = makeFiles({
      'package.json': {
        workspaces: ['packages/*'],
        scripts: { 'test:governed': 'test-governor run', 'test:affected': 'x' },
      },
      'packages/broken/package.json': text,
      'packages/whole/package.json': { scripts: { test: 'jest' } },
    });
    const problem = { file: 'packages/broken/package.json', line, column, kind };
    expect(audit(directory)).toMatchObject({
      clean: false,
      findings: [{ file: 'packages/whole/package.json' }],
      problems: [{ ...problem, problem: expect.stringMatching(words) }],
    });
    expect(migrate(directory).plan.problems).toMatchObject([problem]);
    expect(read(directory, 'packages/broken/package.json')).toBe(text);
    // The others are migrated all the same.
    expect(read(directory, 'packages/whole/package.json')).toContain('test-governor run jest');
  });

  test('because it is not UTF-8 keeps every byte', () => {
    const bytes = Buffer.from('{"scripts":{"test":"jest \xe9"}}', 'latin1');
    const directory = makeFiles({});
    writeFileSync(join(directory, 'package.json'), bytes);
    expect(audit(directory).problems).toMatchObject([{ kind: 'encoding', line: 1 }]);
    migrate(directory);
    expect(Buffer.from(read(directory), 'utf8').equals(Buffer.from(bytes.toString('utf8')))).toBe(true);
  });

  test('is named by the programs with its line, and makes them fail', () => {
    const directory = makeFiles({ 'package.json': { workspaces: ['a'] }, 'a/package.json': '{\n  // no\n}' });
    const report = governor(directory, 'audit');
    expect(report).toMatchObject({ status: 1, stdout: expect.stringContaining('a/package.json:2:3') });
    const migration = governor(directory, 'migrate', '--write');
    expect(migration).toMatchObject({ status: 1, stderr: expect.stringContaining('a/package.json:2:3') });
  });

  test('because it is read-only is named, and the others are written', () => {
    const directory = makeFiles({
      'package.json': { workspaces: ['packages/*'], scripts: { test: 'jest' } },
      'packages/a/package.json': { scripts: { test: 'jest' } },
    });
    const file = join(directory, 'packages/a/package.json');
    const before = read(directory, 'packages/a/package.json');
    chmodSync(file, 0o444);
    const { status, stderr } = governor(directory, 'migrate', '--write');
    expect(status).toBe(1);
    expect(stderr).toMatch(/packages\/a\/package\.json:1:1\n.*chmod u\+w/);
    expect(read(directory, 'packages/a/package.json')).toBe(before);
    expect(read(directory)).toContain('test-governor run jest');
    expect(readdirSync(join(directory, 'packages/a'))).toEqual(['package.json']);
  });
});
