import { type Argument, type Assignment, splitAssignment } from '../argument.ts';
import { argv, joined, type Launcher, shellText } from './launcher.ts';

function splitLeading(args: readonly Argument[]): {
  readonly assignments: readonly Assignment[];
  readonly command: readonly Argument[];
} {
  const assignments: Assignment[] = [];
  let first = 0;
  for (const argument of args) {
    const assignment = splitAssignment(argument);
    if (assignment === null) break;
    assignments.push(assignment);
    first += 1;
  }
  const command = args.slice(first);
  return { assignments, command: command[0]?.value === '--' ? command.slice(1) : command };
}

/** `cross-env A=1 command…`. */
export const crossEnv: Launcher = {
  names: ['cross-env'],
  starts(args) {
    const { assignments, command } = splitLeading(args);
    return argv(command, { assignments });
  },
};

/** `cross-env-shell A=1 'text'`. */
export const crossEnvShell: Launcher = {
  names: ['cross-env-shell'],
  starts(args) {
    const { assignments, command } = splitLeading(args);
    return shellText(joined(command), { assignments });
  },
};
