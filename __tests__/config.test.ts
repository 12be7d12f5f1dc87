import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { configFileName, describeInvalid, loadConfig } from '../src/config.ts';

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'config é '));
  mkdirSync(join(directory, '.git'));
  mkdirSync(join(directory, 'packages/a'), { recursive: true });
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function withConfig(text: string) {
  writeFileSync(join(directory, configFileName), text);
  return loadConfig(join(directory, 'packages/a'));
}

describe('the config', () => {
  test('is found upward from a package', () => {
    expect(withConfig('{"mode":"enforce"}')).toMatchObject({ kind: 'ok', config: { mode: 'enforce' } });
  });

  test('may begin with a byte order mark and name its schema', () => {
    const config = withConfig('\uFEFF{"$schema":"x","envPrefix":"ACME"}');
    expect(config).toMatchObject({ kind: 'ok', config: { envPrefix: 'ACME' } });
  });

  test('tunes budgets, limits and times, and what it leaves out is absent', () => {
    const settings = {
      memoryBudgetPct: 0.25,
      cpuSlotPct: 1,
      classBudgetsMb: { jest: 900, 'watch-exclusive': 1 },
      maxLoad: 0.5,
      queueTimeoutSeconds: 0,
      testTimeoutSeconds: 90.5,
      killGraceSeconds: 5,
      maxWorkersCap: 4,
    };
    expect(withConfig(JSON.stringify(settings))).toMatchObject({ kind: 'ok', config: settings });
    expect(withConfig('{"maxLoad":3}')).toMatchObject({ kind: 'ok', config: { maxLoad: 3 } });
    expect(Object.keys(Object(withConfig('{"maxLoad":3}')).config)).toEqual(['maxLoad']);
  });

  test('is not looked for above the repository', () => {
    rmSync(join(directory, configFileName));
    expect(loadConfig(join(directory, 'packages/a'))).toEqual({ kind: 'none' });
  });

  test.each([
    ['{"mode":"loud"}', '/mode', 'one of warn, enforce, off'],
    ['{"mood":"warn"}', '', 'no property "mood"'],
    ['{"envPrefix":"a b"}', '/envPrefix', 'pattern'],
    ['[]', '', 'object'],
    ['{"memoryBudgetPct":60}', '/memoryBudgetPct', 'a number of at most 1'],
    ['{"memoryBudgetPct":0}', '/memoryBudgetPct', 'a number above 0'],
    ['{"cpuSlotPct":-1}', '/cpuSlotPct', 'a number above 0'],
    ['{"cpuSlotPct":"0.5"}', '/cpuSlotPct', 'number'],
    ['{"cpuSlotPct":null}', '/cpuSlotPct', 'number'],
    ['{"classBudgetsMb":{"jset":1}}', '/classBudgetsMb', 'no property "jset"'],
    ['{"classBudgetsMb":{"jest":0}}', '/classBudgetsMb/jest', 'a number of at least 1'],
    ['{"classBudgetsMb":{"jest":1.5}}', '/classBudgetsMb/jest', 'integer'],
    ['{"maxLoad":-1}', '/maxLoad', 'a number of at least 0'],
    ['{"testTimeoutSeconds":1e99}', '/testTimeoutSeconds', 'a number of at most 2147483'],
    ['{"maxWorkersCap":0}', '/maxWorkersCap', 'a number of at least 1'],
    ['{"docsLint":{"archive":[""]}}', '/docsLint/archive/0', 'expected a text that is not empty'],
    [`{"envPrefix":"${'A'.repeat(41)}"}`, '/envPrefix', 'expected no more than 40 characters'],
    ['{"exceptions":[{"package":"a"}]}', '/exceptions/0', 'expected a property "script"'],
    ['{"mode":', '', 'JSON ('],
    ['{\n  "mode": "warn",\n}\n', '', 'line 3'],
  ])('that is wrong, %s, is named by file, place and what was expected', (text, pointer, expected) => {
    const config = withConfig(text);
    if (config.kind !== 'invalid') throw new Error(`it was ${config.kind}`);
    expect(config.pointer).toBe(pointer);
    expect(describeInvalid(config)).toContain(join(directory, configFileName));
    expect(describeInvalid(config)).toContain(expected);
  });

  test('whose name something else than a file has is wrong, and not ignored', () => {
    const file = join(directory, configFileName);
    const target = join(directory, 'settings.json');
    const load = () => {
      const config = loadConfig(join(directory, 'packages/a'));
      return config.kind === 'invalid' ? describeInvalid(config) : config.kind;
    };
    rmSync(file, { force: true });
    mkdirSync(file);
    expect(load()).toBe(`${file}: expected a file (it is a directory)`);
    rmSync(file, { recursive: true });
    symlinkSync(target, file);
    expect(load()).toBe(`${file}: expected a file (it is a symbolic link that leads nowhere)`);
    mkdirSync(target);
    expect(load()).toBe(`${file}: expected a file that can be read`);
    rmSync(target, { recursive: true });
    writeFileSync(target, '{}');
    expect(load()).toBe('ok');
    rmSync(file);
    expect(load()).toBe('none');
  });
});
