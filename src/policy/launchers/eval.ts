import { joined, type Launcher, shellText } from './launcher.ts';

/** `eval words…`: joined by spaces and read by the running shell itself. */
export const evaluate: Launcher = {
  names: ['eval'],
  starts: (args) => shellText(joined(args[0]?.value === '--' ? args.slice(1) : args), { isSameShell: true }),
};
