import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { baseEnvironment, guardedRoot, openTerminal, readEvents } from '../helpers/shell';
import { jestSuite, makeWorkspace } from '../helpers/workspace';
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
    // The hook looks at the second prompt whether somebody has replaced its trap, and is out of PROMPT_COMMAND from then on.
    terminal.send(':\n');
    await terminal.waitFor(/> /);
    terminal.send('env | grep -c ^PROMPT_COMMAND=; declare -p PROMPT_COMMAND; echo do""ne\n');
    const [shown = ''] = (await terminal.waitFor(/[01]\r?\n[\s\S]*?done\r?\n/)) ?? [];
    terminal.send('exit\n');
    await terminal.ended();
    return shown.replaceAll('\r', '');
  }

  test('has nothing of ours in PROMPT_COMMAND after its second prompt, nor have its children', async () => {
    const shown = await promptCommandIn(guardedRoot, ':');
    expect(shown).toMatch(/^0\n/);
    expect(shown).not.toMatch(/guard/);
  });

  test('keeps what ~/.bashrc puts there, as a string and as an array', async () => {
    const string = await promptCommandIn(guardedRoot, 'PROMPT_COMMAND="mine=1;$PROMPT_COMMAND"');
    expect(string).toMatch(/^0\n/);
    expect(string).toContain('mine=1;');
    expect(string).not.toMatch(/guard/);
    const array = await promptCommandIn(
      guardedRoot,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is bash that expands it.
      'PROMPT_COMMAND=("mine=1" "${PROMPT_COMMAND[@]}" "other=2")',
    );
    expect(array).toContain('[0]="mine=1"');
    expect(array).toContain('"other=2"');
    expect(array).not.toMatch(/guard/);
  });

  test('keeps what ~/.bashrc puts behind ours, with the separator that joins them', async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is bash that expands it.
    const behind = 'PROMPT_COMMAND="${PROMPT_COMMAND:+$PROMPT_COMMAND; }mine=1"';
    expect(await promptCommandIn(guardedRoot, behind)).toContain('PROMPT_COMMAND="mine=1"');
    const both = await promptCommandIn(guardedRoot, behind, { PROMPT_COMMAND: 'other=2' });
    expect(both).toMatch(/PROMPT_COMMAND=(?:"other=2\n ?mine=1"|\$'other=2\\n ?mine=1')/);
  });

  test('keeps the one that the user exported, to the letter', async () => {
    const shown = await promptCommandIn(guardedRoot, ':', { PROMPT_COMMAND: 'mine=1; other=2' });
    expect(shown).toMatch(/^1\n/);
    expect(shown).toContain('"mine=1; other=2');
    expect(shown).not.toMatch(/guard/);
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

  test('sees what is typed at its first prompt, before anything runs', async () => {
    const one = makeWorkspace({ files: jestSuite(), link: ['jest'], git: true });
    const home = temporaryDirectory('home');
    writeFileSync(join(home, '.bashrc'), "PS1='> '\n");
    const terminal = openTerminal({
      command: join(guardedRoot, 'bin/with-guard'),
      args: ['bash', '--noediting', '-i'],
      cwd: one.path,
      env: baseEnvironment({ HOME: home, BASESHOP_POLICY_MODE: 'enforce' }),
    });
    await terminal.waitFor(/> /);
    terminal.send('npx jest; echo "status $?"\n');
    await terminal.waitFor(/no tests ran[\s\S]*status 126\r?\n/);
    terminal.send('npx jest | cat; echo "status $?"\n');
    await terminal.waitFor(/no tests ran[\s\S]*status 126\r?\n/);
    terminal.send('exit\n');
    await terminal.ended();
    const events = readEvents(join(one.path, '.cache/test-governor'));
    expect(events.map(({ layer, outcome }) => [layer, outcome])).toEqual([
      ['text', 'blocked'],
      ['text', 'blocked'],
    ]);
    expect(one.runs()).toBe(0);
    one.cleanup();
  });
});
