import { describe, expect, test } from '@jest/globals';
import { modeInForce } from '../src/mode.ts';

const prefix = 'BASESHOP';

describe('the mode in force', () => {
  test('is warn when nobody says anything', () => {
    expect(modeInForce({}, prefix, undefined)).toMatchObject({
      mode: 'warn',
      source: 'default',
      lowered: false,
    });
  });

  test('is the repository’s where the environment is silent', () => {
    expect(modeInForce({}, prefix, 'enforce')).toMatchObject({
      mode: 'enforce',
      source: 'config',
      lowered: false,
    });
  });

  test('is the environment’s where it speaks', () => {
    const mode = modeInForce({ BASESHOP_POLICY_MODE: 'enforce' }, prefix, 'warn');
    expect(mode).toMatchObject({ mode: 'enforce', source: 'environment', lowered: false });
  });

  test('is said to be the repository’s where that is stricter than its shell’s', () => {
    expect(modeInForce({ BASESHOP_GUARD_MODE: 'warn' }, prefix, 'enforce')).toMatchObject({
      mode: 'enforce',
      source: 'config',
    });
  });

  test.each([
    ['warn', 'enforce'],
    ['off', 'enforce'],
    ['off', 'warn'],
  ])('counts %s in a shell that was given %s as lowered', (asked, given) => {
    const environment = { BASESHOP_POLICY_MODE: asked, BASESHOP_GUARD_MODE: given };
    expect(modeInForce(environment, prefix, undefined)).toMatchObject({ mode: asked, given, lowered: true });
  });

  test('is lowered below what the repository’s config raised', () => {
    const mode = modeInForce({ BASESHOP_POLICY_MODE: 'warn' }, prefix, 'enforce');
    expect(mode).toMatchObject({ mode: 'warn', given: 'enforce', lowered: true });
  });

  test('stays with the shell that a person set to warn in a repository that enforces', () => {
    const environment = { BASESHOP_POLICY_MODE: 'warn', BASESHOP_GUARD_MODE: 'warn' };
    expect(modeInForce(environment, prefix, 'enforce')).toMatchObject({ mode: 'warn', lowered: false });
  });

  test('may be raised for one command without being an override', () => {
    const environment = { BASESHOP_POLICY_MODE: 'enforce', BASESHOP_GUARD_MODE: 'warn' };
    expect(modeInForce(environment, prefix, undefined)).toMatchObject({ mode: 'enforce', lowered: false });
  });

  test('ignores a word that is no mode and names it', () => {
    const mode = modeInForce({ BASESHOP_POLICY_MODE: 'enfroce' }, prefix, 'enforce');
    expect(mode).toMatchObject({ mode: 'enforce', unknown: 'enfroce', lowered: false });
  });

  test('falls back to the shell’s mode when the variable was taken away', () => {
    expect(modeInForce({ BASESHOP_GUARD_MODE: 'enforce' }, prefix, undefined)).toMatchObject({
      mode: 'enforce',
      source: 'shell',
    });
  });

  test('follows the configured prefix', () => {
    expect(modeInForce({ ACME_POLICY_MODE: 'off' }, 'ACME', undefined)).toMatchObject({ mode: 'off' });
  });

  test.each([
    ['1', true],
    ['true', true],
    ['0', false],
    ['false', false],
    ['', false],
  ])('reads the override %j as %s', (value, on) => {
    const mode = modeInForce({ BASESHOP_ALLOW_BYPASS_POLICY: value }, prefix, undefined);
    expect(mode.bypassPolicy).toBe(on);
  });
});
