import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { quoteWord } from '../../src/policy/quote.ts';
import { governorWith, makeFiles } from '../adoption/lab.ts';
import { baseEnvironment, guardedRoot } from '../helpers/shell.ts';

test.each([
  ['doctor', / to change that: (.*) init --rc$/m],
  ['docs-lint', /^(.*) docs-lint --fix writes the governed form of 1 of them\.$/m],
  ['why', /give one command line in quotes: (.*) why /],
  ['classify', /give one command line in quotes: (.*) classify -- /],
  ['completion', /say which is meant, (.*) completion bash$/m],
])(
  'what %s has typed next is typed as the user can, whose own shell does not know the name',
  (command, typed) => {
    // A package manager runs a script that names the program by its path.
    const environment = baseEnvironment({
      npm_config_user_agent: 'npm/11.0.0 node/v24.0.0',
      SHELL: '/bin/sh',
    });
    const place = makeFiles({ 'README.md': '```sh\nnpx jest\n```\n', 'package.json': {} });
    const { stdout, stderr } = governorWith(environment, place, command);
    expect(typed.exec(`${stdout}${stderr}`)?.[1]).toBe(quoteWord(join(guardedRoot, 'bin/test-governor')));
  },
);
