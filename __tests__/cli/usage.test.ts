import { describe, expect, test } from '@jest/globals';
import { governor, makeFiles } from '../adoption/lab.ts';

describe('bad usage ends with 64', () => {
  test.each([
    ['a command that there is not', ['nosuch']],
    ['an option that there is not', ['audit', '--nosuch']],
    ['an option without its value', ['status', '--since']],
    ['an option without its reason', ['calibrate', '--waive']],
    ['a directory that is not given', ['classify', '--cwd']],
    ['a file that is not given', ['calibrate', '--out']],
    ['an option that is negated', ['queue', 'acquire', '--no-timeout']],
    ['a text that is negated', ['queue', 'acquire', '--no-label', '--pid', String(process.pid)]],
    ['an option with parts', ['queue', 'acquire', '--label.x', '5', '--pid', String(process.pid)]],
    ['a directory with parts', ['classify', '--cwd.x', 'y', '--', 'jest']],
  ])('%s', (_what, words) => {
    const { status, stdout, stderr } = governor(makeFiles({}), ...words);
    expect({ status, stdout }).toEqual({ status: 64, stdout: '' });
    expect(stderr).toMatch(/(?:^|\n)test-governor: \S.*\n$/);
  });
});
