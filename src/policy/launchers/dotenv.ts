import { splitAssignment } from '../argument.ts';
import { allValues, leadingOptions } from '../options.ts';
import { argv, type Launcher } from './launcher.ts';

const takesValue = new Set(['-e', '-v', '-p', '-f', '--file', '-fk', '--env-file']);

/** `dotenv -e .env [-v A=1] -- command`; dotenvx and the Python twin say `run` first. */
export const dotenv: Launcher = {
  names: ['dotenv', 'dotenvx'],
  starts(args) {
    const { options, operands } = leadingOptions(args, takesValue);
    const assignments = allValues(options, '-v').flatMap((value) => splitAssignment(value) ?? []);
    if (operands[0]?.value !== 'run') return argv(operands, { assignments, stays: 'package-environment' });
    return argv(leadingOptions(operands.slice(1), takesValue).operands, {
      assignments,
      stays: 'package-environment',
    });
  },
};
