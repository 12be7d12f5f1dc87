import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { gateValues } from '../../src/policy/gate.ts';
import { baseEnvironment, guardedRoot, runShell } from '../helpers/shell.ts';
import { BashLab, bashes, hook } from './bash-lab.ts';

jest.setTimeout(60_000);

const hooks = join(guardedRoot, 'hooks');

test.each(readdirSync(hooks).filter((name) => /\.(ba)?sh$/.test(name)))(
  'shellcheck has nothing to say of hooks/%s',
  async (name) => {
    const dialect = name.endsWith('.bash') ? 'bash' : 'sh';
    const result = await runShell({ shell: 'shellcheck', args: ['-s', dialect, join(hooks, name)] });
    expect(result).toEqual({ status: 0, signal: null, stdout: '', stderr: '' });
  },
);

/** The words for which a pattern such as `*run-[sp]*` stands. */
function spellings(pattern: string): string[] {
  const [, before, letters, after] = /^(.*?)\[([^\]]*)\](.*)$/.exec(pattern) ?? [];
  if (before === undefined || letters === undefined || after === undefined)
    return [pattern.replaceAll('*', '')];
  return [...letters].flatMap((letter) => spellings(`${before}${letter}${after}`));
}

describe.each(bashes)('%s', (_name, bash) => {
  test('the few letters at which the trap looks twice are in every word of the gate', async () => {
    const lab = new BashLab();
    const words = (gateValues().get('gate:text') ?? '').split('|').flatMap(spellings);
    expect(words.length).toBeGreaterThan(5);
    const seen = await lab.run(
      `source "$HOOK"; baseshop_guard_see() { saw=1; }; for word in $WORDS; do saw=; eval ": $word"; eval "\${baseshop_guard_plain_trap//BASH_COMMAND/word}"; [ -n "$saw" ] || echo "$word"; done`,
      { bash, guarding: 'plain', env: { WORDS: words.join(' ') } },
    );
    expect(seen.stdout).toBe('');
    expect(seen.status).toBe(0);
  });
});

describe('other shells', () => {
  const shells: readonly (readonly string[])[] = [
    ['dash'],
    ['bash', '--posix'],
    ['zsh', '-f'],
    ['zsh', '--emulate', 'sh'],
  ];

  test.each(shells)(
    '%s gets the environment layers, and what it starts is guarded',
    async (shell, ...args) => {
      const lab = new BashLab();
      const { env } = lab.environment({ mode: 'enforce' });
      const script = `set -eu; . "$HOOK"; echo "\${PATH%%:*}|\${BASH_ENV##*/}|$ZDOTDIR"; bash -c 'npx jest | tail' || echo "s=$?"; npx jest || echo "s=$?"`;
      const result = await runShell({ shell, args, script, env, cwd: lab.workspace.path });
      expect(result.stdout).toBe(
        `${guardedRoot}/shims|bash-env.bash|${guardedRoot}/hooks/zsh\ns=126\ns=126\n`,
      );
      expect(result.stderr.match(/no tests ran/g)).toHaveLength(2);
      expect(lab.workspace.runs()).toBe(0);
    },
  );

  test.each([['bash'], ['zsh', '-f']])(
    '%s calls no function of the user’s where the hook is read for the first time',
    async (shell, ...args) => {
      const names = ['command', 'mkdir', 'mv', 'printf', 'umask'];
      const functions = names.map((name) => `${name}() { echo "CALLED ${name}"; }`).join('; ');
      const env = baseEnvironment({ HOOK: hook });
      const result = await runShell({
        shell,
        args,
        script: `${functions}; . "$HOOK"; echo "$NODE_OPTIONS"`,
        env,
      });
      expect(result).toMatchObject({ status: 0, stderr: '' });
      expect(result.stdout).toBe(
        `--require ${env.HOME}/.cache/test-governor/preload/${guardedRoot.replaceAll('/', '%')}%hooks%preload.cjs\n`,
      );
    },
  );

  test('a sh that does not know where the file lies says so, and goes on', async () => {
    const script = 'cat "$HOOK" | { hook=$(cat); eval "$hook"; }; echo works';
    const result = await runShell({ shell: 'dash', script, env: baseEnvironment({ HOOK: hook }) });
    expect(result.stdout).toBe('works\n');
    expect(result.stderr).toMatch(/^test-governor: hooks\/guarded\.other\.sh is not to be found[^\n]*\n$/);
  });
});
