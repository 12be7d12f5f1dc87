import { literal } from '../policy/argument.ts';
import { command } from '../policy/launchers/command.ts';
import { exec } from '../policy/launchers/exec.ts';

/** Words that only a shell carries out: there are no programs of these names to start. */
const launchers = [command, exec];

/** A program and its arguments. */
export interface Words {
  readonly program: string;
  readonly args: readonly string[];
}

/** The command behind `command` and `exec`, whose own options have no meaning outside of the shell; any other as it is. */
export function withoutShellWord(program: string, args: readonly string[]): Words {
  const launcher = launchers.find(({ names }) => names.includes(program));
  for (const start of launcher?.starts(args.map(literal), program) ?? []) {
    const [word, ...rest] = start.kind === 'argv' ? start.args.map(({ value }) => value) : [];
    if (word !== undefined) return withoutShellWord(word, rest);
  }
  return { program, args };
}
