import { allValues, mixedOptions } from '../options.ts';
import { type Launcher, shellText } from './launcher.ts';

const takesValue = new Set([
  '-w',
  '--warmup',
  '-m',
  '--min-runs',
  '-M',
  '--max-runs',
  '-r',
  '--runs',
  '-s',
  '--setup',
  '-p',
  '--prepare',
  '-c',
  '--cleanup',
  '-C',
  '--conclude',
  '-P',
  '--parameter-scan',
  '-D',
  '--parameter-step-size',
  '-L',
  '--parameter-list',
  '-S',
  '--shell',
  '--style',
  '--sort',
  '-u',
  '--time-unit',
  '--export-asciidoc',
  '--export-csv',
  '--export-json',
  '--export-markdown',
  '--export-orgmode',
  '--output',
  '--input',
  '-n',
  '--command-name',
  '--reference',
]);

/** `hyperfine -r 3 'npx jest'`: every operand is shell text, and so are setup, preparation and cleanup. */
export const hyperfine: Launcher = {
  names: ['hyperfine'],
  starts(args) {
    const { options, operands } = mixedOptions(args, takesValue);
    const around = allValues(
      options,
      '-s',
      '--setup',
      '-p',
      '--prepare',
      '-c',
      '--cleanup',
      '-C',
      '--conclude',
    );
    return [...around, ...operands].flatMap((text) => shellText(text));
  },
};
