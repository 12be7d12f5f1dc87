import type { Argument } from '../argument.ts';
import { argv, type Launcher, type Start, shellText } from './launcher.ts';

const takesValue = new Set(['-o', '+o', '-O', '+O', '--rcfile', '--init-file']);

/** How a shell was called. */
export interface ShellCall {
  /** The text of `-c`; null without it. */
  readonly command: Argument | null;
  /** Behind the options: the script's file, or `$0` and what follows it. */
  readonly operands: readonly Argument[];
  readonly readsStdin: boolean;
  /** It only checks the text's syntax (`-n`), and runs nothing. */
  readonly checksOnly: boolean;
}

/** Reads a shell's arguments; `-c` may stand in a cluster (`-lc`, `-ec`) and takes the first operand. */
function readShellCall(args: readonly Argument[]): ShellCall {
  let hasCommand = false;
  let forcesStdin = false;
  let checksOnly = false;
  let isInteractive = false;
  let index = 0;
  for (; index < args.length; index += 1) {
    const value = args[index]?.value ?? '';
    if (value === '--' || value === '-') {
      index += 1;
      break;
    }
    if (!/^[-+]./.test(value)) break;
    if (value.startsWith('--')) {
      if (takesValue.has(value)) index += 1;
      continue;
    }
    if (value.startsWith('-') && value.includes('c')) hasCommand = true;
    if (value.startsWith('-') && value.includes('s')) forcesStdin = true;
    if (value.startsWith('-') && value.includes('i')) isInteractive = true;
    if (/^-[A-Za-z]*n/.test(value) || (/^-[A-Za-z]*o$/.test(value) && args[index + 1]?.value === 'noexec')) {
      checksOnly = true;
    }
    if (takesValue.has(value) || /^[-+][A-Za-z]*[oO]$/.test(value)) index += 1;
  }
  const rest = args.slice(index);
  // Interactive shells ignore -n (bash(1), zshoptions(1)).
  const common = { checksOnly: checksOnly && !isInteractive };
  if (hasCommand) {
    return { ...common, command: rest[0] ?? null, operands: rest.slice(1), readsStdin: false };
  }
  return { ...common, command: null, operands: rest, readsStdin: forcesStdin || rest.length === 0 };
}

/** `sh -c 'text'`, `bash -lc 'text' name args…`, and `bash ./node_modules/.bin/jest`. */
export const shell: Launcher = {
  names: ['sh', 'bash', 'dash', 'zsh', 'ksh', 'ash', 'mksh', 'rbash'],
  starts(args): readonly Start[] {
    const call = readShellCall(args);
    if (call.checksOnly) return [];
    if (call.command !== null) return shellText(call.command, { positional: call.operands.slice(1) });
    if (call.readsStdin) return [{ kind: 'stdin', positional: call.operands, place: null }];
    const file = call.operands[0];
    // A shell given the wrapper script of a package manager runs what that names.
    return file?.value.includes('/') ? argv(call.operands) : [];
  },
};
