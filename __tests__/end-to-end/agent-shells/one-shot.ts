import { quote } from '../../helpers/shell.ts';
import { claudeForms } from './claude.ts';
import {
  type AgentShell,
  type Command,
  type EnvironmentPolicy,
  type OneShot,
  type Place,
  type Reach,
  startedWithoutLevel,
} from './plan.ts';

/** `<shell> <flags> <command>`, the shape that most agents use. */
function simple(
  name: string,
  reach: readonly [withGuard: Reach, rcLines: Reach],
  stdin: OneShot['stdin'],
  start: readonly string[],
  environment: EnvironmentPolicy = {},
): AgentShell {
  const [withGuard, rcLines] = reach;
  const argv = (command: Command): readonly string[] => [...start, command.text];
  return { name, withGuard, rcLines, plan: () => ({ kind: 'one-shot', stdin, environment, argv }) };
}

/** What Codex adds to the environment of its unified exec. */
const codexAdditions: EnvironmentPolicy = {
  set: { NO_COLOR: '1', TERM: 'dumb', LANG: 'C.UTF-8', PAGER: 'cat', CODEX_CI: '1' },
};

const withoutSecrets: EnvironmentPolicy = { drop: ['KEY', 'SECRET', 'TOKEN'] };

/** Gemini's redaction of names that look like credentials. */
const redacted: EnvironmentPolicy = {
  drop: ['TOKEN', 'SECRET', 'PASSWORD', 'KEY', 'AUTH', 'CREDENTIAL', 'CREDS', 'PRIVATE', 'CERT'],
  set: { GEMINI_CLI: '1', TERM: 'xterm-256color', PAGER: 'cat' },
};

/** Codex with a snapshot of the session's shell: sourced, then a plain shell is exec'ed. */
const codexSnapshot: AgentShell = {
  name: 'Codex: snapshot, then exec bash -c',
  withGuard: 'everywhere',
  rcLines: 'everywhere',
  plan: (place) => ({
    kind: 'one-shot',
    stdin: 'null',
    environment: codexAdditions,
    before: [
      [
        '/bin/bash',
        '-lc',
        `if [ -z "$BASH_ENV" ]; then . ~/.bashrc; fi; { declare -f; set +o; alias -p; export -p | grep -v ' PWD='; } > ${place.scratch}/shell.sh`,
      ],
    ],
    argv: ({ text }) => [
      '/bin/bash',
      '-c',
      `if . '${place.scratch}/shell.sh' >/dev/null 2>&1; then :; fi\n\nexec '/bin/bash' -c ${quote(text).replaceAll(`'\\''`, `'"'"'`)}`,
    ],
  }),
};

const gemini = (scratch: string, { text }: Command): string =>
  [
    'shopt -u promptvars nullglob extglob nocaseglob dotglob',
    `_bgpids_file='${scratch}/pids'`,
    `(\n  trap 'jobs -p > "$_bgpids_file"' EXIT\n${text}\n)`,
    '__code=$?',
    'exit $__code',
  ].join('\n');

const geminiForms: readonly AgentShell[] = (['null', 'terminal'] as const).map((stdin) => ({
  name: `Gemini CLI: bash -c with a subshell and its EXIT trap, stdin ${stdin}`,
  withGuard: 'everywhere',
  rcLines: 'nothing',
  plan: (place) => ({
    kind: 'one-shot',
    stdin,
    environment: redacted,
    argv: (command) => ['/bin/bash', '-c', gemini(place.scratch, command)],
  }),
}));

const cursorForms: readonly AgentShell[] = (['bash', 'zsh'] as const).map((shell) => ({
  name: `Cursor: ${shell} -c with state on descriptors and the command as an argument`,
  withGuard: 'everywhere',
  rcLines: shell === 'zsh' ? 'everywhere' : 'nothing',
  plan: (place) => ({
    kind: 'one-shot',
    stdin: 'null',
    files: { [`${place.scratch}/state`]: 'export CARRIED=1\n' },
    descriptors: { 3: `${place.scratch}/state`, 4: `${place.scratch}/state-after` },
    argv: ({ text }) => [
      `/bin/${shell}`,
      ...(shell === 'bash' ? ['-O', 'extglob'] : []),
      '-c',
      'snap=$(command cat <&3) && builtin eval -- "$snap" && { builtin eval "$1" < /dev/null; }; COMMAND_EXIT_CODE=$?; export -p >&4; builtin exit $COMMAND_EXIT_CODE',
      '--',
      text,
    ],
  }),
}));

/** OpenCode's own `!` lines: a login shell that reads the interactive files by hand. */
const openCodeUser: readonly AgentShell[] = (['bash', 'zsh'] as const).map((shell) => ({
  name: `OpenCode, the user's own line: ${shell} -l -c`,
  withGuard: 'everywhere',
  rcLines: 'everywhere',
  plan: (place) => ({
    kind: 'one-shot',
    stdin: 'null',
    argv: ({ text }) => [
      shell,
      '-l',
      '-c',
      {
        bash: `shopt -s expand_aliases; [[ -f ~/.bashrc ]] && source ~/.bashrc >/dev/null 2>&1 || true; cd -- "$1"; eval ${JSON.stringify(text)}`,
        zsh: `[[ -f ~/.zshenv ]] && source ~/.zshenv >/dev/null 2>&1 || true; [[ -f ~/.zshrc ]] && source ~/.zshrc >/dev/null 2>&1 || true; cd -- "$1"; eval ${JSON.stringify(text)}`,
      }[shell],
      'opencode',
      place.workspace,
    ],
  }),
}));

const plainForms: readonly AgentShell[] = [
  simple('Codex: bash -lc', ['everywhere', 'everywhere'], 'null', ['/bin/bash', '-lc'], codexAdditions),
  simple('Codex: zsh -lc', ['everywhere', 'everywhere'], 'null', ['/bin/zsh', '-lc'], codexAdditions),
  simple('Codex: sh -lc', ['alone', 'nothing'], 'null', ['/bin/sh', '-lc'], codexAdditions),
  simple('Codex: bash -c, login off', ['everywhere', 'nothing'], 'null', ['/bin/bash', '-c'], codexAdditions),
  simple('Codex: bash -lc at a terminal', ['everywhere', 'everywhere'], 'terminal', ['/bin/bash', '-lc']),
  simple(
    'Codex: secrets dropped',
    ['everywhere', 'everywhere'],
    'null',
    ['/bin/bash', '-lc'],
    withoutSecrets,
  ),
  simple('Qwen Code: bash -c', ['everywhere', 'nothing'], 'null', ['bash', '-c']),
  simple('OpenCode and Kilo: bash -c', ['everywhere', 'nothing'], 'null', ['/bin/bash', '-c']),
  simple('OpenCode and Kilo: zsh -c', ['everywhere', 'everywhere'], 'null', ['/bin/zsh', '-c']),
  simple('OpenCode: sh -c', ['alone', 'nothing'], 'null', ['/bin/sh', '-c']),
  simple('OpenHands CLI runtime: bash -c', ['everywhere', 'nothing'], 'null', ['bash', '-c']),
  simple('mini-swe-agent: sh -c', ['alone', 'nothing'], 'null', ['/bin/sh', '-c']),
  simple(
    'Goose: bash -c, PATH of an interactive login shell',
    ['everywhere', 'alone'],
    'null',
    ['/bin/bash', '-c'],
    {
      pathFrom: ['/bin/bash', '-l', '-i', '-c', 'echo $PATH'],
    },
  ),
  simple('Aider without a terminal: sh -c', ['alone', 'nothing'], 'null', ['/bin/sh', '-c']),
  simple('Cline: bash -c, stdin a socket', ['everywhere', 'nothing'], 'socket', ['/bin/bash', '-c']),
  startedWithoutLevel(
    simple('Cline: bash -c, SHLVL unset', ['everywhere', 'everywhere'], 'socket', ['/bin/bash', '-c']),
  ),
  simple('an agent that drops SHLVL: bash -c', ['alone', 'everywhere'], 'socket', ['/bin/bash', '-c'], {
    unset: ['SHLVL'],
  }),
  simple('Cline: zsh -c, stdin a socket', ['everywhere', 'everywhere'], 'socket', ['/bin/zsh', '-c']),
  simple('Continue: bash -l -c', ['everywhere', 'everywhere'], 'socket', ['/bin/bash', '-l', '-c']),
  simple('Continue: zsh -l -c', ['everywhere', 'everywhere'], 'socket', ['/bin/zsh', '-l', '-c']),
  simple('Zed, sandboxed: bash -c', ['everywhere', 'nothing'], 'null', ['/bin/bash', '-c'], {
    set: { PAGER: '', GIT_PAGER: 'cat' },
  }),
  simple(
    'Copilot CLI: bash --norc --noprofile -c, BASH_ENV removed',
    ['alone', 'alone'],
    'null',
    ['/bin/bash', '--norc', '--noprofile', '-c'],
    { mergeFrom: ['/bin/bash', '-l', '-c', 'env -0'], unset: ['BASH_ENV'] },
  ),
  simple(
    'Copilot CLI with --bash-env: bash --norc --noprofile -c',
    ['everywhere', 'everywhere'],
    'null',
    ['/bin/bash', '--norc', '--noprofile', '-c'],
    { mergeFrom: ['/bin/bash', '-l', '-c', 'env -0'] },
  ),
  simple(
    'pi: bash -c, a directory of its own first on PATH',
    ['everywhere', 'nothing'],
    'null',
    ['/bin/bash', '-c'],
    {
      pathFirst: ['/opt/pi-agent/bin'],
    },
  ),
  simple('Grok CLI: sh -c, stdin a socket', ['alone', 'nothing'], 'socket', ['/bin/sh', '-c']),
];

/** Agents that write a file and run it, or feed a shell through its stdin. */
const scriptForms: readonly AgentShell[] = (['bash', 'zsh', 'sh'] as const).flatMap((shell) => {
  const withGuard: Reach = shell === 'sh' ? 'alone' : 'everywhere';
  const rcLines: Reach = shell === 'zsh' ? 'everywhere' : 'nothing';
  const write = (place: Place, { text }: Command): readonly string[] => [
    place.python,
    '-c',
    'import os,sys; open(sys.argv[1],"w").write(sys.argv[2]); os.execvp(sys.argv[3], sys.argv[3:])',
    `${place.scratch}/step.sh`,
    `cd ${place.workspace}\n${text}\n`,
    shell,
    `${place.scratch}/step.sh`,
  ];
  return [
    {
      name: `a script file: ${shell} step.sh`,
      withGuard,
      rcLines,
      plan: (place) => ({ kind: 'one-shot', stdin: 'null', argv: (command) => write(place, command) }),
    },
    {
      name: `text on stdin: ${shell} -s`,
      // Bash reads BASH_ENV before the text from stdin, and is watched from then on; zsh has no trap to watch with.
      withGuard: shell === 'bash' ? 'everywhere' : 'alone',
      rcLines: shell === 'zsh' ? 'alone' : 'nothing',
      plan: () => ({
        kind: 'one-shot',
        stdin: 'pipe',
        argv: () => [shell, '-s'],
        script: ({ text }) => `${text}\n`,
      }),
    },
  ] satisfies AgentShell[];
});

/** Forms in which each command gets a shell of its own. */
export const oneShotForms: readonly AgentShell[] = [
  ...claudeForms,
  ...plainForms,
  codexSnapshot,
  ...geminiForms,
  ...cursorForms,
  ...openCodeUser,
  ...scriptForms,
];
