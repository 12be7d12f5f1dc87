import { isLiteral } from '../argument.ts';
import { leadingOptions } from '../options.ts';
import { argv, type Launcher } from './launcher.ts';

const takesValue = new Set([
  '-C',
  '--directory',
  '-P',
  '--project',
  '-p',
  '--python',
  '-n',
  '--name',
  '--prefix',
  '--spec',
]);

/** Tools of one shape: `poetry run pytest`, `pipenv run pytest`, `pdm run pytest`, `rye run`, `conda run -n env`, `pipx run`. */
export const pythonEnvironments: Launcher = {
  names: ['poetry', 'pipenv', 'pdm', 'rye', 'conda', 'mamba', 'micromamba', 'pipx'],
  starts(args) {
    const [word, ...rest] = leadingOptions(args, takesValue).operands;
    if (!isLiteral(word) || word.value !== 'run') return [];
    return argv(leadingOptions(rest, takesValue).operands);
  },
};
