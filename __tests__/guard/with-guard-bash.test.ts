import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { baseEnvironment, guardedRoot, openTerminal } from '../helpers/shell';
import { installation, temporaryDirectory } from './shim-lab';

// Each of these takes milliseconds; a machine that is busy with something else takes longer.
jest.setTimeout(60_000);

describe('an interactive bash below with-guard', () => {
  async function promptCommandIn(
    root: string,
    rc: string,
    env: Record<string, string> = {},
  ): Promise<string> {
    const home = temporaryDirectory('home');
    writeFileSync(join(home, '.bashrc'), `${rc}\nPS1='> '\n`);
    const terminal = openTerminal({
      command: join(root, 'bin/with-guard'),
      args: ['bash', '--noediting', '-i'],
      env: baseEnvironment({ ...env, HOME: home }),
    });
    await terminal.waitFor(/> /);
    terminal.send('env | grep -c ^PROMPT_COMMAND=; declare -p PROMPT_COMMAND; echo do""ne\n');
    const [shown = ''] = (await terminal.waitFor(/[01]\r?\n[\s\S]*?done\r?\n/)) ?? [];
    terminal.send('exit\n');
    await terminal.ended();
    return shown.replaceAll('\r', '');
  }

  test('has no PROMPT_COMMAND of ours after its first prompt, nor have its children', async () => {
    const shown = await promptCommandIn(guardedRoot, ':');
    expect(shown).toMatch(/^0\n/);
    expect(shown).not.toContain('prompt.bash');
  });

  test('keeps what ~/.bashrc puts there, as a string and as an array', async () => {
    const string = await promptCommandIn(guardedRoot, 'PROMPT_COMMAND="mine=1;$PROMPT_COMMAND"');
    expect(string).toMatch(/^0\n/);
    expect(string).toContain('mine=1;');
    expect(string).not.toContain('prompt.bash');
    const array = await promptCommandIn(
      guardedRoot,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is bash that expands it.
      'PROMPT_COMMAND=("mine=1" "${PROMPT_COMMAND[@]}" "other=2")',
    );
    expect(array).toContain('[0]="mine=1"');
    expect(array).toContain('"other=2"');
    expect(array).not.toContain('prompt.bash');
  });

  test('keeps the one that the user exported, to the letter', async () => {
    const shown = await promptCommandIn(guardedRoot, ':', { PROMPT_COMMAND: 'mine=1; other=2' });
    expect(shown).toMatch(/^1\n/);
    expect(shown).toContain('"mine=1; other=2');
    expect(shown).not.toContain('prompt.bash');
  });

  test('is not harmed when the guard is gone', async () => {
    const root = installation();
    const home = temporaryDirectory('home');
    writeFileSync(join(home, '.bashrc'), `rm -r '${root}/hooks'; PS1='> '\n`);
    const terminal = openTerminal({
      command: join(root, 'bin/with-guard'),
      args: ['bash', '--noediting', '-i'],
      env: baseEnvironment({ HOME: home }),
    });
    await terminal.waitFor(/> /);
    terminal.send('false; echo "status $?"\n');
    await terminal.waitFor(/status 1\r?\n/);
    expect(terminal.screen()).not.toMatch(/No such file|prompt\.bash/);
    terminal.send('exit\n');
    expect(await terminal.ended()).toBe(0);
  });
});
