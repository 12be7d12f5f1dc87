import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { serializeEvent } from '../../../src/telemetry/event.ts';
import { baseEnvironment, guardedRoot } from '../../helpers/shell.ts';
import { sampleEvent } from '../../telemetry/sample.ts';
import { enoughRuns } from './events.ts';

let home = '';
let state = '';
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'calibrate é ')));
  state = join(home, '.cache/test-governor');
  mkdirSync(join(home, '.git'));
  mkdirSync(state, { recursive: true, mode: 0o700 });
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function calibrateIn(cwd: string, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(guardedRoot, 'bin/test-governor'), 'calibrate', ...args],
    { cwd, env: baseEnvironment(), encoding: 'utf8' },
  );
  return { status, stdout, stderr };
}

const calibrate = (...args: readonly string[]) => calibrateIn(home, ...args);

const lines = (count?: number) => enoughRuns().slice(0, count).map(serializeEvent).join('');
const config = () => join(home, 'test-governor.config.json');

describe('calibrate', () => {
  test('reads all files, skips and counts what is torn or foreign, and leaves the rest of the repository alone', () => {
    writeFileSync(join(state, 'events-20260301T000000.000Z.jsonl'), lines());
    const torn = lines(1).slice(0, 100);
    writeFileSync(
      join(state, 'events.jsonl'),
      `${torn}\n\0\0\nnull\n{"a":1}\n${serializeEvent(sampleEvent())}${torn}`,
    );
    const { status, stdout, stderr } = calibrate();
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('**All gates are met.**');
    expect(stdout).toContain('| left out: events of runs outside the governor | 1 |');
    expect(stdout).toContain('| skipped: torn lines | 2 |');
    expect(stdout).toContain('| skipped: lines that are no event | 3 |');
    expect(stdout).toContain('](data:image/svg+xml;base64,');
    expect(existsSync(config())).toBe(false);
  });

  test('puts the report into a file, the plot beside it, and the budgets into the config', () => {
    writeFileSync(join(state, 'events.jsonl'), lines());
    writeFileSync(config(), '{\n\t"mode": "warn" ,\n\t"classBudgetsMb": { "turbo": 9 }\n}');
    const { status, stdout, stderr } = calibrate('--out', 'my report.md', '--write');
    expect(status).toBe(0);
    expect(stdout).toBe('Wrote my report.md and my report.svg.\n');
    expect(stderr).toContain('jest 1024, pytest 256, vitest 640');
    expect(readFileSync(join(home, 'my report.md'), 'utf8')).toContain('](my%20report.svg)');
    expect(readFileSync(join(home, 'my report.svg'), 'utf8')).toMatch(/^<svg /);
    const written = readFileSync(config(), 'utf8');
    expect(written).toMatch(
      /^\{\n\t"mode": "warn" ,\n\t"classBudgetsMb": \{ "turbo": 9, "jest": 1024, .* \}\n\}$/,
    );
    expect(JSON.parse(written)).toEqual({
      mode: 'warn',
      classBudgetsMb: { turbo: 9, jest: 1024, pytest: 256, vitest: 640 },
    });
    // In force now; a second time changes nothing.
    expect(calibrate('--write').stdout).toContain('| jest | 1,024 | **1,024** |');
    expect(readFileSync(config(), 'utf8')).toBe(written);
  });

  test('makes a config at the top of the repository where there is none', () => {
    writeFileSync(join(state, 'events.jsonl'), lines());
    expect(calibrate('--write').status).toBe(0);
    expect(JSON.parse(readFileSync(config(), 'utf8'))).toEqual({
      classBudgetsMb: { jest: 1024, pytest: 256, vitest: 640 },
    });
  });

  test('names no file so that a terminal obeys the name', () => {
    writeFileSync(join(state, 'events.jsonl'), lines());
    const directory = join(home, 'a\u001b[31mb');
    mkdirSync(directory);
    writeFileSync(join(directory, 'test-governor.config.json'), '{}');
    const written = calibrateIn(directory, '--write', '--out', join(directory, 'r.md'));
    expect(written.status).toBe(0);
    expect(written.stdout + written.stderr).not.toContain('\u001b');
    expect(written.stderr).toContain('a\\x1b[31mb/test-governor.config.json');
  });

  test('writes no budgets while a gate is not met, unless it is waived; the report says why', () => {
    writeFileSync(join(state, 'events.jsonl'), lines(99));
    const refused = calibrate('--write', '--out', 'report.md');
    expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('--write --waive') });
    expect(readFileSync(join(home, 'report.md'), 'utf8')).toContain('**1 of 5 gates is not met.**');
    expect(existsSync(config())).toBe(false);
    expect(calibrate('--write', '--out', 'report.md', '--waive', 'a small team').status).toBe(0);
    expect(readFileSync(join(home, 'report.md'), 'utf8')).toContain('**Waived:** a small team');
    expect(existsSync(config())).toBe(true);
  });

  test('reports of no telemetry, and of a file of garbage, that no gate is met', () => {
    expect(calibrate().stdout).toContain('**5 of 5 gates are not met.**');
    writeFileSync(
      join(state, 'events.jsonl'),
      Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 256)),
    );
    const { status, stdout } = calibrate();
    expect(status).toBe(0);
    expect(stdout).toContain('**5 of 5 gates are not met.**');
    expect(stdout).toMatch(/lines that are no event \| [1-9]/);
  });

  test('says what cannot be written or read, and changes nothing', () => {
    writeFileSync(join(state, 'events.jsonl'), lines());
    expect(calibrate('--out', 'no/such/directory.md')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('ENOENT'),
    });
    expect(calibrate('--waive', '')).toMatchObject({ status: 64 });
    writeFileSync(config(), '{}');
    chmodSync(config(), 0o444);
    expect(calibrate('--write')).toMatchObject({ status: 1, stderr: expect.stringContaining('chmod u+w') });
    expect(readFileSync(config(), 'utf8')).toBe('{}');
    chmodSync(config(), 0o644);
    writeFileSync(config(), '{ broken');
    expect(calibrate('--write')).toMatchObject({ status: 78 });
    expect(readFileSync(config(), 'utf8')).toBe('{ broken');
  });
});
