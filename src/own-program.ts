import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { below } from './below.ts';
import type { Environment } from './env.ts';
import { quoteWord } from './policy/quote.ts';
import { upward } from './repository.ts';
import { packageRoot } from './root.ts';

const name = 'test-governor';

/** A package manager finds the program from this directory: it is among the dependencies, or Yarn keeps them where only it looks. */
function isDependency(directory: string): boolean {
  for (const candidate of upward(directory)) {
    if (existsSync(below(candidate, `node_modules/.bin/${name}`))) return true;
    if (existsSync(below(candidate, '.pnp.cjs'))) return true;
  }
  return false;
}

/** Where npx and its like keep what they fetch for one command: on PATH for that, and in no other shell. */
const forOneCommand = /\/(?:_npx|dlx|dlx-[^/]*|bunx-[^/]*)\/(?:.*\/)?node_modules\/\.bin\/?$/;

/**
 * How the program is typed in a directory, in a shell with this environment, where no package manager finds it: a package manager that
 * is asked for it all the same looks in its registry and runs what anybody may have put there. Null where it is a dependency.
 */
export function ownProgram(directory: string, environment: Environment): string | null {
  if (isDependency(directory)) return null;
  const onPath = (environment.PATH ?? '')
    .split(':')
    .filter((entry) => isAbsolute(entry) && !forOneCommand.test(entry));
  if (onPath.some((entry) => existsSync(below(entry, name)))) return name;
  return quoteWord(below(packageRoot(__dirname), `bin/${name}`));
}

/** What a package script that says `test-governor` lacks in a directory, and what mends it; null where such a script finds the program. */
export function missingProgram(
  directory: string,
  environment: Environment,
): { readonly detail: string; readonly mend: string } | null {
  const typed = ownProgram(directory, environment);
  if (typed === null || typed === name) return null;
  return {
    detail: `${name} is neither a dependency here nor on PATH, so a script that says it ends with 127`,
    mend: `add it to the devDependencies, or npm i -g ${quoteWord(packageRoot(__dirname))}`,
  };
}
