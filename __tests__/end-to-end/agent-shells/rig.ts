import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { baseEnvironment, guardedRoot, quote, readEvents, runShell } from '../../helpers/shell.ts';
import { jestSuite, makeWorkspace, markerName } from '../../helpers/workspace.ts';
import type { AgentShell, Command, Place, Plan, Wire } from './plan.ts';

/** How an agent is guarded: not at all, started below `with-guard`, or by lines in the user's rc files. */
export type Guard = 'none' | 'with-guard' | 'rc-lines';

/** How one command of a trial ended. */
export interface Outcome {
  readonly command: string;
  /** Null when the shell was gone before it could say. */
  readonly status: number | null;
  readonly output: string;
  /** True when the tests really ran. */
  readonly ran: boolean;
}

/** One agent's life. */
export interface Trial {
  readonly outcomes: readonly Outcome[];
  /** How many telemetry events its commands left. */
  readonly events: number;
}

/** Debian's own, before any python that a version manager put on PATH and that starts ten times slower. */
const python = ['/usr/bin/python3', '/usr/local/bin/python3'].find((path) => existsSync(path)) ?? 'python3';

/** What a user's shell hands on. */
const user = {
  BASESHOP_POLICY_MODE: 'enforce',
  SHELL: '/bin/bash',
  USER: 'tester',
  LOGNAME: 'tester',
  SHLVL: '1',
};

const standardDirectories = ['/usr/local/bin', '/usr/bin', '/bin'];

/**
 * Plays the agent of `form` in a fresh workspace and home, has it run `commands` one after another, and tells how each
 * ended; commands that the form cannot express are left out. The policy mode is `enforce`, from the environment and,
 * for agents that drop that too, from the workspace's config.
 */
export async function tryForm(form: AgentShell, guard: Guard, commands: readonly Command[]): Promise<Trial> {
  const workspace = makeWorkspace({
    files: { ...jestSuite(), 'test-governor.config.json': '{ "mode": "enforce" }\n' },
    link: ['jest'],
  });
  try {
    const scratch = join(dirname(workspace.path), 'scratch');
    mkdirSync(scratch);
    const env = baseEnvironment(user);
    const place: Place = {
      scratch,
      home: env.HOME ?? scratch,
      workspace: workspace.path,
      node: process.execPath,
      python,
    };
    writeHome(place.home, guard);
    const plan = form.plan(place);
    for (const name of plan.startedWithout ?? []) delete env[name];
    for (const [path, content] of Object.entries(plan.files ?? {})) writeFileWithParents(path, content);
    const possible = commands.filter((command) => plan.kind === 'session' || plan.argv(command) !== null);
    const wire = join(scratch, 'plan.json');
    writeFileSync(wire, JSON.stringify(wireOf(plan, place, possible)));
    const agent = [python, join(__dirname, 'agent.py'), wire];
    const start = guard === 'with-guard' ? [join(guardedRoot, 'bin/with-guard'), ...agent] : agent;
    const [shell = python, ...args] = start;
    const run = await runShell({ shell, args, cwd: workspace.path, env, timeoutMs: 120_000 });
    if (run.status !== 0) throw new Error(`the agent ended with ${run.status}: ${run.stderr}`);
    const ends: readonly Omit<Outcome, 'command'>[] = JSON.parse(run.stdout);
    return {
      outcomes: ends.map((end, index) => ({ command: possible[index]?.text ?? '', ...end })),
      // The workspace is no repository: its events are the user's.
      events: readEvents(join(place.home, '.cache/test-governor')).length,
    };
  } finally {
    workspace.cleanup();
  }
}

function wireOf(plan: Plan, place: Place, commands: readonly Command[]): Wire {
  const common = {
    cwd: place.workspace,
    marker: join(place.workspace, markerName),
    environment: plan.environment ?? {},
    before: plan.before ?? [],
  };
  switch (plan.kind) {
    case 'one-shot':
      return {
        ...common,
        kind: 'one-shot',
        stdin: plan.stdin,
        descriptors: plan.descriptors ?? {},
        argv: [],
        argv0: null,
        opening: [],
        commands: commands.map((command) => ({
          argv: plan.argv(command) ?? [],
          script: plan.script?.(command) ?? '',
          line: '',
        })),
      };
    case 'session':
      return {
        ...common,
        kind: 'session',
        stdin: 'terminal',
        descriptors: {},
        argv: plan.argv,
        argv0: plan.argv0 ?? null,
        opening: plan.opening,
        commands: commands.map((command) => ({
          argv: [],
          script: '',
          line: plan.line?.(command) ?? command.text,
        })),
      };
    default:
      return plan satisfies never;
  }
}

/** The rc files of a plain Debian user; with `rc-lines` the guard is sourced in the first line, before Debian's early return. */
function writeHome(home: string, guard: Guard): void {
  const line = guard === 'rc-lines' ? `. ${quote(join(guardedRoot, 'hooks/guarded.sh'))}\n` : '';
  // A login shell sets PATH anew: a node outside the system's directories must come back, as version managers do it.
  const node = dirname(process.execPath);
  const path = standardDirectories.includes(node) ? '' : `PATH=$PATH:${quote(node)}\n`;
  const files = {
    '.bashrc': `${line}case $- in\n  *i*) ;;\n  *) return ;;\nesac\n${path}alias ll='ls -l'\n`,
    '.bash_profile': `${line}${path}if [ -n "$BASH_VERSION" ]; then . ~/.bashrc; fi\n`,
    '.profile': path,
    '.zshenv': line,
    '.zprofile': path,
    '.zshrc': `alias ll='ls -l'\n`,
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(home, name), content);
}

function writeFileWithParents(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  if (content.startsWith('#!')) chmodSync(path, 0o755);
}
