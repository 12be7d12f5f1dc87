import { describe, expect, test } from '@jest/globals';
import { literal } from '../../src/policy/argument.ts';
import { isSuspect } from '../../src/policy/gate.ts';
import { launchers } from '../../src/policy/launchers/index.ts';
import type { Start } from '../../src/policy/launchers/launcher.ts';
import { runners } from '../../src/policy/runners.ts';

/** Arguments with which one launcher or another starts a package script. */
const attempts = [
  'test',
  'run test',
  'run-script test',
  'run a:test',
  'run-many -t test',
  'exec test',
  '-- test',
  '--run test',
  '--run=test',
  'npm:test',
  'pnpm:test',
  'yarn:test',
  'bun:test',
  'node:test',
  'npm:test:*',
  'workspaces run test',
  'workspaces foreach run test',
  'workspace a test',
  'it',
  'install-test',
];

function startsScript(start: Start): boolean {
  if (start.kind === 'script') return true;
  const [word, ...args] = start.kind === 'argv' ? start.args : [];
  if (word === undefined) return false;
  return launchers.get(word.value)?.starts(args, word.value).some(startsScript) ?? false;
}

describe('the tables behind the gate', () => {
  test('know every launcher that starts package scripts without a runner being named', () => {
    const lines = [...launchers].flatMap(([name, launcher]) =>
      attempts.flatMap((attempt) => {
        const starts = launcher.starts(attempt.split(' ').map(literal), name);
        return starts.some(startsScript) ? [`${name} ${attempt}`] : [];
      }),
    );
    expect(lines.length).toBeGreaterThan(30);
    expect(lines.filter((line) => !isSuspect(line))).toEqual([]);
  });

  test('know every name by which a runner goes', () => {
    const names = runners.flatMap((entry) => [
      ...entry.commands,
      ...entry.packages,
      ...entry.pythonModules,
      ...entry.mainFiles.map((file) => `node node_modules/${file}`),
    ]);
    expect(names.filter((name) => !isSuspect(name))).toEqual([]);
  });
});
