import { parse } from 'unbash';
import { type Argument, type Assignment, literal, splitAssignment } from '../argument.ts';
import { lastValue, leadingOptions } from '../options.ts';
import { argv, type Launcher } from './launcher.ts';

const takesValue = new Set(['-u', '--unset', '-C', '--chdir', '-S', '--split-string', '-a', '--argv0', '-P']);

/** `env -S` splits at blanks and knows quotes; a plain shell command's words come close enough, anything else is opaque. */
function splitString(text: Argument): readonly Argument[] {
  if (text.source !== null) return [text];
  const script = parse(text.value);
  const command = script.commands[0]?.command;
  if (script.commands.length !== 1 || command?.type !== 'Command' || script.errors !== undefined) return [];
  const words = [...command.prefix, ...(command.name ? [command.name] : []), ...command.suffix];
  return words.flatMap((word) => {
    if (word.type === 'Word') return [literal(word.value)];
    return word.type === 'Assignment' ? [literal(word.text)] : [];
  });
}

/** `env [-i] [-u X] [-C dir] [-S 'split string'] [A=1…] command`. */
export const env: Launcher = {
  names: ['env', 'genv'],
  starts(args) {
    const { options, operands } = leadingOptions(args, takesValue);
    const split = lastValue(options, '-S', '--split-string');
    const words = split === undefined ? operands : [...splitString(split), ...operands];
    const assignments: Assignment[] = [];
    let first = 0;
    for (const word of words) {
      const assignment = splitAssignment(word);
      if (assignment === null) break;
      assignments.push(assignment);
      first += 1;
    }
    const directory = lastValue(options, '-C', '--chdir');
    const place = directory === undefined ? null : ({ kind: 'path', path: directory } as const);
    const command = words.slice(first);
    // A split string may begin with options of env itself.
    if (split !== undefined && command[0]?.value.startsWith('-')) {
      return argv([literal('env'), ...command], { assignments, place });
    }
    return argv(command, { assignments, place });
  },
};
