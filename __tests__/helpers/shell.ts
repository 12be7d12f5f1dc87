import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { afterAll } from '@jest/globals';
import { errorCode } from '../../src/error-code.ts';

/** The checkout whose generated hooks/, shims/ and built dist/ the tests drive. */
export const guardedRoot = resolve(__dirname, '../..');

/** How long a shell may take before the test gives up on it, in milliseconds; only a failing test ever waits that long. */
const patience = 60_000;

/** Long lines must not be folded by readline, or a pattern that spans the fold would never match. */
const terminalSize = 'cols 1000 rows 50';

const homes: string[] = [];
const terminals = new Set<Terminal>();

afterAll(async () => {
  await Promise.all([...terminals].map((terminal) => terminal.close()));
  for (const home of homes.splice(0)) rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

/** One run of a shell. */
export interface ShellRun {
  /** The program, by name (looked up on the PATH of `env`) or by path. */
  readonly shell: string;
  /** Arguments before the script. */
  readonly args?: readonly string[];
  /** Command text, handed over as `-c <script>` after `args`. */
  readonly script?: string;
  /** What the shell reads from stdin; without it stdin is /dev/null. */
  readonly stdin?: string | Buffer;
  readonly cwd?: string;
  /** Replaces the environment; `baseEnvironment()` when not given. */
  readonly env?: Readonly<Record<string, string>>;
  /** After this many milliseconds the shell is killed and the promise is rejected. */
  readonly timeoutMs?: number;
}

/** How a run ended. `status` is null when a signal ended it. */
export interface ShellResult {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program on a pseudo terminal. */
export interface Terminal {
  /** Types `text` as it stands; a line needs its own `\n`. */
  send(text: string): void;
  /**
   * The first match of `pattern` in what was printed after the previous match. Rejected, with the whole screen in the
   * message, when the program ends without it. The terminal echoes what is typed: let the awaited text be one that
   * only the program can have printed (`echo do''ne` for `done`).
   */
  waitFor(pattern: RegExp, timeoutMs?: number): Promise<RegExpExecArray>;
  /** Everything printed so far. */
  screen(): string;
  /** The exit status once the program has ended by itself, null when a signal ended it. */
  ended(): Promise<number | null>;
  /** Ends the program if it still runs. */
  close(): Promise<void>;
}

/**
 * A clean environment: a PATH with node and the system's directories, a HOME of its own that is removed after the test
 * file, and a UTF-8 locale; `more` is laid over it. Governed runs look at no load average and have every
 * processor: else a busy machine would have each test wait for the others, and a small one say why it starts all the same.
 */
export function baseEnvironment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const home = mkdtempSync(join(tmpdir(), 'guard-home-'));
  homes.push(home);
  const path = [dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'];
  return {
    PATH: [...new Set(path)].join(delimiter),
    HOME: home,
    LANG: 'C.UTF-8',
    TEST_THROTTLE_ENABLED: 'false',
    BASESHOP_CPU_SLOT_PCT: '1',
    ...more,
  };
}

/**
 * Settings with which one governed run is admitted at once and without a word, however small and busy the machine is on which the
 * tests run.
 */
export const roomyMachine = {
  TEST_THROTTLE_ENABLED: 'false',
  BASESHOP_CPU_SLOT_PCT: '1',
  BASESHOP_MEMORY_BUDGET_PCT: '1',
};

/** Runs a shell to its end. Rejected only when it could not be started or did not end in time. */
export function runShell(run: ShellRun): Promise<ShellResult> {
  const args = [...(run.args ?? []), ...(run.script === undefined ? [] : ['-c', run.script])];
  const limit = run.timeoutMs ?? patience;
  return new Promise((fulfil, reject) => {
    const child = spawn(run.shell, args, {
      cwd: run.cwd ?? tmpdir(),
      env: run.env ?? baseEnvironment(),
      stdio: [run.stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      // A group of its own, so that whatever the shell left behind ends with it when time is up.
      detached: true,
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
    const timer = setTimeout(() => {
      kill(-(child.pid ?? 0));
      reject(
        new Error(
          `${run.shell} did not end within ${limit} ms\nstdout: ${text(stdout)}\nstderr: ${text(stderr)}`,
        ),
      );
    }, limit);
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on('close', (status, signal) => {
      clearTimeout(timer);
      fulfil({ status, signal, stdout: text(stdout), stderr: text(stderr) });
    });
    // A shell that ends before it has read everything closes the pipe; that is its right.
    child.stdin?.on('error', () => undefined);
    if (run.stdin !== undefined) child.stdin?.end(run.stdin);
  });
}

/** Starts a program on a real pseudo terminal (util-linux `script`). */
export function openTerminal(options: {
  readonly command: string;
  readonly args?: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}): Terminal {
  const line = `stty ${terminalSize}; exec ${[options.command, ...(options.args ?? [])].map(quote).join(' ')}`;
  const child = spawn('script', ['-qefc', line, '/dev/null'], {
    cwd: options.cwd ?? tmpdir(),
    // `script` runs its line with $SHELL: a plain sh must read it, whatever the test calls its shell.
    env: { TERM: 'dumb', SHELL: '/bin/sh', ...(options.env ?? baseEnvironment()) },
    stdio: 'pipe',
    detached: true,
  });
  const terminal = new PseudoTerminal(child);
  terminals.add(terminal);
  return terminal;
}

/** The telemetry events below a state directory, oldest first; none when nothing was written. */
export function readEvents(stateDirectory: string): readonly Readonly<Record<string, unknown>>[] {
  const file = join(stateDirectory, 'events.jsonl');
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** `value` as one word of POSIX shell. */
export function quote(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`;
}

class PseudoTerminal implements Terminal {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #ended: Promise<number | null>;
  #output = '';
  #seen = 0;
  #over = false;
  #wake: () => void = () => undefined;

  constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child;
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (chunk: string) => {
      this.#output += chunk;
      this.#wake();
    });
    child.stderr.resume();
    // Typing into a program that has just ended is no failure of the test's process.
    child.stdin.on('error', () => undefined);
    this.#ended = new Promise((fulfil) => {
      const end = (status: number | null): void => {
        this.#over = true;
        this.#wake();
        fulfil(status);
      };
      child.on('error', () => end(null));
      child.on('close', (status) => end(status));
    });
  }

  send(input: string): void {
    this.#child.stdin.write(input);
  }

  waitFor(pattern: RegExp, timeoutMs: number = patience): Promise<RegExpExecArray> {
    return new Promise((fulfil, reject) => {
      const giveUp = (why: string): void => {
        this.#wake = () => undefined;
        clearTimeout(timer);
        reject(new Error(`${pattern} was not printed${why}; the screen:\n${this.#output}`));
      };
      const timer = setTimeout(() => giveUp(` within ${timeoutMs} ms`), timeoutMs);
      const look = (): void => {
        const match = new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, '')).exec(
          this.#output.slice(this.#seen),
        );
        if (match) {
          this.#seen += match.index + match[0].length;
          this.#wake = () => undefined;
          clearTimeout(timer);
          fulfil(match);
        } else if (this.#over) giveUp('');
      };
      this.#wake = look;
      look();
    });
  }

  screen(): string {
    return this.#output;
  }

  ended(): Promise<number | null> {
    return this.#ended;
  }

  async close(): Promise<void> {
    terminals.delete(this);
    if (!this.#over) {
      // The program, which has a session of its own, before `script`: a shell that gets SIGHUP goes on to write its history.
      for (const pid of childrenOf(this.#child.pid)) kill(pid);
      kill(-(this.#child.pid ?? 0));
    }
    await this.#ended;
  }
}

/** The processes whose parent `pid` is, as far as the system tells (Linux does). */
function childrenOf(pid: number | undefined): readonly number[] {
  const file = `/proc/${pid}/task/${pid}/children`;
  return existsSync(file) ? readFileSync(file, 'utf8').split(' ').map(Number).filter(Boolean) : [];
}

/** Ends a process, or with a negative number a group; 0 is none. */
function kill(pid: number): void {
  if (pid === 0) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // Gone already: nothing left to end. By its code, as node's own errors are of another realm than jest's.
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}

function text(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString('utf8');
}
