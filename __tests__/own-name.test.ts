import { expect, test } from '@jest/globals';
import { ownName, siblingName } from '../src/own-name.ts';

const dependency = '/shop/node_modules/.bin/test-governor';
const npm = 'npm/10.8.2 node/v20.20.2 linux x64 workspaces/false';

test.each([
  [undefined, dependency, 'test-governor'],
  [npm, dependency, 'npx test-governor'],
  ['pnpm/9.1.0 npm/? node/v20.20.2 linux x64', dependency, 'pnpm exec test-governor'],
  ['yarn/1.22.22 npm/? node/v20.20.2 linux x64', dependency, 'yarn run test-governor'],
  ['bun/1.4.5 npm/? node/v20.20.2 linux x64', dependency, 'bunx test-governor'],
  [npm, '/usr/bin/test-governor', 'test-governor'],
  [npm, '/a clone/bin/test-governor', "'/a clone/bin/test-governor'"],
])('started by %s from %s, the program is typed as %s', (agent, program, expected) => {
  const environment = { PATH: '/usr/local/bin:/usr/bin', npm_config_user_agent: agent };
  expect(ownName(environment, program)).toBe(expected);
});

test.each([
  [undefined, dependency, 'with-guard'],
  [npm, dependency, 'npx with-guard'],
  ['pnpm/9.1.0 npm/? node/v20.20.2 linux x64', dependency, 'pnpm exec with-guard'],
  [npm, '/a clone/bin/test-governor', "'/a clone/bin/with-guard'"],
  [npm, '/test-governor/bin/test-governor', '/test-governor/bin/with-guard'],
])('started by %s from %s, with-guard is typed as %s', (agent, program, expected) => {
  const environment = { PATH: '/usr/local/bin:/usr/bin', npm_config_user_agent: agent };
  expect(siblingName('with-guard', environment, program)).toBe(expected);
});
