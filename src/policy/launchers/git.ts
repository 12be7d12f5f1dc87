import { isLiteral } from '../argument.ts';
import { allValues, leadingOptions, mixedOptions } from '../options.ts';
import { argv, joined, type Launcher, shellText } from './launcher.ts';

const takesValue = new Set([
  '-C',
  '-c',
  '--git-dir',
  '--work-tree',
  '--namespace',
  '--exec-path',
  '--config-env',
]);
const rebaseTakesValue = new Set([
  '-x',
  '--exec',
  '-s',
  '--strategy',
  '-X',
  '--strategy-option',
  '--onto',
  '-C',
  '--whitespace',
]);

/** The three ways in which git is given a command: `git bisect run command`, `git rebase -x 'text'`, `git submodule foreach 'text'`. */
export const git: Launcher = {
  names: ['git'],
  starts(args) {
    const [word, ...rest] = leadingOptions(args, takesValue).operands;
    if (!isLiteral(word)) return [];
    switch (word.value) {
      case 'bisect':
        return rest[0]?.value === 'run' ? argv(rest.slice(1)) : [];
      case 'rebase':
        return allValues(mixedOptions(rest, rebaseTakesValue).options, '-x', '--exec').flatMap((text) =>
          shellText(text),
        );
      case 'submodule': {
        const operands = leadingOptions(rest, takesValue).operands;
        if (operands[0]?.value !== 'foreach') return [];
        return shellText(joined(leadingOptions(operands.slice(1), takesValue).operands));
      }
      default:
        return [];
    }
  },
};
