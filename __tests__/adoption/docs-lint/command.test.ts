import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import Ajv from 'ajv';
import { defaultArchive } from '../../../src/adoption/docs-lint/files.ts';
import type { Finding } from '../../../src/adoption/docs-lint/finding.ts';
import { lintFiles } from '../../../src/adoption/docs-lint/lint.ts';
import { baseEnvironment, guardedRoot } from '../../helpers/shell.ts';
import { project, workspace } from './lint.ts';
import sarifEssentials from './sarif-essentials.json';

function docsLint(cwd: string, ...args: readonly string[]) {
  const command = join(guardedRoot, 'bin/test-governor');
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, 'docs-lint', ...args], {
    cwd,
    env: baseEnvironment(),
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

type Shown = Pick<Finding, 'file' | 'line' | 'column' | 'command' | 'rule'>;

function shown(findings: readonly Shown[]): readonly string[] {
  return findings.map(
    ({ file, line, column, rule, command }) => `${file}:${line}:${column} ${command ?? rule}`,
  );
}

/** The findings of the command, without its process. */
function reported(cwd: string, ...paths: readonly string[]): readonly string[] {
  return shown(findings(cwd, paths, false));
}

function findings(cwd: string, paths: readonly string[], fix: boolean): readonly Finding[] {
  const request = { cwd, paths: paths.length === 0 ? ['.'] : paths, base: cwd, archive: defaultArchive, fix };
  return lintFiles(request).findings;
}

const raw = '```sh\nnpx jest src\n```\n';
const mended = '```sh\nnpm run test:governed -- jest -- src\n```\n';

describe('docs-lint', () => {
  test('says where, what and what to type instead, and exits 1', () => {
    const home = project({ ...workspace, 'docs/a.md': `# A\n\n${raw}` });
    const { status, stdout } = docsLint(home);
    expect(status).toBe(1);
    expect(stdout).toBe(
      [
        'docs/a.md:4:1  a raw jest run, started through npx: npx jest src',
        '    type instead: npm run test:governed -- jest -- src',
        '',
        '1 finding in 1 file. 1 Markdown file looked at.',
        'test-governor docs-lint --fix writes the governed form of 1 of them.',
        '',
      ].join('\n'),
    );
  });

  test('looks into no pipe, where it would wait for somebody who writes', () => {
    const home = project({ ...workspace, 'a.md': '# A\n' });
    execFileSync('mkfifo', [join(home, 'pipe.md')]);
    expect(docsLint(home, 'pipe.md')).toMatchObject({ status: 64 });
    expect(docsLint(home)).toMatchObject({ status: 0 });
  });

  test('ends without a word when its reader has seen enough', () => {
    const many = 'run `npx jest`\n\n'.repeat(3000);
    const home = project({ ...workspace, 'a.md': many });
    const command = `'${process.execPath}' '${join(guardedRoot, 'bin/test-governor')}' docs-lint | head -1; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = spawnSync('bash', ['-c', command], {
      cwd: home,
      env: baseEnvironment(),
      encoding: 'utf8',
    });
    expect(stdout).toMatch(/^a\.md:1:\d+ .*\n141\n$/);
    expect(stderr).toBe('');
  });

  test('exits 0 when there is nothing to mend, and 64 for what does not exist', () => {
    const home = project({ ...workspace, 'a.md': '# A\n' });
    expect(docsLint(home)).toMatchObject({
      status: 0,
      stdout: 'Nothing to mend. 1 Markdown file looked at.\n',
    });
    expect(docsLint(home, 'b.md')).toMatchObject({ status: 64, stderr: expect.stringContaining('b.md') });
    expect(docsLint(home, '--format', 'xml')).toMatchObject({ status: 64 });
  });

  test('judges commands where their file belongs', () => {
    const home = project({
      ...workspace,
      'README.md': 'Run `npm test`\n',
      'docs/deep/a.md': 'Run `npm test`\n',
      'packages/web/README.md': 'Run `npm test`\n',
    });
    expect(docsLint(home).stdout.match(/type instead: .*/g)).toEqual([
      'type instead: npm run test:governed -- jest -- --ci',
      'type instead: npm run test:governed -- jest -- --ci',
      'type instead: npm --prefix ../.. run test:governed -- vitest -- run',
    ]);
  });

  test('never prints control characters of a file', () => {
    const home = project({ ...workspace, 'a.md': '```sh\nnpx jest \u001b[31m\u202e\n```\n' });
    for (const format of ['people', 'github']) {
      const { stdout } = docsLint(home, '--format', format);
      expect([...stdout].some((character) => character === '\u001b' || character === '\u202e')).toBe(false);
    }
  });

  test('stops at a config that is wrong', () => {
    const home = project({
      ...workspace,
      'test-governor.config.json': '{"docsLint":{"archive":"x"}}',
      'a.md': raw,
    });
    expect(docsLint(home)).toMatchObject({
      status: 78,
      stderr: expect.stringContaining('/docsLint/archive'),
    });
  });
});

describe('the files that are looked at', () => {
  test('are those that git knows and does not ignore, and no links', () => {
    const home = project({
      ...workspace,
      '.gitignore': 'ignored/\n',
      'tracked.md': raw,
      'new.MD': raw,
      '.github/x.markdown': raw,
      '.cursor/rules/y.mdc': raw,
      'ignored/a.md': raw,
      'node_modules/x/README.md': raw,
      'notes.txt': raw,
    });
    symlinkSync(join(home, 'tracked.md'), join(home, 'link.md'));
    const files = () => reported(home).map((finding) => finding.replace(/:.*/, ''));
    // Without git everything counts that is not known to be foreign.
    expect(files()).toEqual([
      '.cursor/rules/y.mdc',
      '.github/x.markdown',
      'ignored/a.md',
      'new.MD',
      'tracked.md',
    ]);
    execFileSync('git', ['init', '-q'], { cwd: home });
    execFileSync('git', ['add', 'tracked.md'], { cwd: home });
    // Packages belong to others, also where no .gitignore names them yet.
    expect(files()).toEqual(['.cursor/rules/y.mdc', '.github/x.markdown', 'new.MD', 'tracked.md']);
    expect(reported(home, 'ignored', 'link.md')).toEqual([
      'ignored/a.md:2:1 npx jest src',
      'link.md:2:1 npx jest src',
    ]);
    expect(reported(join(home, '.github'), '../tracked.md', '.')).toEqual([
      'x.markdown:2:1 npx jest src',
      `${home}/tracked.md:2:1 npx jest src`,
    ]);
  });

  test('are not those in archives, also when they are named', () => {
    const home = project({
      ...workspace,
      'docs/archive/a.md': raw,
      'docs/Archived/2020/a.md': raw,
      'CHANGELOG.md': raw,
      'docs/old/a.md': raw,
      'archive.md': raw,
    });
    expect(reported(home)).toEqual(['archive.md:2:1 npx jest src', 'docs/old/a.md:2:1 npx jest src']);
    expect(reported(home, 'docs/archive/a.md')).toEqual([]);
    expect(docsLint(home, 'docs/archive/a.md').stdout).toContain('left out: 1 archived');
    writeFileSync(
      join(home, 'test-governor.config.json'),
      '{"docsLint":{"archive":["docs/old/**","CHANGELOG.md"]}}',
    );
    const parsed: { readonly findings: readonly Shown[] } = JSON.parse(
      docsLint(join(home, 'docs'), '--json').stdout,
    );
    expect(shown(parsed.findings)).toEqual([
      'Archived/2020/a.md:2:1 npx jest src',
      'archive/a.md:2:1 npx jest src',
    ]);
  });

  test('may be binary, or in no known encoding', () => {
    const latin1 = Buffer.concat([Buffer.from('caf\xe9 \xff\n', 'latin1'), Buffer.from(raw)]);
    const home = project({
      ...workspace,
      'binary.md': Buffer.from([0, 1, 2, 0x6a, 0x65, 0x73, 0x74]),
      'utf16.md': Buffer.from(`\ufeff${raw}`, 'utf16le'),
      'latin1.md': latin1,
    });
    expect(reported(home)).toEqual(['latin1.md:3:1 npx jest src']);
    expect(docsLint(home).stdout).toContain('left out: 2 that are no text');
    findings(home, ['.'], true);
    expect(readFileSync(join(home, 'latin1.md'))).toEqual(
      Buffer.concat([Buffer.from('caf\xe9 \xff\n', 'latin1'), Buffer.from(mended)]),
    );
  });

  test('are reported when they cannot be read', () => {
    const home = project({ ...workspace, 'a.md': raw });
    mkdirSync(join(home, 'directory.md'));
    symlinkSync('loop.md', join(home, 'loop.md'));
    expect(docsLint(home, 'directory.md').status).toBe(0);
    expect(reported(home, 'loop.md', 'a.md')).toEqual([
      'a.md:2:1 npx jest src',
      'loop.md:1:1 unreadable-file',
    ]);
  });
});

describe('--fix', () => {
  test('changes the commands and not one byte else; a second time it changes nothing', () => {
    const text = [
      '\uFEFF---\r\ntitle: x\r\n---\r\n\r\n',
      '1. `npx jest a`  \r\n\r\n   ```sh\r\n\tnpx jest \\\r\n     src && npx vitest run\r\n   ```\r\n',
      '> ~~~console\r\n> $ CI=1 npx jest | tail\r\n> PASS\r\n> ~~~\r\n\r\n',
      'ünï 測試 \u2028 | `a` |\r\n\r\n\tpytest -q\t\r\n\r\nend, without a newline',
    ].join('');
    const expected = text
      .replace('`npx jest a`', '`npm run test:governed -- jest -- a`')
      .replace('npx jest \\\r\n     src', 'npm run test:governed -- jest -- src')
      .replace('npx vitest run', 'npm run test:governed -- vitest -- run')
      .replace('CI=1 npx jest', 'CI=1 npm run test:governed -- jest')
      .replace('pytest -q', 'npm run test:governed -- pytest -- -q');
    const home = project({ ...workspace, 'a.md': text });
    chmodSync(join(home, 'a.md'), 0o640);
    expect(docsLint(home, '--fix')).toMatchObject({
      status: 0,
      stdout: '5 mended. Nothing to mend. 1 Markdown file looked at.\n',
    });
    expect(readFileSync(join(home, 'a.md'), 'utf8')).toBe(expected);
    const { ino, mode } = statSync(join(home, 'a.md'));
    expect(mode & 0o777).toBe(0o640);
    expect(docsLint(home, '--fix').status).toBe(0);
    // Not even written anew: a rename would have given it another inode.
    expect(statSync(join(home, 'a.md')).ino).toBe(ino);
    expect(readdirSync(home).sort()).toEqual(['a.md', 'package.json', 'packages']);
  });

  test('leaves what is allowed, what only people can mend, and what is in an unclosed fence', () => {
    const kept = [
      `<!-- docs-lint: allow-raw-jest reason="x" -->\n${raw}`,
      '```powershell\nnpx jest src\\a\n```\n',
      '```sh\nJEST="npx jest"\n$JEST src\n```\n',
      '```sh\nnpx jest open\n',
    ].join('\n');
    const home = project({ ...workspace, 'a.md': `${raw}\n${kept}` });
    expect(docsLint(home, '--fix').status).toBe(1);
    expect(readFileSync(join(home, 'a.md'), 'utf8')).toBe(`${mended}\n${kept}`);
    expect(reported(home)).toEqual([
      'a.md:11:1 npx jest src\\a',
      'a.md:16:1 $JEST src',
      'a.md:19:1 unclosed-fence',
      'a.md:20:1 npx jest open',
    ]);
  });

  test('reports a file that is read-only, and mends the others', () => {
    const home = project({ ...workspace, 'a.md': raw, 'b.md': raw });
    chmodSync(join(home, 'a.md'), 0o444);
    expect(shown(findings(home, ['.'], true))).toEqual(['a.md:1:1 not-written', 'a.md:2:1 npx jest src']);
    expect(readFileSync(join(home, 'a.md'), 'utf8')).toBe(raw);
    expect(readFileSync(join(home, 'b.md'), 'utf8')).toBe(mended);
  });

  test('writes through a link that was named', () => {
    const home = project({ ...workspace, 'real/a.md': raw });
    symlinkSync('real/a.md', join(home, 'link.md'));
    findings(home, ['link.md'], true);
    expect(readFileSync(join(home, 'real/a.md'), 'utf8')).toBe(mended);
    expect(readFileSync(join(home, 'link.md'), 'utf8')).toBe(mended);
  });
});

describe('formats', () => {
  const home = () =>
    project({
      ...workspace,
      'docs/ä, b:100%.md': `${raw}\n<!-- docs-lint: allow-raw-jest -->\n`,
      'a.md': '```sh\n$X; npx jest \\\n  b\n```\n',
    });

  test('JSON has everything', () => {
    const { status, stdout } = docsLint(home(), '--json', 'docs');
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      files: 1,
      archived: 0,
      binary: 0,
      fixed: 0,
      findings: [
        {
          file: 'docs/ä, b:100%.md',
          line: 2,
          column: 1,
          endLine: 2,
          endColumn: 13,
          rule: 'raw-test-run',
          runner: 'jest',
          form: 'npx',
          command: 'npx jest src',
          replacement: 'npm run test:governed -- jest -- src',
          fix: 'npm run test:governed -- jest -- src',
        },
        { rule: 'allow-without-reason', line: 5, command: null, replacement: null, fix: null },
      ],
    });
  });

  test('SARIF is what SARIF 2.1.0 asks for', () => {
    const { status, stdout } = docsLint(home(), '--format', 'sarif');
    expect(status).toBe(1);
    const log: unknown = JSON.parse(stdout);
    const ajv = new Ajv({ strict: true, allErrors: true });
    expect(ajv.validate(sarifEssentials, log) ? null : ajv.errors).toBeNull();
    expect(log).toMatchObject({
      runs: [
        {
          results: [
            {
              ruleId: 'raw-test-run',
              ruleIndex: 0,
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: { uri: 'a.md', uriBaseId: 'SRCROOT' },
                    region: { startLine: 2, startColumn: 5, endLine: 3, endColumn: 4 },
                  },
                },
              ],
              fixes: [
                {
                  artifactChanges: [
                    { replacements: [{ insertedContent: { text: 'npm run test:governed -- jest -- b' } }] },
                  ],
                },
              ],
            },
            {
              locations: [
                { physicalLocation: { artifactLocation: { uri: 'docs/%C3%A4%2C%20b%3A100%25.md' } } },
              ],
            },
            { ruleId: 'allow-without-reason' },
          ],
        },
      ],
    });
  });

  test('SARIF of a clean repository has a run without results', () => {
    const { status, stdout } = docsLint(project(workspace), '--format', 'sarif');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ runs: [{ results: [] }] });
  });

  test('GitHub annotations have their characters escaped, and paths from the top of the checkout', () => {
    const top = home();
    execFileSync('git', ['init', '-q'], { cwd: top });
    expect(docsLint(join(top, 'docs'), '--format', 'github', '..').stdout.split('\n')).toEqual([
      '::error file=a.md,line=2,endLine=3,title=docs-lint%3A raw-test-run::a raw jest run, started through npx: npx jest \\\\nb%0AType instead: npm run test:governed -- jest -- b',
      '::error file=docs/ä%2C b%3A100%25.md,line=2,endLine=2,col=1,endColumn=13,title=docs-lint%3A raw-test-run::a raw jest run, started through npx: npx jest src%0AType instead: npm run test:governed -- jest -- src',
      expect.stringMatching(/^::error file=docs.*title=docs-lint%3A allow-without-reason::/),
      '',
    ]);
    expect(docsLint(project(workspace), '--format', 'github')).toEqual({ status: 0, stdout: '', stderr: '' });
  });
});
