import type { ProcessDetails } from '../process-details.ts';

/** For whom a command of the queue was called: the process that a place is bound to. */
export type Caller =
  | { readonly kind: 'found'; readonly pid: number }
  /** A package manager, or a wrapper around one command (`timeout`), which ends with the command that it has started. */
  | { readonly kind: 'launcher'; readonly name: string }
  /** What looks after processes whose parents have ended, and would hold a place for as long as the machine runs. */
  | { readonly kind: 'manager'; readonly name: string }
  | { readonly kind: 'none' };

/** npm and its like, as the program or as the script of a node; npm calls its process by its command line. */
const launcher = /^(?:\S*\/)?(npm|npx|pnpm|pnpx|yarn|bunx)(?:-cli)?(?:\.[cm]?js)?$/;

/** Programs that start one command, wait for it and end. Those that become it (`env`, `nice`) are not seen at all. */
const wrapper =
  /(?:^|\/)(g?timeout|sudo|doas|su|runuser|xargs|flock|script|time|chronic|unbuffer|strace|ltrace|unshare)$/;

/**
 * True for a bun that runs a package script, and not a file: `bun run check`, `bun check`. The words are those of the command line, on
 * Linux with the executable before them. A file has an ending or a directory, and `bun test` runs files.
 */
function isBunScript(words: readonly string[]): boolean {
  const isBun = (word: string) => /(?:^|\/)bun(?:\.exe)?$/.test(word);
  // Others may take the word behind them, unless they have a value already.
  const isSwitch = (word: string) =>
    ['--silent', '--bun', '-b', '--if-present'].includes(word) || /^--[^=]+=/.test(word);
  const start = words.findIndex((word) => !isBun(word));
  if (start < 1) return false;
  const [first = '', ...rest] = words.slice(start).filter((word) => !isSwitch(word));
  const script = first === 'run' ? rest[0] : first === 'test' ? undefined : first;
  return script !== undefined && /^[^-./][^./]*$/.test(script);
}

function launcherName({ name: program, command }: ProcessDetails): string | null {
  // On Linux the executable, and then the arguments, each after a NUL; spaces in the output of ps.
  const all = (command ?? '').split(/[\0 ]/);
  if (isBunScript(all)) return 'bun';
  const words = all.slice(0, 4);
  // Another user's (sudo) shows only its name. Else that may be the name of a script, which is free to be called like a program.
  const wrapping = wrapper.exec(command === null ? program : (words[0] ?? ''))?.[1];
  if (wrapping !== undefined) return wrapping;
  for (const word of words) {
    const name = launcher.exec(word)?.[1];
    if (name !== undefined) return name;
  }
  return null;
}

/**
 * True for a shell that was started for one simple command alone, as package managers do: it ends with that. What is quoted, the
 * `&` of a redirection (`2>&1`) and what stands at the very end separate nothing.
 */
function isForOneCommand({ command }: ProcessDetails): boolean {
  const [, text] = /[\0 ]-(?!exec)[a-z]{0,5}c[\0 ](.*)$/s.exec(command ?? '') ?? [];
  const separating = text?.replace(/'[^']*'|"[^"]*"|[<>]&|^\s+|[\s;\0]+$/g, '');
  return separating !== undefined && !/[;&|\n]/.test(separating);
}

/** True for a shell that was started for our command alone: it ends with that. Many shells become such a command; dash does not. */
function isForUsAlone(details: ProcessDetails): boolean {
  const isShell = /^(?:ba|da|k|mk|z|a)?sh$/.test(details.name);
  return (
    isShell &&
    isForOneCommand(details) &&
    /^[^$`(){}]*\bqueue (?:acquire|release)\b[^$`(){}]*$/.test(details.command ?? '')
  );
}

/** What starts other people's programs too: nothing below these belongs together because of them. */
const managers =
  /^(systemd|init|launchd|sshd.*|login|crond?|anacron|containerd-shim.*|dockerd|conmon|tini|dumb-init|docker-init|catatonit|supervisord|s6-.*|runsv.*|tmux.*|screen|gnome-shell|gnome-session.*|plasmashell|kwin.*|ksmserver|xfce4-session)$/i;

/** True when `parent` can be the shell of which `child` is a forked part: a subshell, `$(…)`, a part of a pipeline. */
function isForkOf(child: ProcessDetails, parent: ProcessDetails): boolean {
  return child.command !== null && child.command === parent.command && child.layout === parent.layout;
}

/** True for a script of a shell, which is free to be called like a program: on Linux it has its own name, and the shell's executable. */
function isShellScript({ command }: ProcessDetails): boolean {
  return /^(?:\S*\/)?(?:ba|da|k|mk|z|a)?sh\0/.test(command ?? '');
}

/** True for what looks after processes whose parents have ended. Pid 1 of a container may be a script, and call us itself. */
export function isManager(details: ProcessDetails, ownSession: string | null): boolean {
  const { pid, name, session } = details;
  return (managers.test(name) && !isShellScript(details)) || (pid === 1 && session !== ownSession);
}

/**
 * The process that called us, from our ancestors, nearest first: our parent, or when that is only a forked part of a shell the
 * shell itself, as it runs on when `ticket=$(test-governor queue acquire)` is done. A shell that is there for our command alone ends
 * with it, so whoever started that has called us.
 */
export function findCaller(ancestors: readonly ProcessDetails[], ownSession: string | null): Caller {
  const isLast = (child: ProcessDetails, index: number) => {
    const parent = ancestors[index + 1];
    return parent === undefined || (!isForkOf(child, parent) && !isForUsAlone(child));
  };
  const index = ancestors.findIndex(isLast);
  const [caller, above] = [ancestors[index], ancestors[index + 1]];
  // One that is there for us alone and was started from elsewhere (`docker exec`) holds nothing for anybody.
  if (caller === undefined || isForUsAlone(caller)) return { kind: 'none' };
  if (isManager(caller, ownSession)) return { kind: 'manager', name: caller.name };
  const startedBy = above !== undefined && isForOneCommand(caller) ? launcherName(above) : null;
  const name = launcherName(caller) ?? startedBy;
  return name === null ? { kind: 'found', pid: caller.pid } : { kind: 'launcher', name };
}

/**
 * The processes whose runs are "mine", from our ancestors, nearest first. On a terminal it is the topmost of those that have it:
 * all that was started there. A program that starts our command without one (an agent does) belongs to the terminal that it was
 * started from itself. Where there is none at all it is all ancestors, up to a service manager.
 */
export function findFamily(
  ownTerminal: string | null,
  ancestors: readonly ProcessDetails[],
): readonly number[] {
  const terminal = ownTerminal ?? ancestors.find((ancestor) => ancestor.terminal !== null)?.terminal ?? null;
  if (terminal !== null) {
    const topmost = ancestors.findLast((ancestor) => ancestor.terminal === terminal);
    return topmost === undefined ? [] : [topmost.pid];
  }
  const end = ancestors.findIndex(({ pid, name }) => pid === 1 || managers.test(name));
  return (end === -1 ? ancestors : ancestors.slice(0, end)).map(({ pid }) => pid);
}
