import { expect, test } from '@jest/globals';
import { ownName } from '../src/own-name.ts';

test.each([
  [undefined, 'test-governor'],
  ['npm/10.8.2 node/v20.20.2 linux x64 workspaces/false', 'npx test-governor'],
  ['pnpm/9.1.0 npm/? node/v20.20.2 linux x64', 'pnpm exec test-governor'],
  ['yarn/1.22.22 npm/? node/v20.20.2 linux x64', 'yarn run test-governor'],
  ['bun/1.4.5 npm/? node/v20.20.2 linux x64', 'bunx test-governor'],
])('started by %s, the program is typed as %s', (agent, expected) => {
  expect(ownName(agent === undefined ? {} : { npm_config_user_agent: agent })).toBe(expected);
});
