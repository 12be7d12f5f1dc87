import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { baseEnvironment, guardedRoot } from '../helpers/shell.ts';

const command = join(guardedRoot, 'bin/test-governor');
let directory = '';
beforeAll(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), "classify's é ")));
  writeFileSync(
    join(directory, 'package.json'),
    JSON.stringify({ scripts: { test: 'jest --ci', lint: 'eslint .' } }),
  );
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function classify(args: readonly string[], input = '') {
  const result = spawnSync(process.execPath, [command, 'classify', ...args], {
    cwd: directory,
    env: baseEnvironment(),
    input,
    encoding: 'utf8',
  });
  return { status: result.status, stdout: result.stdout, stderr: result.stderr };
}

function lines(text: string): unknown[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

describe('classify', () => {
  test('prints the verdict as JSON with every field of the contract', () => {
    const { status, stdout } = classify(['--json', '--', 'npx jest src']);
    expect(status).toBe(0);
    const verdict: unknown = JSON.parse(stdout);
    expect(verdict).toMatchObject({ verdict: 'bypass', runner: 'jest', form: 'npx', intent: 'jest' });
    expect(Object.keys(Object(verdict))).toEqual([
      'verdict',
      'runner',
      'form',
      'intent',
      'replacement',
      'reason',
    ]);
  });

  test('says in words what to run instead', () => {
    const { stdout } = classify(['--', 'npm test']);
    expect(stdout).toMatch(/^bypass \(jest, form package-script, intent jest\)$/m);
    expect(stdout).toMatch(/^run instead: .* jest -- --ci$/m);
  });

  test('judges the line where --cwd says it would run', () => {
    const { stdout } = classify(['--json', '--cwd', '/', '--', 'npm test']);
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'none' });
  });

  test.each([[[]], [['--', 'npx', 'jest']]])('asks for one command line when given %j', (args) => {
    const { status, stderr } = classify(args);
    expect(status).toBe(64);
    expect(stderr).toContain("test-governor classify -- 'npx jest src'");
  });

  test('answers a stream line by line, in order, with the ids carried over', () => {
    const requests = [
      { id: 7, cmd: 'npx jest' },
      { id: 'a', cmd: 'git commit -m "fix jest"' },
      { id: null, cmd: 'npm run lint' },
      { cmd: 'npm test' },
      { id: { deep: [1] }, cmd: 'npm test', scripts: { test: 'echo none' } },
      { id: 9, cmd: 'npm test', cwd: '/' },
      { id: 10, cmd: 'yarn unit', scripts: { unit: 'vitest run' } },
    ];
    const { status, stdout } = classify(
      ['--ndjson'],
      requests.map((request) => JSON.stringify(request)).join('\n'),
    );
    expect(status).toBe(0);
    expect(lines(stdout)).toMatchObject([
      { id: 7, verdict: 'bypass' },
      { id: 'a', verdict: 'none' },
      { id: null, verdict: 'none' },
      { verdict: 'bypass', form: 'package-script' },
      { id: { deep: [1] }, verdict: 'none' },
      { id: 9, verdict: 'none' },
      { id: 10, verdict: 'bypass', runner: 'vitest' },
    ]);
  });

  test('gives a malformed input line an answer of its own, and goes on', () => {
    const { status, stdout } = classify(
      ['--ndjson'],
      '{"id":1,"cmd":"npx jest"}\nnot json\n{"id":3}\n[]\n\n{"id":4,"cmd":"ls"}\n',
    );
    expect(status).toBe(0);
    expect(lines(stdout)).toMatchObject([
      { id: 1, verdict: 'bypass' },
      { verdict: 'none', reason: 'the input line is not JSON' },
      { id: 3, verdict: 'none', reason: '"cmd" is not a string' },
      { verdict: 'none', reason: 'the input line is not a JSON object' },
      { id: 4, verdict: 'none' },
    ]);
  });

  test('answers each line of a reader that waits for it before sending the next', async () => {
    const child = spawn(process.execPath, [command, 'classify', '--ndjson'], {
      cwd: directory,
      env: baseEnvironment(),
    });
    const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    for (const id of [1, 2, 3]) {
      child.stdin.write(`${JSON.stringify({ id, cmd: 'npx jest' })}\n`);
      const { value } = await answers.next();
      expect(JSON.parse(String(value))).toMatchObject({ id, verdict: 'bypass' });
    }
    child.stdin.end();
    expect(await once(child, 'close')).toEqual([0, null]);
  });

  test('takes a line separator of Unicode within a question for a part of its text', () => {
    // JSON.stringify writes both as they are.
    const requests = ['\u2028', '\u2029'].map((cmd, id) => JSON.stringify({ id, cmd: `npx jest ${cmd}x` }));
    expect(lines(classify(['--ndjson'], requests.join('\n')).stdout)).toMatchObject([
      { id: 0, verdict: 'bypass' },
      { id: 1, verdict: 'bypass' },
    ]);
  });

  test('answers thousands of lines without losing one', () => {
    const requests = Array.from({ length: 5000 }, (_, id) =>
      JSON.stringify({ id, cmd: id % 10 === 0 ? 'npx jest' : 'ls' }),
    );
    const answers = lines(classify(['--ndjson'], requests.join('\n')).stdout);
    expect(answers.map((answer) => Object(answer).id)).toEqual(requests.map((_, id) => id));
  });
});

describe('the command line', () => {
  function run(...args: string[]) {
    return spawnSync(process.execPath, [command, ...args], {
      env: baseEnvironment(),
      encoding: 'utf8',
      cwd: directory,
    });
  }

  test.each([[['--help']], [['classify', '--help']], [['generate', '--help']], [['doctor', '--help']]])(
    'explains itself for %j',
    (args) => {
      const { status, stdout } = run(...args);
      expect(status).toBe(0);
      expect(stdout).toContain('test-governor');
    },
  );

  test.each([[[]], [['nonsense']], [['classify', '--nonsense']]])(
    'refuses %j with status 64 and shows its usage',
    (args) => {
      const { status, stderr, stdout } = run(...args);
      expect(status).toBe(64);
      expect(stderr).toContain('classify');
      expect(stdout).toBe('');
    },
  );
});
