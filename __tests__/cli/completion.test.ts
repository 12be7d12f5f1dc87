import { delimiter, join } from 'node:path';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { baseEnvironment, guardedRoot, openTerminal, runShell, type Terminal } from '../helpers/shell';

jest.setTimeout(120_000);

let terminal: Terminal | null = null;
afterEach(async () => {
  await terminal?.close();
  terminal = null;
});

function environment(): Record<string, string> {
  const env = baseEnvironment();
  return { ...env, PATH: [join(guardedRoot, 'bin'), env.PATH ?? ''].join(delimiter) };
}

/** A shell at a prompt that has sourced the completion. */
async function promptOf(shell: 'bash' | 'zsh'): Promise<Terminal> {
  const args = shell === 'bash' ? ['--norc', '--noprofile', '-i'] : ['-f', '-i'];
  terminal = openTerminal({ command: shell, args, env: environment() });
  terminal.send(`source <(test-governor completion ${shell}); echo rea''dy\n`);
  await terminal.waitFor(/ready/);
  return terminal;
}

describe.each(['bash', 'zsh'] as const)('completion in %s', (shell) => {
  test('completes a command, an option and a value at a real prompt', async () => {
    const prompt = await promptOf(shell);
    // What is typed runs this function; the completion asks the program itself.
    prompt.send(`test-governor() { echo "r"'an:'"$*."; }\n`);
    prompt.send('test-governor doct\t\n');
    await prompt.waitFor(/ran:doctor\./);
    prompt.send('test-governor policy enf\t\n');
    await prompt.waitFor(/ran:policy enforce\./);
    prompt.send('test-governor init --dr\t\n');
    await prompt.waitFor(/ran:init --dry-run\./);
    prompt.send('test-governor queue clean\t\n');
    await prompt.waitFor(/ran:queue clean-stale\./);
  });
});

describe('completion', () => {
  test('offers every command, and the intents of run', async () => {
    const script = `source <(test-governor completion bash)
words() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _test_governor; printf '%s\\n' "\${COMPREPLY[*]}"; }
words test-governor ''
words test-governor run ''`;
    const { stdout } = await runShell({ shell: 'bash', script, env: environment() });
    const [commands = '', intents = ''] = stdout.split('\n');
    expect(commands.split(' ').sort()).toEqual(
      'audit calibrate classify completion docker-limits docs-lint doctor generate init migrate policy queue run status why'.split(
        ' ',
      ),
    );
    expect(intents).toContain('jest vitest turbo changed pytest watch-exclusive');
  });

  test('takes the login shell when none is named, and says what to do where that is another', async () => {
    const env = environment();
    const ask = (SHELL: string) =>
      runShell({ shell: 'test-governor', args: ['completion'], env: { ...env, SHELL } });
    expect((await ask('/bin/zsh')).stdout).toContain('#compdef test-governor');
    expect(await ask('/usr/bin/fish')).toMatchObject({
      status: 64,
      stderr: expect.stringContaining('test-governor completion bash'),
    });
  });
});

describe('--help', () => {
  test.each(
    'init doctor audit migrate docs-lint policy run status queue calibrate why classify docker-limits generate completion'.split(
      ' ',
    ),
  )('of %s says what it does, and describes every option', async (command) => {
    const { status, stdout } = await runShell({
      shell: 'test-governor',
      args: [command, '--help'],
      env: environment(),
    });
    expect(status).toBe(0);
    expect(stdout.split('\n').length).toBeGreaterThan(4);
    const options = stdout.split('\n').filter((line) => /^ +(-\w, )?--[a-z]/.test(line));
    for (const line of options) expect(line).toMatch(/--[a-z-]+ +\S+/);
  });
});
