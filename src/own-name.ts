import type { Environment } from './env.ts';

/**
 * How whoever started this program types it. A package manager that found it among a repository's dependencies has put it on
 * the PATH of this process alone, and tells by npm_config_user_agent (https://docs.npmjs.com/cli/using-npm/config#user-agent) that
 * it was one: the user's own shell does not know the name.
 */
export function ownName(environment: Environment): string {
  const [manager = ''] = (environment.npm_config_user_agent ?? '').split('/');
  switch (manager) {
    case '':
      return 'test-governor';
    case 'pnpm':
      return 'pnpm exec test-governor';
    case 'yarn':
      return 'yarn run test-governor';
    case 'bun':
      return 'bunx test-governor';
    default:
      return 'npx test-governor';
  }
}
