import { describe, expect, jest, test } from '@jest/globals';
import { BashLab, bashes, hook } from './bash-lab.ts';

jest.setTimeout(120_000);

const lab = new BashLab();

/** Everything that sourcing the hook could have changed. */
const show = [
  'declare -p PATH NODE_OPTIONS BASH_ENV ZDOTDIR PROMPT_COMMAND 2>/dev/null',
  'set -o; shopt; trap -p; declare -F',
  'compgen -v | grep -i "guard_" || echo none',
].join('; ');

const settings: Readonly<Record<string, string>> = {
  'nothing set': 'unset NODE_OPTIONS BASH_ENV ZDOTDIR PROMPT_COMMAND',
  'everything set': [
    'export NODE_OPTIONS="--max-old-space-size=100 --title=\\"a b\\"" BASH_ENV=/nowhere ZDOTDIR="/no where"',
    'PROMPT_COMMAND="echo hi"',
  ].join('; '),
  'set, but not exported':
    'NODE_OPTIONS=--no-warnings; BASH_ENV=x; ZDOTDIR=; export -n NODE_OPTIONS BASH_ENV ZDOTDIR',
  'an empty entry and our own name on PATH': 'PATH=:$PATH:/x/shims:',
};

describe.each(bashes)('%s', (_name, bash) => {
  test.each(Object.entries(settings))(
    'guard_off gives everything back as it was: %s',
    async (_case, setting) => {
      // Attributes are seen from bash 4.4 on.
      if (setting.includes('export -n') && /bash-3/.test(bash)) return;
      const plain = await lab.run(`${setting}; ${show}`, { bash, guarding: 'plain' });
      const result = await lab.run(`${setting}; source "$HOOK"; guard_off; ${show}`, {
        bash,
        guarding: 'plain',
      });
      expect(result.stdout.split('\n')).toEqual(plain.stdout.split('\n'));
      expect(result.stdout).toContain('none');
      expect(result.stderr).toBe('');
      expect(result.status).toBe(0);
    },
  );

  test('guard_off takes only our part out of what others have changed since', async () => {
    const script = [
      'export PATH=/usr/bin:/bin NODE_OPTIONS=--no-warnings',
      'source "$HOOK"',
      'PATH=/opt/new:$PATH; NODE_OPTIONS="$NODE_OPTIONS --trace-warnings"; BASH_ENV=/mine',
      'guard_off',
      'echo "$PATH $NODE_OPTIONS $BASH_ENV"',
    ].join('\n');
    const result = await lab.run(script, { bash, guarding: 'plain' });
    expect(result.stdout).toBe('/opt/new:/usr/bin:/bin --no-warnings --trace-warnings /mine\n');
  });

  test('after guard_off tests run and nobody says anything; sourced again, they are blocked again', async () => {
    const script = [
      'source "$HOOK"; ./node_modules/.bin/jest; echo "s=$?"',
      'guard_off; ./node_modules/.bin/jest 2>/dev/null; echo "s=$?"',
      'source "$HOOK"; ./node_modules/.bin/jest; echo "s=$?"',
    ].join('\n');
    const result = await lab.run(script, { bash, guarding: 'plain' });
    expect(result.stdout).toBe('s=126\ns=0\ns=126\n');
    expect(result.suites).toBe(1);
    expect(result.messages).toHaveLength(2);
  });

  test('below with-guard, guard_off frees that shell from what it inherited too', async () => {
    const script = [
      'BASH_ENV=  source "$HOOK"; guard_off',
      'npx --version >/dev/null; ./node_modules/.bin/jest 2>/dev/null; echo "s=$?"',
      'echo "$PATH$BASH_ENV$NODE_OPTIONS" | grep -c guard',
    ].join('\n');
    const result = await lab.run(script, { bash });
    expect(result.stdout).toBe('s=0\n0\n');
  });

  test('guard_off works in a function, in a subshell, and as the last thing of a blocked line', async () => {
    const inFunction =
      'source "$HOOK"; f() { guard_off; }; f; echo latest; npx --version >/dev/null; echo "s=$?"';
    expect(await lab.run(inFunction, { bash, guarding: 'plain' })).toMatchObject({
      stdout: 'latest\ns=0\n',
      stderr: '',
    });
    const inSubshell =
      'source "$HOOK"; (guard_off; ./node_modules/.bin/jest 2>/dev/null; echo "s=$?"); npx jest; echo "s=$?"';
    expect((await lab.run(inSubshell, { bash, guarding: 'plain' })).stdout).toBe('s=0\ns=126\n');
    const afterBlocked =
      'source "$HOOK"; npx jest | tail || guard_off; declare -F npx; echo "$- $BASH_SUBSHELL"; set -o | grep pipefail';
    const result = await lab.run(afterBlocked, { bash, guarding: 'plain' });
    expect(result.stdout.replace(/\s+/g, ' ')).toMatch(/^[a-zA-Z]+ 0 pipefail off $/);
    expect(result.stdout).not.toMatch(/T.* 0/);
  });

  test('at a prompt it gives the prompt’s own parts back, also before the first prompt', async () => {
    const shell = lab.terminal({ bash, rc: `PROMPT_COMMAND='echo pc'; source '${hook}'; guard_off` });
    expect(await shell.type('echo "<$PROMPT_COMMAND>"; trap -p DEBUG')).toBe('<echo pc>\npc');
    await shell.type(`source '${hook}'`);
    expect(await shell.type('npx jest; echo "s=$?"')).toMatch(/no tests ran(.|\n)*s=126\npc$/);
    expect(await shell.type('guard_off')).toBe('pc');
    expect(await shell.type('echo "<$PROMPT_COMMAND>"; trap -p DEBUG')).toBe('<echo pc>\npc');
  });

  test('a guard_off of the user’s own is not overwritten', async () => {
    const result = await lab.run(
      'guard_off() { echo mine; }; source "$HOOK"; guard_off; baseshop_guard_off; guard_off',
      {
        bash,
        guarding: 'plain',
      },
    );
    expect(result.stdout).toBe('mine\nmine\n');
  });
});
