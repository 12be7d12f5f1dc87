import { describe, expect, test } from '@jest/globals';
import { escapeForTerminal } from '../../src/escape.ts';
import {
  blockedMessage,
  coloured,
  overrideMessage,
  plain,
  type Subject,
  warningMessage,
} from '../../src/guard/message.ts';
import { modeInForce } from '../../src/mode.ts';

function subject(
  shown: string,
  replacement: string | null,
  environment: Record<string, string> = {},
): Subject {
  return {
    shown,
    envPrefix: 'BASESHOP',
    place: null,
    mode: modeInForce(environment, 'BASESHOP', undefined),
    classification: {
      verdict: 'bypass',
      runner: 'jest',
      form: 'npx',
      intent: 'jest',
      replacement,
      reason: '',
      commandWord: 'npx',
      subject: shown,
      assignments: {},
      argv: ['jest'],
      piped: false,
      hasOtherPipe: false,
      isRead: true,
      subjectAt: null,
      subjectCwd: null,
      bypassWords: ['npx'],
    },
  };
}

const governed = 'npm run test:governed -- jest -- src';
const enforcing = { BASESHOP_POLICY_MODE: 'enforce' };

describe('the message for a blocked command', () => {
  test('says in its first line that no tests ran, and why', () => {
    const [first] = blockedMessage(subject('npx jest src', governed, enforcing), plain);
    expect(first).toBe('test-governor: no tests ran. Blocked (BASESHOP_POLICY_MODE=enforce): npx jest src');
  });

  test('names no variable that is not set, where the shell was guarded with the mode', () => {
    const [first] = blockedMessage(
      subject('npx jest src', governed, { BASESHOP_GUARD_MODE: 'enforce' }),
      plain,
    );
    expect(first).toBe(
      'test-governor: no tests ran. Blocked (this shell was guarded with mode enforce): npx jest src',
    );
  });

  test('ends with the exact command to run instead', () => {
    const lines = blockedMessage(subject('npx jest src', governed, enforcing), plain);
    expect(lines.at(-1)).toBe(`  Run this instead: ${governed}`);
  });

  test('says where that is to be run when it is not at the top of the workspace', () => {
    const below = {
      ...subject('npm test', 'npm --prefix ../.. run test:governed -- jest'),
      place: 'packages/a\u0007',
    };
    expect(blockedMessage(below, plain).at(-1)).toBe(
      '  Run this instead, in packages/a\\x07: npm --prefix ../.. run test:governed -- jest',
    );
  });

  test('never names a way around the policy', () => {
    const text = blockedMessage(subject('npx jest', governed, enforcing), plain).join('\n');
    expect(text).not.toMatch(/ALLOW|BYPASS|=warn|=off/);
  });

  test.each([['npx jest'], ['x'.repeat(10_000)], ['a\nb\nc\nd\ne']])(
    'has at most four lines: %.12s',
    (shown) => {
      for (const lines of [blockedMessage, warningMessage]) {
        const text = lines(subject(shown, governed, enforcing), plain).join('\n');
        expect(text.split('\n').length).toBeLessThanOrEqual(4);
        expect(text.length).toBeLessThan(1000);
      }
    },
  );

  test('has colour only when it is painted', () => {
    const blocked = subject('npx jest', governed, enforcing);
    expect(blockedMessage(blocked, plain).join('')).not.toContain('\u001b');
    expect(blockedMessage(blocked, coloured).join('')).toContain('\u001b[1;31m');
  });
});

describe('the message for a warning', () => {
  test('says that the run goes on, and what to type next time', () => {
    const lines = warningMessage(subject('npx jest', governed), plain);
    expect(lines.join('\n')).toMatch(/It runs now/);
    expect(lines.at(-1)).toContain(governed);
  });
});

describe('the message for an override', () => {
  test.each([
    [{ BASESHOP_ALLOW_BYPASS_POLICY: '1' }, 'BASESHOP_ALLOW_BYPASS_POLICY'],
    [{ BASESHOP_ALLOW_OVERLOAD: '1' }, 'BASESHOP_ALLOW_OVERLOAD'],
    [{ BASESHOP_GUARD_MODE: 'enforce', BASESHOP_POLICY_MODE: 'off' }, 'BASESHOP_POLICY_MODE=off'],
  ])('is one line that names %j', (environment, name) => {
    const lines = overrideMessage(subject('npx jest', null, environment), 'queued');
    expect(lines).toEqual([
      `test-governor: override ${name} recorded, and it takes its turn like any other run: npx jest`,
    ]);
  });

  test.each([
    ['unqueued', 'it skips the queue'],
    ['in-ci', 'it runs at once, as every run in CI'],
    ['in-place', 'from here it cannot be queued'],
  ] as const)('says what becomes of a command that is %s', (fate, words) => {
    expect(overrideMessage(subject('npx jest', null), fate).join()).toContain(words);
  });
});

describe('what is printed', () => {
  test('shows control characters escaped', () => {
    expect(escapeForTerminal('a\u001b[2Jb\u0007\r\n\t\u0000\u007f\u009b')).toBe(
      'a\\x1b[2Jb\\x07\\r\\n\\t\\x00\\x7f\\x9b',
    );
  });

  test('shows characters that reorder or hide text escaped', () => {
    expect(escapeForTerminal('npx\u202etsej\u200b\u2028')).toBe('npx\\u202etsej\\u200b\\u2028');
  });

  test('leaves ordinary text of any script alone', () => {
    expect(escapeForTerminal('src/größe/测试 – ok')).toBe('src/größe/测试 – ok');
  });
});
