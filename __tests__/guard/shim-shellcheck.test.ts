import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { baseEnvironment, guardedRoot, runShell } from '../helpers/shell';
import { shims, withGuard } from './shim-lab';

jest.setTimeout(60_000);

const scripts = readdirSync(shims).filter((name) => !name.startsWith('.'));

test.each([
  ...scripts.map((name) => [`shims/${name}`, 'sh', join(shims, name)] as const),
  ['bin/with-guard', 'sh', withGuard] as const,
  ['hooks/prompt.bash', 'bash', join(guardedRoot, 'hooks/prompt.bash')] as const,
])('shellcheck has nothing to say of %s', async (_name, dialect, file) => {
  const result = await runShell({ shell: 'shellcheck', args: ['-s', dialect, file], env: baseEnvironment() });
  expect(result).toEqual({ status: 0, signal: null, stdout: '', stderr: '' });
});
