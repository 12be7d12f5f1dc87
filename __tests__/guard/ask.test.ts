import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { baseEnvironment, guardedRoot, readEvents, runShell } from '../helpers/shell.ts';
import { jestSuite, makeWorkspace, type Workspace } from '../helpers/workspace.ts';

let workspace: Workspace;
let states: string;
beforeAll(() => {
  workspace = makeWorkspace({ files: jestSuite(), link: ['jest'], git: true });
  states = mkdtempSync(join(tmpdir(), 'ask-'));
});
afterAll(() => {
  workspace.cleanup();
  rmSync(states, { recursive: true, force: true });
});

let count = 0;
function freshState(): string {
  count++;
  return join(states, `state-${count}`);
}

/** Asks the built asker as a layer does. The pid is that of a process of its own, so that no earlier decision covers it. */
function ask(args: readonly string[], environment: Readonly<Record<string, string>> = {}, input = '') {
  const env = baseEnvironment({ BASESHOP_STATE_DIR: freshState(), ...environment });
  const words = args.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const asker = join(guardedRoot, 'dist/ask.cjs');
  const script = `'${process.execPath}' '${asker}' ${words.replace("'PID'", () => '"$$"')}`;
  const result = spawnSync('sh', ['-c', `${script}; exit $?`], {
    cwd: workspace.path,
    env,
    input,
    encoding: 'utf8',
  });
  const events = existsSync(env.BASESHOP_STATE_DIR ?? '') ? readEvents(env.BASESHOP_STATE_DIR ?? '') : [];
  return { status: result.status, stdout: result.stdout, stderr: result.stderr, events };
}

const raw = ['argv', 'shim', 'PID', 'npx', 'jest', 'src'];
const enforce = { BASESHOP_POLICY_MODE: 'enforce' };

describe('the asker', () => {
  test('has no opinion on a command that starts no tests, and says nothing', () => {
    expect(ask(['argv', 'shim', 'PID', 'npx', 'eslint', '.'])).toEqual({
      status: 0,
      stdout: '',
      stderr: '',
      events: [],
    });
  });

  test('says in which package its advice holds, since a cd on the line itself has led there', async () => {
    const scripts = { 'test:governed': 'test-governor run' };
    const monorepo = makeWorkspace({
      files: {
        ...jestSuite({ scripts, manifest: { workspaces: ['packages/*'] } }),
        'packages/a/package.json': JSON.stringify({ name: 'a', scripts: { test: 'jest' } }),
      },
      git: true,
    });
    const { status, stderr } = await runShell({
      shell: join(guardedRoot, 'bin/with-guard'),
      args: ['bash'],
      script: 'cd packages/a && npm test',
      cwd: monorepo.path,
      env: baseEnvironment(enforce),
    });
    monorepo.cleanup();
    expect(status).toBe(126);
    expect(stderr).toContain('Run this instead, in packages/a: npm --prefix ../.. run test:governed -- jest');
  });

  test('warns with a token, a message of three lines and one event', () => {
    const { status, stdout, stderr, events } = ask(raw);
    expect(status).toBe(3);
    expect(stdout).toMatch(/^[0-9a-f]{32}\n$/);
    expect(stderr.trimEnd().split('\n')).toHaveLength(3);
    expect(events).toMatchObject([
      { outcome: 'warned', governed: false, runner: 'jest', class: 'jest', form: 'npx' },
    ]);
  });

  test('blocks with 126, no token, and one event that knows nothing of the arguments', () => {
    const { status, stdout, events } = ask(
      ['argv', 'shim', 'PID', 'npx', 'jest', '--token=s3cret', '/home/me'],
      enforce,
    );
    expect({ status, stdout }).toEqual({ status: 126, stdout: '' });
    expect(events).toMatchObject([{ outcome: 'blocked', policy_mode: 'enforce' }]);
    expect(JSON.stringify(events)).not.toMatch(/s3cret|home|token/);
  });

  test('reads text of any size and with any byte from stdin', () => {
    const text = `cat <<'E' >/dev/null\n${'npx jest \u0000\u001b[2J\n'.repeat(60_000)}E\n`;
    expect(ask(['text', 'bash', 'PID'], enforce, text)).toMatchObject({ status: 0, stderr: '' });
  });

  test('never sends a control character of the command to the terminal', () => {
    const { stderr } = ask(['text', 'bash', 'PID'], enforce, "npx jest $'\\e]0;x' '\u001b[2J\u0007'");
    expect(stderr).toContain('\\x1b[2J\\x07');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there.
    expect(stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });

  test.each([
    [{ BASESHOP_ALLOW_BYPASS_POLICY: '1' }],
    [{ BASESHOP_ALLOW_OVERLOAD: '1' }],
    [{ BASESHOP_GUARD_MODE: 'enforce', BASESHOP_POLICY_MODE: 'warn' }],
  ])('hands a command with %j over to a governed run, which speaks for itself', (environment) => {
    expect(ask(raw, { ...enforce, ...environment })).toEqual({
      status: 4,
      stdout: '',
      stderr: '',
      events: [],
    });
  });

  test.each([
    [{ BASESHOP_ALLOW_BYPASS_POLICY: '1' }, true, false],
    [{ BASESHOP_ALLOW_OVERLOAD: '1' }, false, true],
  ])(
    'lets a command with %j run where only its own process can run it, and says so',
    (environment, policy, overload) => {
      const question = ['argv-in-place', ...raw.slice(1)];
      const { status, stdout, stderr, events } = ask(question, { ...enforce, ...environment });
      expect(status).toBe(3);
      expect(stdout).toMatch(/^[0-9a-f]{32}\n$/);
      expect(stderr).toContain('it runs at once: from here it cannot be queued');
      expect(events).toMatchObject([
        { outcome: 'overridden', override_policy_used: policy, override_overload_used: overload },
      ]);
    },
  );

  test.each([
    ['BASESHOP_ALLOW_BYPASS_POLICY=1 ./node_modules/.bin/jest', 4],
    ['BASESHOP_ALLOW_BYPASS_POLICY=1 python3 -m pytest', 4],
    // The shim becomes the run.
    ['BASESHOP_ALLOW_BYPASS_POLICY=1 npx jest', 0],
    ['BASESHOP_ALLOW_BYPASS_POLICY=1 PATH=/usr/bin npx jest', 4],
  ])('reads an override that stands in the text itself: %s', (text, status) => {
    expect(ask(['text', 'bash', 'PID'], enforce, text)).toEqual({
      status,
      stdout: '',
      stderr: '',
      events: [],
    });
  });

  test('says which mode is none, and goes on with the default', () => {
    const { status, stderr } = ask(raw, { BASESHOP_POLICY_MODE: 'enfroce' });
    expect(status).toBe(3);
    expect(stderr).toContain('BASESHOP_POLICY_MODE="enfroce" is no mode (warn, enforce, off); warn is used');
  });

  test('says what is wrong with a config, and goes on without it', () => {
    const config = join(workspace.path, 'test-governor.config.json');
    writeFileSync(config, '{"mode":"loud"}');
    try {
      const { status, stderr } = ask(raw, enforce);
      expect(status).toBe(126);
      expect(stderr).toContain(`${config} at /mode: expected one of warn, enforce, off`);
    } finally {
      rmSync(config);
    }
  });

  test('takes the repository’s mode where the environment is silent', () => {
    const config = join(workspace.path, 'test-governor.config.json');
    writeFileSync(config, '{"mode":"enforce"}');
    try {
      expect(ask(raw).status).toBe(126);
      expect(ask(raw, { BASESHOP_POLICY_MODE: 'warn' }).status).toBe(4);
    } finally {
      rmSync(config);
    }
  });

  test('says nothing at all in mode off', () => {
    expect(ask(raw, { BASESHOP_POLICY_MODE: 'off' })).toEqual({
      status: 0,
      stdout: '',
      stderr: '',
      events: [],
    });
  });

  test.each([[[]], [['text', 'fish', '1']], [['argv', 'shim', 'x']], [['argv', 'shim', '-1', 'npx']]])(
    'refuses the malformed question %j with 64',
    (args) => {
      expect(ask(args).status).toBe(64);
    },
  );
});

describe('a place where nothing can be stored', () => {
  test.each([
    ['sh', 'npx jest'],
    ['bash', './node_modules/.bin/jest'],
    ['zsh', 'npm test'],
  ])('still gives one warning for one command in %s', async (shell, script) => {
    const { status, stderr } = await runShell({
      shell: join(guardedRoot, 'bin/with-guard'),
      args: [shell],
      script,
      cwd: workspace.path,
      env: baseEnvironment({ BASESHOP_STATE_DIR: '/proc/nowhere' }),
    });
    expect(status).toBe(0);
    expect(stderr.match(/test-governor: warning/g)).toHaveLength(1);
    expect(stderr.match(/no telemetry/g)).toHaveLength(1);
  });
});
