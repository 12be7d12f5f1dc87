import { splitAssignments } from '../argument.ts';
import { argv, joined, type Launcher, shellText } from './launcher.ts';

/** `cross-env A=1 command…`. */
export const crossEnv: Launcher = {
  names: ['cross-env'],
  starts(args) {
    const { assignments, rest } = splitAssignments(args);
    return argv(rest[0]?.value === '--' ? rest.slice(1) : rest, { assignments });
  },
};

/** `cross-env-shell A=1 'text'`. */
export const crossEnvShell: Launcher = {
  names: ['cross-env-shell'],
  starts(args) {
    const { assignments, rest } = splitAssignments(args);
    return shellText(joined(rest), { assignments });
  },
};
