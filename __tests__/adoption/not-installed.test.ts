import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { baseEnvironment, guardedRoot } from '../helpers/shell.ts';
import { governor, governorWith, makeFiles } from './lab.ts';

const files = { '.git/HEAD': '', 'package.json': { scripts: { test: 'jest' } } };
const note = /^Note: test-governor is neither a dependency here nor on PATH.*127: .*npm i -g /m;

describe('a repository in which no script would find test-governor', () => {
  test.each([
    ['init', []],
    ['migrate', []],
    ['migrate', ['--write']],
  ])('%s says so, and how to install it', (command, words) => {
    expect(governor(makeFiles(files), command, ...words).stderr).toMatch(note);
  });

  test('policy enforce says so as well', () => {
    expect(governor(makeFiles(files), 'policy', 'enforce').stdout).toMatch(note);
    const dependency = makeFiles({ ...files, 'node_modules/.bin/test-governor': '' });
    expect(governor(dependency, 'policy', 'enforce').stdout).not.toMatch(note);
  });

  test.each([['init'], ['migrate']])('%s says nothing of it where it is found', (command) => {
    const dependency = makeFiles({ ...files, 'node_modules/.bin/test-governor': '' });
    expect(governor(dependency, command)).toMatchObject({
      status: 0,
      stderr: expect.not.stringMatching(note),
    });
    const environment = baseEnvironment();
    const onPath = { ...environment, PATH: `${join(guardedRoot, 'bin')}:${environment.PATH}` };
    expect(governorWith(onPath, makeFiles(files), command).stderr).not.toMatch(note);
  });
});
