import { type Argument, isLiteral } from '../argument.ts';
import { leadingOptions } from '../options.ts';
import { argv, joined, type Launcher, shellText } from './launcher.ts';

const takesValue = new Set([
  '-j',
  '--jobs',
  '-P',
  '-n',
  '-N',
  '-I',
  '-S',
  '-a',
  '--arg-file',
  '--joblog',
  '--results',
  '--timeout',
  '--retries',
  '-d',
  '-C',
  '--colsep',
  '--tmpdir',
  '--workdir',
  '--delay',
  '--load',
  '--memfree',
  '--tagstring',
  '-L',
  '-s',
  '-E',
  '--halt',
  '--env',
  '--nice',
  '--wd',
]);
const sources = new Set([':::', ':::+', '::::', '::::+']);

/** True for words that the shell, to which parallel gives them as one text, takes as they are. */
function arePlain(command: readonly Argument[]): boolean {
  return command.every(
    (word, index) =>
      isLiteral(word) && /^[\w@%+:,./{}=-]+$/.test(word.value) && (index > 0 || !word.value.includes('=')),
  );
}

/**
 * GNU parallel: `parallel npx jest ::: a b`, and without a command `parallel ::: 'npx jest' 'npx vitest'`. What it reads becomes
 * arguments, so a replacement stays behind it.
 */
export const parallel: Launcher = {
  names: ['parallel', 'sem'],
  starts(args, name) {
    const { operands } = leadingOptions(args, takesValue);
    const end = operands.findIndex((argument) => sources.has(argument.value));
    const command = end === -1 ? operands : operands.slice(0, end);
    if (command.length > 0) {
      if (name === 'sem' || !arePlain(command)) return shellText(joined(command));
      return argv(command, { stays: 'arguments', after: operands.slice(command.length) });
    }
    if (operands[end]?.value !== ':::') return [];
    return operands
      .slice(end + 1)
      .filter((argument) => !sources.has(argument.value))
      .flatMap((argument) => shellText(argument));
  },
};
