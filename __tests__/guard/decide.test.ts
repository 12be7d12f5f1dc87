import { describe, expect, test } from '@jest/globals';
import { decide } from '../../src/guard/decide.ts';
import { modeInForce } from '../../src/mode.ts';
import type { Classification, VerdictKind } from '../../src/policy/verdict.ts';

function classified(verdict: VerdictKind): Classification {
  return {
    verdict,
    runner: 'jest',
    form: 'npx',
    intent: 'jest',
    replacement: null,
    reason: '',
    commandWord: 'npx',
    subject: 'npx jest',
    assignments: {},
    argv: ['jest'],
    piped: false,
    hasOtherPipe: false,
    isRead: true,
    subjectAt: null,
    subjectCwd: null,
    bypassWords: ['npx'],
  };
}

const nowhere = { governed: false, decided: false };
const enforcing = { BASESHOP_POLICY_MODE: 'enforce', BASESHOP_GUARD_MODE: 'enforce' };

function decided(verdict: VerdictKind, environment: Record<string, string>, standing = nowhere) {
  return decide(classified(verdict), modeInForce(environment, 'BASESHOP', undefined), standing).kind;
}

describe('the decision', () => {
  test.each([
    ['none', 'pass'],
    ['harmless', 'allow'],
    ['governed', 'allow'],
    ['bypass', 'block'],
  ] as const)('for a %s command under enforce is to %s', (verdict, decision) => {
    expect(decided(verdict, enforcing)).toBe(decision);
  });

  test.each([
    ['off', 'pass'],
    ['warn', 'warn'],
    ['enforce', 'block'],
  ])('for a raw run in mode %s is to %s', (mode, decision) => {
    expect(decided('bypass', { BASESHOP_POLICY_MODE: mode })).toBe(decision);
  });

  test.each([
    { BASESHOP_ALLOW_BYPASS_POLICY: '1' },
    { BASESHOP_ALLOW_OVERLOAD: '1' },
    { BASESHOP_POLICY_MODE: 'warn' },
    { BASESHOP_POLICY_MODE: 'off' },
  ])('for a raw run with %j in an enforcing shell is an override', (extra) => {
    expect(decided('bypass', { ...enforcing, ...extra })).toBe('override');
  });

  test('lets a run below a governed run or a decided command pass', () => {
    expect(decided('bypass', enforcing, { governed: true, decided: false })).toBe('allow');
    expect(decided('bypass', enforcing, { governed: false, decided: true })).toBe('allow');
  });

  test('does not take a marker in the environment for a governed run', () => {
    expect(decided('bypass', { ...enforcing, BASESHOP_GOVERNED_CONTEXT: '1' })).toBe('block');
  });
});
