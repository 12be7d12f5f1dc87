import { leadingOptions } from '../options.ts';
import { joined, type Launcher, shellText } from './launcher.ts';

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

/** GNU parallel: `parallel npx jest ::: a b`, and without a command `parallel ::: 'npx jest' 'npx vitest'`. */
export const parallel: Launcher = {
  names: ['parallel', 'sem'],
  starts(args) {
    const { operands } = leadingOptions(args, takesValue);
    const end = operands.findIndex((argument) => sources.has(argument.value));
    const command = end === -1 ? operands : operands.slice(0, end);
    if (command.length > 0) return shellText(joined(command));
    if (operands[end]?.value !== ':::') return [];
    return operands
      .slice(end + 1)
      .filter((argument) => !sources.has(argument.value))
      .flatMap((argument) => shellText(argument));
  },
};
