import { type Argument, isLiteral, literal } from '../argument.ts';
import { allValues, mixedOptions, type Option } from '../options.ts';
import { type Launcher, type Place, type Start, script } from './launcher.ts';

const takesValue = new Set([
  '-t',
  '--target',
  '--targets',
  '-p',
  '--projects',
  '--project',
  '-c',
  '--configuration',
  '--parallel',
  '--base',
  '--head',
  '--files',
  '--exclude',
  '--runner',
  '--output-style',
  '--outputStyle',
]);

function listed(options: readonly Option[], ...names: readonly string[]): readonly string[] {
  return allValues(options, ...names)
    .flatMap((value) => value.value.split(','))
    .filter((name) => name !== '');
}

function targetStarts(targets: readonly string[], place: Place): readonly Start[] {
  return targets.flatMap((target) => script(target, [], { place }));
}

function members(selectors: readonly string[]): Place {
  return selectors.length > 0
    ? { kind: 'members', selectors: selectors.map(literal), takesDirectories: false }
    : { kind: 'all-members', withRoot: false };
}

function single(argument: Argument | undefined): readonly Start[] {
  if (!isLiteral(argument)) return [];
  const [project, target] = argument.value.split(':');
  if (project === undefined || target === undefined) return [];
  return targetStarts([target], members([project]));
}

/** Nx as far as package.json scripts are its targets: `nx test pkg`, `nx run pkg:test`, `nx run-many -t test`, `nx affected -t test`. */
export const nx: Launcher = {
  names: ['nx'],
  starts(args) {
    const { options, operands } = mixedOptions(args, takesValue);
    const [word, ...rest] = operands;
    if (!isLiteral(word)) return [];
    switch (word.value) {
      case 'run':
        return single(rest[0]);
      case 'run-many':
      case 'affected':
        return targetStarts(
          listed(options, '-t', '--target', '--targets'),
          members(listed(options, '-p', '--projects')),
        );
      case 'test':
        return targetStarts(
          ['test'],
          members([...rest.map((argument) => argument.value), ...listed(options, '--project')]),
        );
      default:
        return [];
    }
  },
};
