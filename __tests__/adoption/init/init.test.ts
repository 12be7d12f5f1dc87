// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is a shell that expands these.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { baseEnvironment, guardedRoot, quote } from '../../helpers/shell';
import { type Answer, governorWith, makeFiles, read } from '../lab.ts';

jest.setTimeout(120_000);

const packageJson = '{\n    "name": "top",\n    "scripts": {\n        "test": "jest"\n    }\n}\n';

interface Team {
  readonly top: string;
  readonly home: string;
  init(...args: readonly string[]): Answer;
  run(...args: readonly string[]): Answer;
}

/** A repository of a team, and a home of one of its members. */
function team(
  files: Readonly<Record<string, unknown>> = { 'package.json': packageJson },
  { git = true }: { readonly git?: boolean } = {},
): Team {
  const top = makeFiles(files);
  const env = baseEnvironment();
  if (git) execFileSync('git', ['init', '-q'], { cwd: top, env });
  const run = (...args: readonly string[]) => governorWith(env, top, ...args);
  return { top, home: env.HOME ?? '', run, init: (...args) => run('init', ...args) };
}

/** Every file below a directory with what it holds, the state directory and git's left out. */
function contents(directory: string): Readonly<Record<string, string>> {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !/\/\.(git|cache|npm)\//.test(path.slice(directory.length)));
  return Object.fromEntries(
    entries.map((path) => [
      path.slice(directory.length + 1),
      lstatSync(path).isSymbolicLink() ? 'a link' : readFileSync(path, 'utf8'),
    ]),
  );
}

describe('init', () => {
  test('makes a config that the policy reads, the governed script in the file’s own layout, and an ignore entry', () => {
    const { top, init, run } = team();
    expect(init().status).toBe(0);
    expect(JSON.parse(read(top, 'test-governor.config.json'))).toEqual({
      $schema: join(guardedRoot, 'schemas/config.schema.json'),
      mode: 'warn',
    });
    expect(read(top)).toBe(
      packageJson.replace('"jest"\n', '"jest",\n        "test:governed": "test-governor run"\n'),
    );
    expect(read(top, '.gitignore')).toBe('.cache/test-governor/\n');
    expect(run('policy').stdout).toContain('warn, from test-governor.config.json');
    expect(run('why', 'npx jest src').stdout).toContain('instead     npm run test:governed -- jest -- src');
  });

  test('refers to the schema of the package that is installed in the repository, by a relative path', () => {
    const { top, init } = team();
    mkdirSync(join(top, 'node_modules'));
    symlinkSync(guardedRoot, join(top, 'node_modules/test-governor'));
    const { stderr } = init();
    const { $schema } = JSON.parse(read(top, 'test-governor.config.json'));
    expect($schema).toBe('./node_modules/test-governor/schemas/config.schema.json');
    expect(existsSync(join(top, $schema))).toBe(true);
    expect(stderr).toContain('node_modules/test-governor/hooks/guarded.sh');
  });

  test('shows what it will write as a diff that git applies to the same result', () => {
    const { top, init } = team({ 'package.json': packageJson, '.gitignore': 'node_modules' });
    const before = contents(top);
    const { stdout, stderr } = init('--dry-run', '--docs');
    expect(stderr).toContain('Nothing was written. To write it: test-governor init --docs');
    expect(contents(top)).toEqual(before);
    init('--docs');
    const written = contents(top);
    const copy = makeFiles(before);
    execFileSync('git', ['init', '-q'], { cwd: copy });
    execFileSync('git', ['apply', '-'], { cwd: copy, input: stdout });
    expect(contents(copy)).toEqual(written);
  });

  test('changes nothing the second time', () => {
    const { top, home, init } = team();
    init('--rc', '--docs');
    const once = [contents(top), contents(home)];
    const { status, stdout, stderr } = init('--rc', '--docs');
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    expect(stderr).toContain('There is nothing to write.');
    expect([contents(top), contents(home)]).toEqual(once);
  });

  test('never overwrites what somebody wrote', () => {
    const files = {
      'package.json': { name: 'x', scripts: { 'test:governed': 'node own.js' } },
      'test-governor.config.json': { mode: 'off' },
      '.gitignore': '/.cache/test-governor\n',
      'docs/testing-policy.md': '# Ours\n',
      'AGENTS.md': '# Agents\n',
    };
    const { top, init } = team(files);
    const before = contents(top);
    const { status, stderr } = init('--docs');
    expect(status).toBe(0);
    expect(stderr).toContain('has a script test:governed of its own, which stays: node own.js');
    expect({ ...contents(top), 'AGENTS.md': '' }).toEqual({ ...before, 'AGENTS.md': '' });
    const edited = read(top, 'AGENTS.md').replace('Run tests with', 'Please run tests with');
    writeFileSync(join(top, 'AGENTS.md'), edited);
    expect(init('--docs').stderr).toContain(
      'the section between our marks in AGENTS.md says something else, and stays',
    );
    expect(read(top, 'AGENTS.md')).toBe(edited);
  });

  test('adds no ignore entry where a pattern of the repository ignores its state already', () => {
    const { top, init } = team({ 'package.json': packageJson, '.gitignore': '.cache\n' });
    expect(init().stderr).toContain('.gitignore ignores .cache/test-governor/');
    expect(read(top, '.gitignore')).toBe('.cache\n');
  });

  test('says in a plain sentence what it does without git and without a package.json', () => {
    const { top, init } = team({ 'README.md': '# x\n' }, { git: false });
    const { status, stderr } = init();
    expect(status).toBe(0);
    expect(stderr).toContain('this is no git repository: nothing to ignore, state lies in ');
    expect(stderr).toContain('there is no package.json, so no script was added');
    expect(Object.keys(contents(top)).sort()).toEqual(['README.md', 'test-governor.config.json']);
    expect(init('--undo').status).toBe(0);
    expect(Object.keys(contents(top))).toEqual(['README.md']);
  });

  test.each([
    ['with a byte order mark and CRLF', `\uFEFF${packageJson.replaceAll('\n', '\r\n')}`],
    ['on one line', '{"name":"x"}'],
    ['that is empty', '{}\n'],
    ['with tabs', packageJson.replaceAll('    ', '\t')],
  ])('edits a package.json %s, and takes it back to the byte', (_what, text) => {
    const { top, init } = team({ 'package.json': text });
    init();
    expect(JSON.parse(read(top).replace('\uFEFF', '')).scripts['test:governed']).toBe('test-governor run');
    expect(read(top).startsWith('\uFEFF')).toBe(text.startsWith('\uFEFF'));
    expect(init('--undo').status).toBe(0);
    expect(read(top)).toBe(text);
  });

  test('names a package.json that it cannot understand, with the place, and does the rest', () => {
    const { top, init } = team({ 'package.json': '{\n  "name": "x",\n}\n' });
    const { status, stderr } = init();
    expect(status).toBe(1);
    expect(stderr).toContain('package.json:3:1: it is not JSON');
    expect(read(top)).toBe('{\n  "name": "x",\n}\n');
    expect(existsSync(join(top, 'test-governor.config.json'))).toBe(true);
  });

  test('names a file that may not be written to, and takes back the rest', () => {
    const { top, init } = team();
    chmodSync(join(top, 'package.json'), 0o444);
    const { status, stderr } = init();
    expect(status).toBe(1);
    expect(stderr).toContain('package.json may not be written to: chmod u+w it');
    expect(read(top)).toBe(packageJson);
    expect(init('--undo').status).toBe(0);
    expect(Object.keys(contents(top))).toEqual(['package.json']);
  });

  test('refuses to write beside an invalid config, with status 78', () => {
    const { top, init } = team({
      'package.json': packageJson,
      'test-governor.config.json': { mode: 'loud' },
    });
    const { status, stderr } = init();
    expect(status).toBe(78);
    expect(stderr).toContain('at /mode: expected one of warn, enforce, off');
    expect(read(top)).toBe(packageJson);
  });
});

describe('init --docs', () => {
  test('writes one section where CLAUDE.md is a link to AGENTS.md', () => {
    const { top, init } = team({ 'package.json': packageJson, 'AGENTS.md': '# Agents' });
    symlinkSync('AGENTS.md', join(top, 'CLAUDE.md'));
    init('--docs');
    expect(read(top, 'AGENTS.md').match(/## Running tests/g)).toHaveLength(1);
    expect(lstatSync(join(top, 'CLAUDE.md')).isSymbolicLink()).toBe(true);
  });

  test('writes what docs-lint has nothing to say against, with the repository’s own prefix and package manager', () => {
    const { top, init, run } = team({
      'package.json': packageJson,
      'pnpm-lock.yaml': '',
      'test-governor.config.json': { envPrefix: 'ACME' },
    });
    init('--docs');
    const written = read(top, 'AGENTS.md') + read(top, 'docs/testing-policy.md');
    expect(written).toContain('`pnpm run test:governed -- jest -- src`');
    expect(written).toContain('ACME_ALLOW_BYPASS_POLICY=1');
    expect(written).not.toMatch(/BASESHOP|@P@|@governed@/);
    expect(run('docs-lint')).toMatchObject({ status: 0 });
  });
});

describe('init --rc', () => {
  test('puts its lines first, by which real bash and zsh are guarded', () => {
    const { home, init } = team();
    writeFileSync(join(home, '.bashrc'), 'MINE=bash\n');
    writeFileSync(join(home, '.zshenv'), 'MINE=zsh\n');
    expect(init('--rc').status).toBe(0);
    for (const [shell, file] of [
      ['bash', '.bashrc'],
      ['zsh', '.zshenv'],
    ] as const) {
      expect(readFileSync(join(home, file), 'utf8')).toMatch(/^# >>> test-governor >>>/);
      const script = 'printf "%s %s\\n" "$MINE" "${PATH%%:*}"';
      const line = `${shell === 'bash' ? `. ${quote(join(home, file))}; ` : ''}${script}`;
      const printed = execFileSync(shell, ['-c', line], {
        env: { ...baseEnvironment(), HOME: home },
        encoding: 'utf8',
      });
      expect(printed).toBe(`${shell} ${join(guardedRoot, 'shims')}\n`);
    }
    expect(existsSync(join(home, '.bash_profile'))).toBe(false);
  });

  test('leaves a shell whole when the package is gone', () => {
    const { top, home, init } = team();
    mkdirSync(join(top, 'node_modules/test-governor/hooks'), { recursive: true });
    writeFileSync(join(top, 'node_modules/test-governor/package.json'), '{}');
    init('--rc');
    const printed = execFileSync('bash', ['-c', `set -eu; . ${quote(join(home, '.bashrc'))}; echo fine`], {
      env: { ...baseEnvironment(), HOME: home },
      encoding: 'utf8',
    });
    expect(printed).toBe('fine\n');
  });

  test('leaves edited lines, and lines of another installation, as they are', () => {
    const { home, init } = team();
    init('--rc');
    const path = join(home, '.bashrc');
    const edited = readFileSync(path, 'utf8').replace('if [', 'true && if [');
    writeFileSync(path, edited);
    expect(init('--rc').stderr).toContain('the lines between our marks in ~/.bashrc were edited, and stay');
    expect(readFileSync(path, 'utf8')).toBe(edited);
  });
});

describe('init --undo', () => {
  test('takes back exactly what init did, in the repository and at home', () => {
    const { top, home, init } = team({
      'package.json': packageJson,
      '.gitignore': 'node_modules',
      'AGENTS.md': '# Agents',
      'CLAUDE.md': '# Claude\r\n',
    });
    writeFileSync(join(home, '.bashrc'), '#!/bin/bash\nalias l=ls');
    writeFileSync(join(home, '.bash_profile'), '. ~/.bashrc\n');
    const before = [contents(top), contents(home)];
    init('--rc', '--docs');
    expect(contents(home)['.bash_profile']).toContain('guarded.sh');
    expect(contents(top)).not.toEqual(before[0]);
    expect(init('--undo')).toMatchObject({ status: 0 });
    expect([contents(top), contents(home)]).toEqual(before);
    expect(existsSync(join(top, 'docs'))).toBe(false);
    expect(init('--undo').stderr).toContain('there is nothing to take back');
  });

  test('takes its parts out of files that were edited since, and leaves the edits', () => {
    const { top, home, init } = team({ 'package.json': packageJson, 'AGENTS.md': '# Agents\n' });
    init('--rc', '--docs');
    for (const file of ['.bashrc', '.zshenv']) {
      const path = join(home, file);
      writeFileSync(path, `first=1\n${readFileSync(path, 'utf8')}last=1\n`);
    }
    writeFileSync(join(top, '.gitignore'), `${read(top, '.gitignore')}node_modules\n`);
    writeFileSync(join(top, 'AGENTS.md'), `${read(top, 'AGENTS.md')}More.\n`);
    writeFileSync(join(top, 'package.json'), read(top).replace('"top"', '"renamed"'));
    expect(init('--undo').status).toBe(0);
    expect(readFileSync(join(home, '.bashrc'), 'utf8')).toBe('first=1\nlast=1\n');
    expect(read(top, '.gitignore')).toBe('node_modules\n');
    expect(read(top, 'AGENTS.md')).toBe('# Agents\nMore.\n');
    expect(read(top)).toBe(packageJson.replace('"top"', '"renamed"'));
  });

  test.each([
    ['\n', ''],
    ['\r\n', '\r\n'],
  ])('keeps lines apart that stood around its part, with line ends %j', (end, more) => {
    // Neither file ends with a line end, so what init adds begins with one: it now parts the first line from what came later.
    const files = {
      'package.json': packageJson,
      '.gitignore': `${more}node_modules`,
      'AGENTS.md': `${more}# Agents`,
    };
    const { top, init } = team(files);
    init('--docs');
    for (const name of ['.gitignore', 'AGENTS.md']) {
      writeFileSync(join(top, name), `${read(top, name)}later${end}`);
    }
    expect(init('--undo').status).toBe(0);
    expect(read(top, '.gitignore')).toBe(`${more}node_modules${end}later${end}`);
    expect(read(top, 'AGENTS.md')).toBe(`${more}# Agents${end}later${end}`);
  });

  test('takes the script out of a package.json that was written anew since', () => {
    const { top, init } = team();
    init();
    writeFileSync(join(top, 'package.json'), `${JSON.stringify(JSON.parse(read(top)), null, 2)}\n`);
    expect(init('--undo').status).toBe(0);
    expect(JSON.parse(read(top))).toEqual(JSON.parse(packageJson));
  });

  test('leaves and names what was edited since, and goes on naming it', () => {
    const { top, init, run } = team();
    init('--docs');
    run('policy', 'off');
    writeFileSync(join(top, 'docs/testing-policy.md'), '# Ours now\n');
    writeFileSync(
      join(top, 'package.json'),
      read(top).replace('"test-governor run"', '"test-governor run --"'),
    );
    for (const _ of [1, 2]) {
      const { status, stderr } = init('--undo');
      expect(status).toBe(1);
      expect(stderr).toContain('test-governor.config.json was edited since, and stays');
      expect(stderr).toContain('docs/testing-policy.md was edited since, and stays');
      expect(stderr).toContain('the script test:governed in package.json was edited since, and stays');
    }
    expect(read(top, 'docs/testing-policy.md')).toBe('# Ours now\n');
    expect(existsSync(join(top, 'AGENTS.md'))).toBe(false);
  });

  test('says how to stop blocking when the config that stays enforces', () => {
    const { init, run } = team();
    init();
    run('policy', 'enforce', '--force');
    const { status, stderr } = init('--undo');
    expect(status).toBe(1);
    expect(stderr).toContain(
      'it still blocks raw runs, until you delete it or type: test-governor policy warn',
    );
  });

  test('finds marked sections also without its record, and leaves the rest', () => {
    const { top, home, init } = team({ 'package.json': packageJson, 'AGENTS.md': '# Agents\n' });
    init('--docs', '--rc');
    for (const name of readdirSync(join(top, '.cache/test-governor'))) {
      if (name.startsWith('init-'))
        writeFileSync(join(top, '.cache/test-governor', name), '{"edits":[],"directories":[]}');
    }
    init('--undo');
    expect(read(top, 'AGENTS.md')).not.toContain('Running tests');
    expect(existsSync(join(top, 'test-governor.config.json'))).toBe(true);
    expect(readFileSync(join(home, '.zshenv'), 'utf8')).toContain('guarded.sh');
    init('--undo', '--rc');
    expect(readFileSync(join(home, '.zshenv'), 'utf8')).toBe('');
  });

  test('changes nothing with --dry-run, and nothing when its record cannot be read', () => {
    const { top, init } = team();
    init();
    const after = contents(top);
    expect(init('--undo', '--dry-run').stdout).toContain('+++ /dev/null');
    expect(contents(top)).toEqual(after);
    const state = join(top, '.cache/test-governor');
    for (const name of readdirSync(state)) {
      if (name.startsWith('init-')) writeFileSync(join(state, name), 'torn');
    }
    expect(init('--undo')).toMatchObject({ status: 1, stdout: '' });
    expect(contents(top)).toEqual(after);
  });
});
