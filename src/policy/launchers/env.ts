import { type Argument, literal, splitAssignments } from '../argument.ts';
import { lastValue, leadingOptions } from '../options.ts';
import { parse } from '../parser.ts';
import { argv, type Launcher, type Place } from './launcher.ts';

const takesValue = new Set(['-u', '--unset', '-C', '--chdir', '-S', '--split-string', '-a', '--argv0', '-P']);

/** `env -S` splits at blanks and knows quotes, as a simple command's words do; anything else is not followed. */
function splitString(text: Argument): readonly Argument[] {
  if (text.source !== null) return [];
  const { commands, errors } = parse(text.value);
  const command = commands[0]?.command;
  if (commands.length !== 1 || command?.type !== 'Command' || errors !== undefined) return [];
  const words = [...command.prefix, ...(command.name === undefined ? [] : [command.name]), ...command.suffix];
  return words.flatMap((word) => {
    if (word.type === 'Assignment') return [literal(word.text)];
    if (word.type !== 'Word') return [];
    return [word.parts === undefined ? literal(word.value) : { value: word.value, source: word.text }];
  });
}

/** `env [-i] [-u X] [-C dir] [-S 'split string'] [A=1…] command`. */
export const env: Launcher = {
  names: ['env', 'genv'],
  starts(args) {
    const { options, operands } = leadingOptions(args, takesValue);
    const directory = lastValue(options, '-C', '--chdir');
    const place: Place | null =
      directory === undefined ? null : { kind: 'path', path: directory, isPackage: false };
    const split = lastValue(options, '-S', '--split-string');
    if (split !== undefined) {
      // What it splits may begin with options of env itself.
      return argv([literal('env'), ...splitString(split), ...operands], { place });
    }
    const words = operands[0]?.value === '-' ? operands.slice(1) : operands;
    const { assignments, rest } = splitAssignments(words);
    return argv(rest, { assignments, place });
  },
};
