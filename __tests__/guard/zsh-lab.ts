import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import {
  baseEnvironment,
  guardedRoot,
  openTerminal,
  readEvents,
  runShell,
  type ShellResult,
  type Terminal,
} from '../helpers/shell';
import { jestSuite, makeWorkspace, pytestSuite, type Workspace } from '../helpers/workspace';

const made: { cleanup(): void }[] = [];

afterAll(() => {
  for (const one of made.splice(0)) one.cleanup();
});

/** A directory of its own, gone after the test file. */
export function temporaryDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'zsh-lab-'));
  made.push({ cleanup: () => rmSync(path, { recursive: true, force: true }) });
  return path;
}

/** A workspace in which jest and pytest really run, gone after the test file. */
export function workspace(name?: string): Workspace {
  const one = makeWorkspace({
    files: { ...jestSuite(), ...pytestSuite(), script: '#!/bin/sh\nexit 0\n' },
    link: ['jest'],
    ...(name === undefined ? {} : { name }),
  });
  made.push(one);
  return one;
}

/** What became of one command line. */
export interface Outcome {
  readonly status: number | null;
  /** How many messages of the guard were printed, on either stream. */
  readonly messages: number;
  readonly events: number;
  /** How many suites ran. */
  readonly runs: number;
}

/** What a blocked command line looks like, whatever its form. */
export const blocked: Outcome = { status: 126, messages: 1, events: 1, runs: 0 };

/** The first lines of the guard's messages, one for each decision. */
const firstLine = /test-governor: (?:no tests ran|warning|[^\n]*override)/g;

/** Counts the guard's messages in a text. */
export function countMessages(text: string): number {
  return text.match(firstLine)?.length ?? 0;
}

export interface GuardedRun {
  readonly mode?: 'enforce' | 'warn' | 'off';
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

/** `with-guard zsh <args>`, or plain `zsh <args>` with the same environment. */
export function runZsh(
  guard: 'guarded' | 'plain',
  args: readonly string[],
  run: GuardedRun = {},
): Promise<ShellResult> {
  const env = baseEnvironment({
    ...(run.mode === undefined ? {} : { BASESHOP_POLICY_MODE: run.mode }),
    ...run.env,
  });
  return runShell({
    shell: guard === 'plain' ? 'zsh' : join(guardedRoot, 'bin/with-guard'),
    args: guard === 'plain' ? args : ['zsh', ...args],
    env,
    ...(run.cwd === undefined ? {} : { cwd: run.cwd }),
    ...(run.stdin === undefined ? {} : { stdin: run.stdin }),
  });
}

/** Runs a command line below with-guard in a workspace and a state directory of its own. */
export async function outcomeOf(args: readonly string[], run: GuardedRun = {}): Promise<Outcome> {
  const { path, runs } = workspace();
  const state = temporaryDirectory();
  const { status, stdout, stderr } = await runZsh('guarded', args, {
    ...run,
    cwd: path,
    env: { ...run.env, BASESHOP_STATE_DIR: state },
  });
  return {
    status,
    messages: countMessages(stdout + stderr),
    events: readEvents(state).length,
    runs: runs(),
  };
}

/** A zsh prompt on a real terminal. */
export interface Prompt {
  readonly terminal: Terminal;
  /** Types a line; what was printed until the next prompt, and the status. */
  type(line: string): Promise<{ readonly shown: string; readonly status: number }>;
  /** Leaves the shell. */
  leave(): Promise<number | null>;
}

/**
 * Starts zsh on a terminal and waits for its prompt. The prompt is `<status>%` with marks that no command prints, so that
 * each line's output is what lies between two of them.
 */
export async function openPrompt(options: {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}): Promise<Prompt> {
  const terminal = openTerminal(options);
  const prompt = /\[(\d+)\]>> /;
  await terminal.waitFor(/\S/);
  // Without the line editor nothing is redrawn; the terminal itself echoes.
  terminal.send("unsetopt zle prompt_cr prompt_sp; PROMPT='[%?]>''> '; RPROMPT=; stty -echo\n");
  await terminal.waitFor(prompt);
  return {
    terminal,
    async type(line) {
      const from = terminal.screen().length;
      terminal.send(`${line}\n`);
      const match = await terminal.waitFor(prompt);
      const shown = terminal.screen().slice(from);
      return {
        shown: shown.slice(0, shown.lastIndexOf('[')).replaceAll('\r', ''),
        status: Number(match[1]),
      };
    },
    leave() {
      terminal.send('exit 0\n');
      return terminal.ended();
    },
  };
}
