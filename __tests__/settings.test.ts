import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Config, LoadedConfig } from '../src/config.ts';
import { defaultSettings, readSettings } from '../src/settings.ts';

function loaded(config: Config): LoadedConfig {
  return { kind: 'ok', file: '/repo/test-governor.config.json', config };
}

describe('the settings', () => {
  test('are the defaults where nobody says otherwise', () => {
    expect(readSettings({}, 'BASESHOP', { kind: 'none' })).toEqual({ kind: 'ok', settings: defaultSettings });
    expect(defaultSettings).toMatchObject({ memoryBudgetPct: 0.6, cpuSlotPct: 0.7, maxLoad: 8 });
  });

  test('come from the config, and the environment wins', () => {
    const config = loaded({
      memoryBudgetPct: 0.5,
      cpuSlotPct: 1,
      maxLoad: 3,
      testTimeoutSeconds: 60,
      classBudgetsMb: { jest: 900 },
      maxWorkersCap: 4,
    });
    const environment = { ACME_MEMORY_BUDGET_PCT: ' .25 ', MAX_LOAD: '12.5', ACME_QUEUE_TIMEOUT: '0' };
    expect(readSettings(environment, 'ACME', config)).toMatchObject({
      settings: {
        memoryBudgetPct: 0.25,
        cpuSlotPct: 1,
        maxLoad: 12.5,
        queueTimeoutSeconds: 0,
        testTimeoutSeconds: 60,
        killGraceSeconds: 10,
        classBudgetsMb: { jest: 900 },
        maxWorkersCap: 4,
      },
    });
  });

  test('take an empty variable for none, and know no prefix but their own', () => {
    const environment = { BASESHOP_MEMORY_BUDGET_PCT: '', MAX_LOAD: '', OTHER_CPU_SLOT_PCT: 'x' };
    expect(readSettings(environment, 'BASESHOP', { kind: 'none' })).toEqual({
      kind: 'ok',
      settings: defaultSettings,
    });
  });

  test.each([
    ['BASESHOP_MEMORY_BUDGET_PCT', '0'],
    ['BASESHOP_MEMORY_BUDGET_PCT', '60'],
    ['BASESHOP_MEMORY_BUDGET_PCT', '-0.5'],
    ['BASESHOP_MEMORY_BUDGET_PCT', 'NaN'],
    ['BASESHOP_CPU_SLOT_PCT', '1.0001'],
    ['BASESHOP_CPU_SLOT_PCT', '70%'],
    ['BASESHOP_CPU_SLOT_PCT', '0x1'],
    ['MAX_LOAD', 'abc'],
    ['MAX_LOAD', '-1'],
    ['MAX_LOAD', 'Infinity'],
    ['BASESHOP_QUEUE_TIMEOUT', '10m'],
    ['BASESHOP_TEST_TIMEOUT', '2147484'],
    ['BASESHOP_KILL_GRACE', '-1'],
  ])('refuse %s=%s with status 64 and one sentence', (name, value) => {
    const result = readSettings({ [name]: value }, 'BASESHOP', { kind: 'none' });
    expect(result).toMatchObject({ kind: 'invalid', status: 64 });
    expect(result.kind === 'invalid' ? result.sentence : '').toMatch(
      new RegExp(`^${name}=${value}: expected [^\\n]+$`),
    );
  });

  test('of an invalid config are status 78, with the file and the place in it', () => {
    const config: LoadedConfig = {
      kind: 'invalid',
      file: '/repo/test-governor.config.json',
      pointer: '/cpuSlotPct',
      expected: 'a number above 0',
    };
    expect(readSettings({ MAX_LOAD: 'abc' }, 'BASESHOP', config)).toEqual({
      kind: 'invalid',
      status: 78,
      sentence: '/repo/test-governor.config.json at /cpuSlotPct: expected a number above 0',
    });
  });

  test.each(['false', '0', 'no', 'FALSE'])('without throttling (%s) have no limit on the load', (off) => {
    const environment = { TEST_THROTTLE_ENABLED: off, MAX_LOAD: 'abc' };
    expect(readSettings(environment, 'BASESHOP', { kind: 'none' })).toMatchObject({
      settings: { maxLoad: null },
    });
  });

  test.each(['true', '1', ''])('keep the limit with TEST_THROTTLE_ENABLED=%s', (on) => {
    expect(readSettings({ TEST_THROTTLE_ENABLED: on }, 'BASESHOP', { kind: 'none' })).toMatchObject({
      settings: { maxLoad: 8 },
    });
  });
});

test('every key of the config has its line in docs/settings.md', () => {
  const read = (name: string) => readFileSync(join(__dirname, '..', name), 'utf8');
  const { properties }: { properties: Readonly<Record<string, unknown>> } = JSON.parse(
    read('schemas/config.schema.json'),
  );
  const page = read('docs/settings.md');
  const keys = Object.keys(properties).filter((key) => key !== '$schema');
  expect(keys.length).toBeGreaterThan(10);
  expect(keys.filter((key) => !page.includes(`\`${key}\``))).toEqual([]);
});
