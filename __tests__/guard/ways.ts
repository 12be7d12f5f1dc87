import { dirname, join } from 'node:path';
import { afterEach } from '@jest/globals';
import {
  baseEnvironment,
  guardedRoot,
  readEvents,
  roomyMachine,
  runShell,
  type ShellResult,
} from '../helpers/shell.ts';
import { jestSuite, makeWorkspace, type Workspace, type WorkspaceOptions } from '../helpers/workspace.ts';

const made: Workspace[] = [];

afterEach(() => {
  for (const one of made.splice(0)) one.cleanup();
});

/** A workspace with a jest suite and every package manager, gone after the test. */
export function workspace(options: Partial<WorkspaceOptions> = {}): Workspace {
  const one = makeWorkspace({
    files: {
      ...jestSuite(),
      ...wayFiles,
    },
    link: ['jest', 'turbo', 'pnpm', 'yarn', 'bun'],
    git: true,
    ...options,
  });
  made.push(one);
  return one;
}

/** What pnpm puts into node_modules/.bin. */
function pnpmBin(target: string): string {
  return `#!/bin/sh
basedir=$(dirname "$(echo "$0" | sed -e 's,\\\\,/,g')")
if [ -x "$basedir/node" ]; then
  exec "$basedir/node"  "$basedir/${target}" "$@"
else
  exec node  "$basedir/${target}" "$@"
fi
`;
}

/** What some of the ways need besides a suite. */
export const wayFiles = {
  Makefile: 'test:\n\tnpx jest\n',
  'spawn.py': 'import subprocess, sys\nsys.exit(subprocess.call(["npx", "jest"]))\n',
  'spawn.js':
    "process.exitCode = require('node:child_process').spawnSync('npx', ['jest'], { stdio: 'inherit' }).status;\n",
  'pnpm-bin/jest': pnpmBin('../node_modules/jest/bin/jest.js'),
};

/** What became of a line, and what was said and recorded of it. */
export interface Guarded extends ShellResult {
  /** Sentences of ours that it said, by their first lines. */
  readonly messages: number;
  /** What telemetry tells of it. */
  readonly events: readonly Readonly<Record<string, unknown>>[];
  readonly outcomes: readonly unknown[];
}

/** Runs a line of sh below with-guard, with the package managers of the workspace on PATH behind the shims. */
export async function guarded(
  { path, bin }: Workspace,
  script: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Guarded> {
  const env = baseEnvironment({ CI: '1', ...roomyMachine, ...more });
  // The runner's own name in the workspace's .bin is for package managers only: here it would shadow the shim.
  const tools = `${env.PATH}:${bin}`;
  const result = await runShell({
    shell: join(guardedRoot, 'bin/with-guard'),
    args: ['sh', '-c', script],
    cwd: path,
    env: { ...env, PATH: tools },
  });
  const events = readEvents(join(path, '.cache/test-governor'));
  return {
    ...result,
    messages: result.stderr.split('\n').filter((line) => line.startsWith('test-governor: ')).length,
    events,
    outcomes: events.map(({ outcome }) => outcome),
  };
}

/** An enforcing shell. */
export const enforce = { BASESHOP_POLICY_MODE: 'enforce' };

/** Ways in which a test run starts that no text of a shell shows: `sh` has no hook. */
export const ways = [
  ['npx in sh', 'npx jest'],
  ['a path in sh', './node_modules/.bin/jest'],
  ['a link of pnpm’s making', './pnpm-bin/jest'],
  ['node with the file', 'node node_modules/jest/bin/jest.js'],
  ['npm test', 'npm test'],
  ['npm exec', 'npm exec jest'],
  ['pnpm test', 'pnpm test'],
  ['pnpm exec', 'pnpm exec jest'],
  ['yarn test', 'yarn test'],
  ['yarn with the command', 'yarn -s jest'],
  ['bunx', 'bunx jest'],
  ['bun run', 'bun run test'],
  ['python', 'python3 spawn.py'],
  ['node', 'node spawn.js'],
  ['env', '/usr/bin/env npx jest'],
  ['the absolute path of npx', `'${dirname(process.execPath)}/npx' jest`],
  ['the absolute path of node', `'${process.execPath}' node_modules/.bin/jest`],
  ['a PATH of its own', `PATH='${dirname(process.execPath)}:/usr/bin:/bin' npx jest`],
] as const;
