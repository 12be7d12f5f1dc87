import { basename, dirname } from 'node:path';
import type { Environment } from './env.ts';
import { packageRunner } from './package-runner.ts';
import { quoteWord } from './policy/quote.ts';

const name = 'test-governor';

/**
 * How whoever started this program types it. A package manager that found it among a repository's dependencies has put it on
 * the PATH of this process alone, and tells by npm_config_user_agent (https://docs.npmjs.com/cli/using-npm/config#user-agent) that
 * it was one: the user's own shell does not know the name. Where it is no dependency, a package manager would look for the name in
 * its registry and run what anybody may have put there: then it is the path that a script names.
 * @param program the program's file as it was started, absolute.
 */
export function ownName(environment: Environment, program: string = process.argv[1] ?? ''): string {
  const [agent = ''] = (environment.npm_config_user_agent ?? '').split('/');
  if (agent === '') return name;
  const manager = agent === 'pnpm' || agent === 'yarn' || agent === 'bun' ? agent : 'npm';
  if (program.includes('/node_modules/')) return `${packageRunner(manager)} ${name}`;
  const isOnPath = (environment.PATH ?? '').split(':').includes(dirname(program));
  return basename(program) !== name || isOnPath ? name : quoteWord(program);
}

/** How they type another program of ours, such as `with-guard`, which lies beside this one. */
export function siblingName(sibling: string, environment: Environment, program?: string): string {
  // Behind a quoted path stands its quote.
  return ownName(environment, program).replace(/test-governor(?='?$)/, sibling);
}
