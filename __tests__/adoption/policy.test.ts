import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { decideChange, withMode } from '../../src/adoption/policy.ts';
import { serializeEvent } from '../../src/telemetry/event.ts';
import { baseEnvironment, readEvents } from '../helpers/shell';
import { sampleEvent } from '../telemetry/sample.ts';
import { type Answer, governorWith, makeFiles, read } from './lab.ts';

jest.setTimeout(120_000);

const config = 'test-governor.config.json';

interface Team {
  readonly top: string;
  readonly state: string;
  policy(...args: readonly string[]): Answer;
}

function team(files: Readonly<Record<string, unknown>>, more: Readonly<Record<string, string>> = {}): Team {
  const top = makeFiles({ '.git/HEAD': 'ref: refs/heads/main\n', ...files });
  const state = join(top, 'state');
  mkdirSync(state, { mode: 0o700 });
  const env = baseEnvironment({ BASESHOP_STATE_DIR: state, ...more });
  return { top, state, policy: (...args) => governorWith(env, top, 'policy', ...args) };
}

const raw = { 'package.json': { scripts: { test: 'jest' } } };
const clean = { 'package.json': { scripts: { test: 'test-governor run jest --' } } };

describe('decideChange', () => {
  const unclean = { kind: 'unclean', findings: [], problems: [], unused: 2 } as const;

  test('asks nothing of a mode that blocks nothing', () => {
    for (const to of ['warn', 'off'] as const) {
      expect(decideChange('enforce', to, null, false)).toEqual({
        kind: 'set',
        forced: false,
        findings: null,
      });
    }
  });

  test('enforces after a clean audit, and where there is nothing to audit', () => {
    expect(decideChange('warn', 'enforce', { kind: 'clean' }, true)).toMatchObject({
      kind: 'set',
      forced: false,
    });
    expect(decideChange('warn', 'enforce', { kind: 'nothing' }, false)).toMatchObject({ kind: 'set' });
  });

  test('refuses while the audit is not clean, unless it is forced', () => {
    expect(decideChange(undefined, 'enforce', unclean, false)).toEqual({ kind: 'refused', findings: 2 });
    expect(decideChange(undefined, 'enforce', unclean, true)).toEqual({
      kind: 'set',
      forced: true,
      findings: 2,
    });
  });

  test('changes nothing that is so already', () => {
    expect(decideChange('enforce', 'enforce', unclean, false)).toEqual({ kind: 'same' });
  });
});

describe('withMode', () => {
  test('keeps everything else of the config as it stands', () => {
    expect(withMode('{\r\n\t"mode": "warn",\r\n\t"maxLoad":8\r\n}', 'off')).toBe(
      '{\r\n\t"mode": "off",\r\n\t"maxLoad":8\r\n}',
    );
    expect(withMode('\uFEFF{\n    "maxLoad": 8\n}\n', 'enforce')).toBe(
      '\uFEFF{\n    "maxLoad": 8,\n    "mode": "enforce"\n}\n',
    );
  });

  test.each([
    [
      '{ "docsLint": {"archive": ["a",   "b"]} }\n',
      '{ "docsLint": {"archive": ["a",   "b"]}, "mode": "off" }\n',
    ],
    ['{\r\n\t"a": {"b": [1,   2]}\r\n}', '{\r\n\t"a": {"b": [1,   2]},\r\n\t"mode": "off"\r\n}'],
  ])('lays out what stands beside a new mode no other way: %j', (before, after) => {
    expect(withMode(before, 'off')).toBe(after);
  });

  test('changes the mode that counts where it stands twice', () => {
    const twice = '{ "mode": "warn", "mode": "enforce" }\n';
    expect(JSON.parse(withMode(twice, 'off'))).toEqual({ mode: 'off' });
  });
});

describe('policy', () => {
  test.each([
    ['jest', 'Rewrite them: test-governor migrate --write'],
    // Sending somebody to migrate, which leaves it, and back again would be a circle.
    [
      'npx jest@29',
      'which migrate cannot rewrite. What to do by hand, or to declare as an exception, is told by: test-governor audit',
    ],
  ])('that refuses to enforce because of the script "%s" names what helps', (script, words) => {
    const { policy } = team({ 'package.json': { scripts: { test: script } } });
    const { status, stderr } = policy('enforce');
    expect(status).toBe(1);
    expect(stderr).toContain(words);
  });

  test('shows the mode and every place that it could come from', () => {
    const { policy } = team({ [config]: { mode: 'enforce' } });
    const { status, stdout } = policy();
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^enforce, from test-governor\.config\.json: a raw test run fails with status 126/,
    );
    expect(stdout).toMatch(/BASESHOP_POLICY_MODE, .* not set/);
    expect(stdout).toContain('test-governor policy warn');
    const lowered = team({ [config]: { mode: 'enforce' } }, { BASESHOP_POLICY_MODE: 'warn' }).policy().stdout;
    expect(lowered).toMatch(/^warn, from the environment/);
    expect(lowered).toContain('each raw run counts as an override');
  });

  test('refuses to enforce while a script is ungoverned, names it and the next command, and writes nothing', () => {
    const { top, state, policy } = team({ ...raw, [config]: { mode: 'warn' } });
    const before = read(top, config);
    const { status, stdout, stderr } = policy('enforce');
    expect(status).toBe(1);
    expect(stdout).toContain('package.json:3  test: jest');
    expect(stderr).toContain('test-governor migrate --write');
    expect(read(top, config)).toBe(before);
    expect(readEvents(state)).toEqual([]);
  });

  test('enforces when the audit is clean, says what would have been blocked lately, and records the change', () => {
    const { top, state, policy } = team({ ...clean, [config]: '{ "maxLoad": 8 }\n' });
    const now = Date.now();
    const event = (daysAgo: number, changes: Parameters<typeof sampleEvent>[0]) =>
      serializeEvent(sampleEvent({ ts: new Date(now - daysAgo * 86_400_000).toISOString(), ...changes }));
    writeFileSync(
      join(state, 'events.jsonl'),
      [
        event(9, { form: 'bare' }),
        event(2, { form: 'npx' }),
        event(1, { form: 'npx' }),
        event(1, { form: 'package-script' }),
        event(1, { form: 'yarn', outcome: 'blocked' }),
      ].join(''),
    );
    const { status, stdout } = policy('enforce');
    expect(status).toBe(0);
    expect(stdout).toContain('The audit is clean');
    expect(stdout).toMatch(
      /4 raw runs were blocked or would have been:\n +2 {2}npx\n +1 {2}package-script\n +1 {2}yarn\n/,
    );
    expect(stdout).not.toMatch(/bare/);
    expect(JSON.parse(read(top, config))).toEqual({ maxLoad: 8, mode: 'enforce' });
    expect(readEvents(state).at(-1)).toMatchObject({
      event: 'policy',
      from: 'warn',
      to: 'enforce',
      forced: false,
      findings: 0,
    });
    expect(policy('warn').stdout).toContain('To go back: test-governor policy enforce');
  });

  test('is forced with --force, which is recorded with what the audit had found', () => {
    const { top, state, policy } = team(raw);
    const { status, stdout } = policy('enforce', '--force');
    expect(status).toBe(0);
    expect(stdout).toContain('It was forced, and that is recorded.');
    expect(JSON.parse(read(top, config))).toEqual({ mode: 'enforce' });
    expect(readEvents(state)).toMatchObject([{ event: 'policy', forced: true, findings: 1 }]);
  });

  test('says when the shell’s own mode wins over what was set', () => {
    const { policy } = team(clean, { BASESHOP_POLICY_MODE: 'warn' });
    expect(policy('off').stdout).toContain('In this shell BASESHOP_POLICY_MODE still says warn');
  });

  test('ends with 78 for an invalid config, and with 64 for a mode that is none', () => {
    expect(team({ [config]: '{' }).policy('warn').status).toBe(78);
    expect(team({}).policy('loud')).toMatchObject({
      status: 64,
      stderr: expect.stringContaining('"enforce"'),
    });
  });
});
