import { escapePattern } from './patterns.ts';
import { runners } from './runners.ts';
import { governorCommands, packageManagerFiles, scriptLaunchers } from './script-launchers.ts';

/** The same two lists, with the same word boundaries, that the shell-side gate is compiled from. */
const hot = new RegExp(
  [
    ...new Set([
      ...runners.flatMap((entry) => [...entry.commands, ...entry.pythonModules]),
      ...governorCommands,
      ...packageManagerFiles,
    ]),
  ]
    .map(escapePattern)
    .concat(`(?<![A-Za-z0-9_.])(?:${scriptLaunchers.map(escapePattern).join('|')})(?![A-Za-z0-9_.-])`)
    .join('|'),
);

/** False when the text can reach no runner and no governed run, whatever it says; true means: parse it. */
export function mayReachRunner(text: string): boolean {
  return hot.test(text);
}
