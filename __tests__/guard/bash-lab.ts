import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll } from '@jest/globals';
import {
  baseEnvironment,
  guardedRoot,
  openTerminal,
  readEvents,
  roomyMachine,
  runShell,
  type ShellResult,
  type Terminal,
} from '../helpers/shell.ts';
import { jestSuite, makeWorkspace, type Workspace } from '../helpers/workspace.ts';

/** The file that a user sources. */
export const hook = join(guardedRoot, 'hooks/guarded.sh');

/** The file that BASH_ENV names under with-guard. */
export const bashEnv = join(guardedRoot, 'hooks/bash-env.bash');

/**
 * The bashes to try, name and path: the system's. `BASHES_TO_TRY`, paths separated by colons, names others: the hook is for
 * every bash from 3.2 on, and few machines have more than one.
 */
export const bashes: readonly (readonly [name: string, path: string])[] = (
  process.env.BASHES_TO_TRY ?? '/bin/bash'
)
  .split(':')
  .map((path) => [basename(path), path]);

/** True for a bash by its path's name when it is older than `major`, e.g. `bash-3.2`. The system's counts as new. */
export function isOlderThan(bash: string, major: number): boolean {
  const version = /bash-(\d+)/.exec(basename(bash))?.[1];
  return version !== undefined && Number(version) < major;
}

export type Mode = 'warn' | 'enforce' | 'off';

/** How a shell comes to be guarded. */
export type Guarding = 'with-guard' | 'sourced' | 'plain';

export interface LabRun {
  readonly bash: string;
  readonly guarding?: Guarding;
  readonly mode?: Mode;
  /** Arguments before `-c`. */
  readonly args?: readonly string[];
  /** Runs this script file, not a text. */
  readonly file?: string;
  readonly stdin?: string | Buffer;
  readonly cwd?: string;
  /** Laid over the environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What a run printed, and what the guard made of it. */
export interface LabResult extends ShellResult {
  /** Telemetry events that the run wrote. */
  readonly events: readonly Readonly<Record<string, unknown>>[];
  /** First lines of the guard's messages. */
  readonly messages: readonly string[];
  /** Test suites that really ran. */
  readonly suites: number;
}

const made: string[] = [];
const workspaces: Workspace[] = [];

afterAll(() => {
  for (const workspace of workspaces.splice(0)) workspace.cleanup();
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true });
});

/** A directory of its own, removed after the test file. */
export function temporaryDirectory(): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'guard-bash-')));
  made.push(path);
  return path;
}

/** A copy of the guard that lies somewhere else; `change` makes of it what the test needs. */
export function copyOfGuard(change: (root: string) => void = () => undefined, name = 'guard'): string {
  const root = join(temporaryDirectory(), name);
  mkdirSync(root);
  for (const part of ['hooks', 'shims', 'dist', 'bin']) {
    cpSync(join(guardedRoot, part), join(root, part), { recursive: true, verbatimSymlinks: true });
  }
  change(root);
  return root;
}

/** A workspace with a real jest, in which shells are run. */
export class BashLab {
  readonly workspace: Workspace;

  constructor(files: Readonly<Record<string, string>> = {}, name?: string) {
    this.workspace = makeWorkspace({
      files: { ...jestSuite(), ...files },
      link: ['jest'],
      ...(name === undefined ? {} : { name }),
    });
    workspaces.push(this.workspace);
  }

  /** The environment of a run, and the directory in which its telemetry is. */
  environment(run: Omit<LabRun, 'bash'>): { readonly env: Record<string, string>; readonly state: string } {
    const state = join(temporaryDirectory(), 'state');
    const env = baseEnvironment({
      ...roomyMachine,
      BASESHOP_STATE_DIR: state,
      BASESHOP_POLICY_MODE: run.mode ?? 'enforce',
      HOOK: hook,
      SHLVL: '1',
      ...run.env,
    });
    return { env, state };
  }

  /** Runs a text with `bash -c`. In a sourced shell the hook is its first command. */
  async run(script: string, run: LabRun): Promise<LabResult> {
    const { env, state } = this.environment(run);
    const guarding = run.guarding ?? 'with-guard';
    const words = [
      ...(guarding === 'with-guard' ? [join(guardedRoot, 'bin/with-guard')] : []),
      run.bash,
      ...(run.args ?? []),
      ...(run.file === undefined
        ? ['-c', guarding === 'sourced' ? `source "$HOOK"; ${script}` : script]
        : [run.file]),
    ];
    const before = this.workspace.runs();
    const [shell = run.bash, ...args] = words;
    const result = await runShell({
      shell,
      args,
      env,
      cwd: run.cwd ?? this.workspace.path,
      ...(run.stdin === undefined ? {} : { stdin: run.stdin }),
    });
    return {
      ...result,
      events: readEvents(state),
      messages: result.stderr.split('\n').filter((line) => line.startsWith('test-governor:')),
      suites: this.workspace.runs() - before,
    };
  }

  /** An interactive bash on a terminal, its ~/.bashrc the text given. */
  terminal(run: LabRun & { readonly rc: string }): BashTerminal {
    const { env, state } = this.environment(run);
    return new BashTerminal(run, env, state, run.cwd ?? this.workspace.path);
  }
}

/** A prompt that no command prints. */
const prompt = 'ready> ';

/** An interactive bash, driven line by line. */
export class BashTerminal {
  readonly #terminal: Terminal;
  readonly #state: string;
  #ready: Promise<unknown>;

  constructor(
    run: LabRun & { readonly rc: string },
    env: Readonly<Record<string, string>>,
    state: string,
    cwd: string,
  ) {
    const home = env.HOME ?? '';
    writeFileSync(join(home, '.bashrc'), `PS1='${prompt}'\n${run.rc}\n`);
    this.#state = state;
    const words =
      run.guarding === 'with-guard'
        ? [join(guardedRoot, 'bin/with-guard'), run.bash, '--noprofile', '-i']
        : [run.bash, '--noprofile', '-i'];
    const [command = run.bash, ...args] = [...words, ...(run.args ?? [])];
    this.#terminal = openTerminal({ command, args, env, cwd });
    this.#ready = this.#terminal.waitFor(new RegExp(prompt));
  }

  /** Types a line and gives what was printed before the next prompt, the line's echo left out. */
  async type(line: string): Promise<string> {
    await this.#ready;
    const from = this.#terminal.screen().length;
    this.#terminal.send(`${line}\n`);
    this.#ready = this.#terminal.waitFor(new RegExp(`\\n(?:[^\\n]*)${prompt}|^${prompt}`));
    await this.#ready;
    const lines = this.#terminal.screen().slice(from).replaceAll('\r', '').split('\n');
    return lines.slice(line.split('\n').length, -1).join('\n');
  }

  /** Types a line, Ctrl-C once `pattern` has been printed, and gives what was printed before the next prompt. */
  async interrupt(line: string, pattern: RegExp): Promise<string> {
    await this.#ready;
    const from = this.#terminal.screen().length;
    this.#terminal.send(`${line}\n`);
    await this.#terminal.waitFor(pattern);
    this.#ready = this.#terminal.waitFor(new RegExp(`\\n(?:[^\\n]*)${prompt}`));
    this.#terminal.send('\u0003');
    await this.#ready;
    return this.#terminal.screen().slice(from).replaceAll('\r', '');
  }

  /** Everything on the screen so far. */
  async screen(): Promise<string> {
    await this.#ready;
    return this.#terminal.screen().replaceAll('\r', '');
  }

  events(): readonly Readonly<Record<string, unknown>>[] {
    return readEvents(this.#state);
  }

  /** Types `exit` and gives the shell's status. */
  async exit(): Promise<number | null> {
    await this.#ready;
    this.#terminal.send('exit\n');
    return this.#terminal.ended();
  }
}
