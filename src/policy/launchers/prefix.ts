import { leadingOptions } from '../options.ts';
import { argv, type Launcher, type Stays } from './launcher.ts';

/** How a program that starts the command behind its own arguments takes those. */
export interface PrefixSpec {
  readonly names: readonly string[];
  /** Options that take the next argument, with their dashes. */
  readonly takesValue?: readonly string[];
  /** Operands before the command: 1 for `timeout 5 cmd`. */
  readonly operands?: number;
  /** Options with which it starts nothing: `nice --help`, `command -v`. */
  readonly inert?: readonly string[];
  readonly stays?: Stays;
}

/** A launcher of the form `name [options] [operands] command [args…]`. */
export function prefixLauncher(spec: PrefixSpec): Launcher {
  const takesValue = new Set(spec.takesValue ?? []);
  const inert = new Set(['--help', '--version', ...(spec.inert ?? [])]);
  return {
    names: spec.names,
    starts(args) {
      const { options, operands } = leadingOptions(args, takesValue);
      if (options.some((option) => inert.has(option.name))) return [];
      return argv(operands.slice(spec.operands ?? 0), { stays: spec.stays ?? 'no' });
    },
  };
}
