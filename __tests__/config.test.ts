import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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

  test('is not looked for above the repository', () => {
    rmSync(join(directory, configFileName));
    expect(loadConfig(join(directory, 'packages/a'))).toEqual({ kind: 'none' });
  });

  test.each([
    ['{"mode":"loud"}', '/mode', 'one of warn, enforce, off'],
    ['{"mood":"warn"}', '', 'no property "mood"'],
    ['{"envPrefix":"a b"}', '/envPrefix', 'pattern'],
    ['[]', '', 'object'],
    ['{"mode":', '', 'JSON ('],
  ])('that is wrong, %s, is named by file, place and what was expected', (text, pointer, expected) => {
    const config = withConfig(text);
    if (config.kind !== 'invalid') throw new Error(`it was ${config.kind}`);
    expect(config.pointer).toBe(pointer);
    expect(describeInvalid(config)).toContain(join(directory, configFileName));
    expect(describeInvalid(config)).toContain(expected);
  });
});
