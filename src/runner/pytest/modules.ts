import { childProcess } from '../../child-process.ts';
import type { Environment } from '../../env.ts';
import type { PytestProgram } from './find.ts';

/** Which modules a project's Python has. */
export interface PythonModules {
  readonly pytest: boolean;
  /** pytest-xdist, which gives pytest its workers. */
  readonly xdist: boolean;
}

const question =
  'import importlib.util as u;print(*(int(u.find_spec(m) is not None) for m in ("pytest","xdist")))';

/** Longer than any Python takes to start; uv may have to make the environment first. */
const patienceMs = 60_000;

/**
 * Asks the project's own Python which modules it has: nothing else knows for certain. Takes as long as a start of Python (some
 * 20 ms); null when it does not answer.
 */
export function askForModules(
  { python }: PytestProgram,
  directory: string,
  environment: Environment,
): PythonModules | null {
  const { stdout, status } = childProcess().spawnSync(python.file, [...python.leading, '-c', question], {
    cwd: directory,
    env: { ...environment },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: patienceMs,
  });
  const [, pytest, xdist] = /^([01]) ([01])\s*$/.exec(status === 0 ? stdout : '') ?? [];
  return pytest === undefined || xdist === undefined
    ? null
    : { pytest: pytest === '1', xdist: xdist === '1' };
}
