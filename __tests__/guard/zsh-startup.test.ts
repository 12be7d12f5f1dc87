// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is zsh that expands these.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { baseEnvironment, guardedRoot, quote, runShell, type ShellResult } from '../helpers/shell';
import { runZsh, temporaryDirectory, workspace } from './zsh-lab';

// Each of these starts a few programs; a machine that is busy with something else takes longer.
jest.setTimeout(60_000);

const startUpFiles = ['.zshenv', '.zprofile', '.zshrc', '.zlogin', '.zlogout'];
const hooks = join(guardedRoot, 'hooks/zsh');

function writeHome(files: Readonly<Record<string, string>>): string {
  const home = temporaryDirectory();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(home, name)), { recursive: true });
    writeFileSync(join(home, name), text);
  }
  return home;
}

/** All five files in a directory; each says its name and what it sees, and leaves a status and an option behind. */
function sayingFiles(directory: string, last = 'setopt extended_glob\n[[ -n "" ]]'): Record<string, string> {
  return Object.fromEntries(
    startUpFiles.map((name) => [
      join(directory, name),
      [
        `print -r -- "${directory}/${name} \${ZDOTDIR-unset} \${(t)ZDOTDIR-} \${(%):-%x} $? $options[extendedglob] $options[xtrace] $#"`,
        last,
      ].join('\n'),
    ]),
  );
}

interface Case {
  readonly files: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

/** The same zsh plain and below with-guard, in the same home; the paths of the home are the same in both. */
async function compare({
  files,
  args,
  env,
  stdin,
}: Case): Promise<{ plain: ShellResult; guarded: ShellResult }> {
  const home = writeHome(files);
  const inHome = Object.fromEntries(
    Object.entries(env ?? {}).map(([name, value]) => [name, value.replaceAll('~', home)]),
  );
  const run = { env: { HOME: home, ...inHome }, cwd: home, ...(stdin === undefined ? {} : { stdin }) };
  return { plain: await runZsh('plain', args, run), guarded: await runZsh('guarded', args, run) };
}

/** What a start-up leaves for the command: everything but ZDOTDIR, which is ours. */
const probe = 'print -r -- "command $? [$_] $options[extendedglob] $options[pipefail] $# ${+compinit}"';

describe('the user’s start-up files below with-guard', () => {
  test.concurrent.each([
    ['-c', [], {}],
    ['-lc', [], {}],
    ['-ic', [], {}],
    ['-lic', [], {}],
    ['-c', [], { ZDOTDIR: '~/conf' }],
    ['-lic', [], { ZDOTDIR: '~/conf' }],
    ['-dlic', [], {}],
    ['-fc', [], {}],
    ['-c', ['name', 'one', 'two words'], {}],
  ] as const)('see what they see without it: zsh %s %j %j', async (options, rest, env) => {
    const files = { ...sayingFiles('.'), ...sayingFiles('conf') };
    const { plain, guarded } = await compare({ files, args: [options, probe, ...rest], env });
    expect(guarded).toEqual(plain);
  });

  test.concurrent.each([
    ['export ZDOTDIR=$HOME/conf'],
    ['ZDOTDIR=$HOME/conf'],
    ['export ZDOTDIR=$HOME/conf; source $ZDOTDIR/.zshenv'],
    ['ZDOTDIR=$HOME/conf; typeset -r ZDOTDIR'],
    ['setopt no_rcs'],
    ['setopt no_global_rcs'],
    ['setopt ksh_arrays sh_word_split; set -eu'],
    ['set -eu; setopt pipe_fail err_return warn_create_global'],
    ['setopt sh_glob ignore_braces no_function_argzero posix_builtins all_export'],
    ['alias source="print aliased" builtin="print aliased"; alias -g X="| cat"'],
    ['print() { builtin print "mine $@" }; source() { builtin source "$@" }; test() { return 1 }'],
    ['return 3'],
    ['false'],
    ['exit 4'],
    ['print before; if then fi ); print after'],
    ['typeset -r x=1; x=2; print after'],
    ['cd /; true'],
    ['path=(/opt/none $path)'],
    ['trap "print left" EXIT'],
    ['TRAPZERR() { print "zerr $?" }; false; true'],
    ['exec zsh -fc "print replaced"'],
  ])('work as without it when ~/.zshenv says %j', async (zshenv) => {
    const files = { ...sayingFiles('.'), ...sayingFiles('conf'), '.zshenv': `${zshenv}\n` };
    const { plain, guarded } = await compare({ files, args: ['-lic', probe] });
    expect(guarded).toEqual(plain);
  });

  test.concurrent.each([
    ['.zshenv', '-c'],
    ['.zprofile', '-lc'],
    ['.zshrc', '-ic'],
    ['.zlogin', '-lic'],
  ])('may be missing: only %s, zsh %s', async (name, options) => {
    const { plain, guarded } = await compare({
      files: { [name]: 'print "$?"; setopt null_glob' },
      args: [options, probe],
    });
    expect(guarded).toEqual(plain);
  });

  test('trace only themselves under zsh -x', async () => {
    const plainTrace = await compare({ files: {}, args: ['-xlc', 'print here'] });
    expect(plainTrace.guarded.stderr.replaceAll(guardedRoot, '')).not.toMatch(/guard/i);
    const { guarded } = await compare({
      files: { '.zshenv': 'print "in zshenv"' },
      args: ['-xc', 'print here'],
    });
    expect(guarded.stderr).toContain("print 'in zshenv'");
    expect(guarded.stderr.match(/.*hooks\/zsh.*/g)).toEqual([expect.stringMatching(/> source .*\.zshenv$/)]);
  });

  test('are read by a shell that reads its commands from stdin, too', async () => {
    const files = sayingFiles('.');
    const { plain, guarded } = await compare({ files, args: [], stdin: `${probe}\nprint end\n` });
    expect(guarded).toEqual(plain);
  });

  test('are left alone by a zsh that is called sh, or told to be one', async () => {
    const { plain, guarded } = await compare({
      files: sayingFiles('.'),
      args: ['--emulate', 'sh', '-c', 'echo $?'],
    });
    expect(guarded).toEqual(plain);
  });
});

describe('ZDOTDIR below with-guard', () => {
  const show = 'print -r -- "${ZDOTDIR-unset} ${BASESHOP_GUARD_USER_ZDOTDIR-unset}"';

  test('is ours once the start-up files are done, so that every zsh below is guarded', async () => {
    const { guarded } = await compare({
      files: sayingFiles('.', ':'),
      args: ['-lc', `${show}; zsh -lc ${quote(show)}`],
    });
    const mine = guarded.stdout.split('\n').filter((line) => !line.startsWith('.'));
    expect(mine).toEqual([`${hooks} unset`, `${hooks} unset`, '']);
  });

  test('leads to the directory that the user’s ~/.zshenv exports, for this shell and those below', async () => {
    const { plain, guarded } = await compare({
      files: { '.zshenv': 'export ZDOTDIR=$HOME/conf', ...sayingFiles('conf') },
      args: ['-lic', 'zsh -lic "print nested"'],
    });
    expect(guarded).toEqual(plain);
    expect(guarded.stdout).toContain('conf/.zlogin');
  });

  test('leads nowhere else for the shells below when ~/.zshenv does not export it', async () => {
    const { plain, guarded } = await compare({
      files: { '.zshenv': 'print home; ZDOTDIR=$HOME/conf', ...sayingFiles('conf') },
      args: ['-ic', 'zsh -ic "print nested"'],
    });
    expect(guarded).toEqual(plain);
  });

  test('can be changed by a later file, which holds for those that follow', async () => {
    const { plain, guarded } = await compare({
      files: { '.zprofile': 'export ZDOTDIR=$HOME/conf', ...sayingFiles('conf') },
      args: ['-lic', 'true'],
    });
    expect(guarded).toEqual(plain);
  });

  test('of a guard around this one, or around that, is not taken for the user’s', async () => {
    const home = writeHome({ '.zshrc': 'print "the user’s"' });
    const run = await runZsh(
      'guarded',
      ['-ic', `BASESHOP_GUARD_USER_ZDOTDIR=$ZDOTDIR zsh -ic ${quote(show)}`],
      {
        env: { HOME: home },
      },
    );
    expect(run.stderr).toBe('');
    expect(run.stdout.match(/the user’s/g)).toHaveLength(2);
  });
});

describe('what a system’s zshrc derives from ZDOTDIR', () => {
  /** The order in which zsh reads them, with a system's zshrc that no test can install. */
  async function startUp(home: string, zdotdir: string | null): Promise<string> {
    const system = join(home, 'system-zshrc');
    // What Ubuntu's and macOS's files do.
    writeFileSync(
      system,
      'HISTFILE=${ZDOTDIR:-$HOME}/.zsh_history\nSHELL_SESSION_DIR=${ZDOTDIR:-$HOME}/.zsh_sessions\nautoload -U compinit\ncompinit -u\n',
    );
    const script = `for file in ${quote(join(hooks, '.zshenv'))} ${quote(system)} ${quote(join(hooks, '.zshrc'))}; do source $file; done; print -r -- "$HISTFILE $SHELL_SESSION_DIR $_comp_dumpfile $+functions[compdef] \${functions[compinit]}"`;
    const run = await runShell({
      shell: 'zsh',
      args: ['-f', '-i', '-c', script],
      env: baseEnvironment({
        HOME: home,
        ZDOTDIR: hooks,
        BASESHOP_GUARD_ROOT: guardedRoot,
        ...(zdotdir === null ? {} : { BASESHOP_GUARD_USER_ZDOTDIR: zdotdir }),
      }),
    });
    expect(run.stderr).toBe('');
    return run.stdout;
  }

  test('ends up in the user’s directory: history, sessions, the dump of compinit', async () => {
    const home = writeHome({ 'conf/.zshrc': '' });
    const before = readdirSync(hooks);
    const expected = (directory: string): string =>
      `${directory}/.zsh_history ${directory}/.zsh_sessions ${directory}/.zcompdump 1 builtin autoload -XU\n`;
    expect(await startUp(home, null)).toBe(expected(home));
    expect(existsSync(join(home, '.zcompdump'))).toBe(true);
    expect(await startUp(home, join(home, 'conf'))).toBe(expected(join(home, 'conf')));
    expect(existsSync(join(home, 'conf/.zcompdump'))).toBe(true);
    expect(readdirSync(hooks)).toEqual(before);
  });
});

test('a prompt keeps options, functions and the directory that ~/.zshrc has chosen', async () => {
  const { plain, guarded } = await compare({
    files: {
      '.zshrc':
        'setopt auto_cd extended_glob hist_ignore_dups\nbindkey -v\nPROMPT="> "\nf() { print mine }\nHISTFILE=$HOME/h\nSAVEHIST=5',
      '.zlogin': 'setopt null_glob',
    },
    args: ['-l', '-i'],
    stdin: 'print $HISTFILE $SAVEHIST\nsetopt\nf\ncd /\nexit 3\n',
  });
  expect(guarded).toEqual(plain);
  expect(guarded.status).toBe(3);
});

test('a login zsh whose profile puts PATH together anew is guarded all the same', async () => {
  const home = writeHome({
    '.zprofile': 'PATH=/usr/bin:/bin',
    '.zshrc': 'path=(/opt/node/bin $path)',
    '.zlogin': 'export NODE_OPTIONS=--max-old-space-size=512 BASH_ENV=$HOME/mine',
  });
  const run = await runZsh(
    'guarded',
    [
      '-lic',
      'print $path[1]; print -r -- $NODE_OPTIONS; print $BASH_ENV $BASESHOP_GUARD_USER_BASH_ENV; npx jest',
    ],
    {
      mode: 'enforce',
      cwd: workspace().path,
      env: { HOME: home },
    },
  );
  expect(run.status).toBe(126);
  expect(run.stdout).toMatch(
    /^.*\/shims\n--max-old-space-size=512 --require .*preload.cjs"?\n.*\/hooks\/bash-env.bash .*\/mine\n/,
  );
});
