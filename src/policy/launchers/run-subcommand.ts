import { isLiteral } from '../argument.ts';
import { leadingOptions } from '../options.ts';
import { argv, type Launcher, type Stays } from './launcher.ts';

/** How a program takes the command that it starts behind a subcommand of its own: `poetry run pytest`. */
export interface RunSubcommandSpec {
  readonly names: readonly string[];
  /** The subcommands that start a command. */
  readonly subcommands: readonly string[];
  /** Options that take the next argument, before or behind the subcommand. */
  readonly takesValue?: readonly string[];
  /** Operands between the subcommand and the command: 1 for `direnv exec dir command`. */
  readonly operands?: number;
  /** By default it gives its command the environment that it needs. */
  readonly stays?: Stays;
}

/** A launcher of the form `name [options] subcommand [options] [operands] command [args…]`. */
export function runSubcommandLauncher(spec: RunSubcommandSpec): Launcher {
  const takesValue = new Set(spec.takesValue ?? []);
  return {
    names: spec.names,
    starts(args) {
      const [word, ...rest] = leadingOptions(args, takesValue).operands;
      if (!isLiteral(word) || !spec.subcommands.includes(word.value)) return [];
      const command = leadingOptions(rest, takesValue).operands.slice(spec.operands ?? 0);
      return argv(command, { stays: spec.stays ?? 'environment' });
    },
  };
}
