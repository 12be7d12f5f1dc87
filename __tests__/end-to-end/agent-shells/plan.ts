/** How far an interception reaches into a form: what a raw test run ends with in it. */
export type Reach =
  /** Never zero, also where another command's status covers it (`npx jest | tail`). */
  | 'everywhere'
  /** Never zero when it stands alone; at the left of a pipe its status is covered, as any failing command's is. */
  | 'alone'
  /** The tests run. */
  | 'nothing';

/** What an agent does to its own environment before it hands it to a shell, in this order. */
export interface EnvironmentPolicy {
  /** Only these names are kept; all when left out. */
  readonly keep?: readonly string[];
  /** Regular expressions; names that match are dropped. */
  readonly drop?: readonly string[];
  readonly set?: Readonly<Record<string, string>>;
  /** Directories put before PATH, the last one first. */
  readonly pathFirst?: readonly string[];
  /** A program whose last line of output becomes PATH. */
  readonly pathFrom?: readonly string[];
  /** A program that prints an environment as `env -0` does; it is laid over. */
  readonly mergeFrom?: readonly string[];
  readonly unset?: readonly string[];
}

/** What both kinds of plan have. */
interface Common {
  readonly environment?: EnvironmentPolicy;
  /** Names that are missing already where the agent is started (an editor or a service starts it, no shell). */
  readonly startedWithout?: readonly string[];
  /** Files that the agent has written: absolute path to content; one that starts with `#!` is executable. */
  readonly files?: Readonly<Record<string, string>>;
  /** Programs that the agent runs once, before the first command. */
  readonly before?: readonly (readonly string[])[];
}

/** A shell (or no shell) for each command. */
export interface OneShot extends Common {
  readonly kind: 'one-shot';
  readonly stdin: 'null' | 'socket' | 'terminal' | 'pipe';
  /** Descriptor number to file, opened for reading when it is there, else made for writing. */
  readonly descriptors?: Readonly<Record<string, string>>;
  /** The vector that runs `command`; null when this form has none for it (a direct start has no pipes). */
  readonly argv: (command: Command) => readonly string[] | null;
  /** What is written to the shell's stdin, when that is a pipe. */
  readonly script?: (command: Command) => string;
}

/** One shell at a terminal, into which the commands are typed. */
export interface Session extends Common {
  readonly kind: 'session';
  readonly argv: readonly string[];
  /** The name that the shell is started under (`-bash` for a login shell). */
  readonly argv0?: string;
  /** Lines that the agent types first. */
  readonly opening: readonly string[];
  /** The line that is typed for a command; its text when left out. */
  readonly line?: (command: Command) => string;
}

export type Plan = OneShot | Session;

/** A command that an agent runs. */
export interface Command {
  /** As a shell reads it. */
  readonly text: string;
  /** As a vector; null when it needs a shell. */
  readonly argv: readonly string[] | null;
}

/** Where a form is tried. */
export interface Place {
  /** Holds nothing but what this trial writes. */
  readonly scratch: string;
  readonly home: string;
  readonly workspace: string;
  /** Absolute paths of the programs that some forms start by their path. */
  readonly node: string;
  readonly python: string;
}

/** One way in which agents start a shell, or a program without one. */
export interface AgentShell {
  readonly name: string;
  /** What `with-guard` alone reaches: the agent is started below it, the user's rc files know nothing. */
  readonly withGuard: Reach;
  /** What the rc lines alone reach: the agent is started without `with-guard`. */
  readonly rcLines: Reach;
  readonly plan: (place: Place) => Plan;
}

/** What is handed to agent.py. */
export interface Wire {
  readonly kind: Plan['kind'];
  readonly cwd: string;
  readonly marker: string;
  readonly environment: EnvironmentPolicy;
  readonly before: readonly (readonly string[])[];
  readonly stdin: OneShot['stdin'];
  readonly descriptors: Readonly<Record<string, string>>;
  readonly argv: readonly string[];
  readonly argv0: string | null;
  readonly opening: readonly string[];
  readonly commands: readonly {
    readonly argv: readonly string[];
    readonly script: string;
    readonly line: string;
  }[];
}

/**
 * `form`, its agent started by a program that is no shell and sets no SHLVL: bash at the end of a socket then takes itself
 * for a network login, and reads ~/.bashrc in place of BASH_ENV.
 */
export function startedWithoutLevel(form: AgentShell): AgentShell {
  return { ...form, plan: (place) => ({ ...form.plan(place), startedWithout: ['SHLVL'] }) };
}
