import { isAlphanumericAt } from '../characters.ts';
import { runners } from './runners.ts';
import { governorCommands, packageManagerFiles, scriptLaunchers } from './script-launchers.ts';

/** True when a name stands somewhere in a text as a word, and not as a part of another one. */
function hasWord(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1)) {
    if (!isAlphanumericAt(text, at - 1, '_.') && !isAlphanumericAt(text, at + name.length, '_.-'))
      return true;
  }
  return false;
}

/**
 * False when the text can reach no runner and no governed run, whatever it says; true means: parse it. The same two lists, with the
 * same word boundaries, that the shell-side gate is compiled from; asked for one by one, as one pattern for all takes longer to make.
 */
export function mayReachRunner(text: string): boolean {
  const has = (name: string) => text.includes(name);
  return (
    runners.some(({ commands, pythonModules }) => commands.some(has) || pythonModules.some(has)) ||
    governorCommands.some(has) ||
    packageManagerFiles.some(has) ||
    scriptLaunchers.some((name) => hasWord(text, name))
  );
}
