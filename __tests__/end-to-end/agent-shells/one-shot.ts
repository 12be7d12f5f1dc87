import { quote } from '../../helpers/shell.ts';
import type { AgentShell, Command, EnvironmentPolicy, OneShot, Place, Reach } from './plan.ts';

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

/** A shell whose level is not known yet: bash at the end of a socket takes itself for a network login then. */
const levelless: EnvironmentPolicy = { unset: ['SHLVL'] };

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

/** Claude Code sources a snapshot of the user's shell, evaluates the command and notes the directory. */
function claude(place: Place, shell: 'bash' | 'zsh', more = ''): (command: Command) => readonly string[] {
  const snapshot = `source ${place.scratch}/snapshot.sh 2>/dev/null || true`;
  const globs = { bash: 'shopt -u extglob', zsh: 'setopt NO_EXTENDED_GLOB NO_BARE_GLOB_QUAL' }[shell];
  return ({ text }) => [
    `/bin/${shell}`,
    '-c',
    `${snapshot} && ${more}${globs} 2>/dev/null || true && eval ${quote(text)} < /dev/null && pwd -P >| ${place.scratch}/cwd`,
  ];
}

/** Writes the snapshot: functions (those with a leading underscore left out), options, aliases, PATH. */
function claudeSnapshot(place: Place, shell: 'bash' | 'zsh'): readonly (readonly string[])[] {
  const out = `${place.scratch}/snapshot.sh`;
  const dump = {
    bash: `source ~/.bashrc < /dev/null; { for f in $(declare -F | cut -d' ' -f3 | grep -v '^_'); do declare -f "$f"; done; shopt -p; alias -p; } > ${out}`,
    zsh: `source ~/.zshrc < /dev/null; { typeset +f | grep -v '^_' | while read -r f; do typeset -f "$f"; done; alias -L; } > ${out}`,
  }[shell];
  return [[`/bin/${shell}`, '-c', '-l', `${dump}; echo "export PATH='$PATH'" >> ${out}`]];
}

function claudeForm(
  name: string,
  shell: 'bash' | 'zsh',
  reach: readonly [Reach, Reach],
  environment: EnvironmentPolicy,
  more: (place: Place) => { readonly inner: string; readonly files: Record<string, string> } = () => ({
    inner: '',
    files: {},
  }),
): AgentShell {
  const [withGuard, rcLines] = reach;
  return {
    name,
    withGuard,
    rcLines,
    plan: (place) => ({
      kind: 'one-shot',
      stdin: 'socket',
      environment: { ...environment, set: { CLAUDECODE: '1', ...environment.set } },
      before: claudeSnapshot(place, shell),
      files: more(place).files,
      argv: claude(place, shell, more(place).inner),
    }),
  };
}

const claudeForms: readonly AgentShell[] = [
  claudeForm('Claude Code: bash -c with snapshot and eval', 'bash', ['everywhere', 'alone'], {}),
  claudeForm('Claude Code: bash, SHLVL unset', 'bash', ['everywhere', 'everywhere'], levelless),
  claudeForm('Claude Code: zsh -c with snapshot and eval', 'zsh', ['everywhere', 'everywhere'], {}),
  claudeForm('Claude Code: bash, exports of an env file', 'bash', ['everywhere', 'alone'], {}, (place) => ({
    inner: `source ${place.scratch}/session.env && `,
    files: { [`${place.scratch}/session.env`]: 'export SESSION_FLAG=1\n' },
  })),
  claudeForm('Claude Code: bash, names cleared first', 'bash', ['everywhere', 'alone'], {}, () => ({
    inner: `{ \\builtin unalias -- 'npx'; \\builtin unset -f -- 'npx'; } >/dev/null 2>&1 || true && `,
    files: {},
  })),
  {
    name: 'Claude Code: bash -c -l without snapshot',
    withGuard: 'everywhere',
    rcLines: 'everywhere',
    plan: (place) => ({
      kind: 'one-shot',
      stdin: 'socket',
      argv: ({ text }) => [
        '/bin/bash',
        '-c',
        '-l',
        `eval ${quote(text)} < /dev/null && pwd -P >| ${place.scratch}/cwd`,
      ],
    }),
  },
  {
    name: 'Claude Code: whole line handed to a prefix program',
    withGuard: 'everywhere',
    rcLines: 'alone',
    plan: (place) => ({
      kind: 'one-shot',
      stdin: 'socket',
      before: claudeSnapshot(place, 'bash'),
      files: { [`${place.scratch}/prefix`]: '#!/bin/sh\nexec /bin/bash -c "$1"\n' },
      argv: (command) => [`${place.scratch}/prefix`, claude(place, 'bash')(command).slice(-1).join('')],
    }),
  },
];

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
  simple(
    'Cline: bash -c, SHLVL unset',
    ['everywhere', 'everywhere'],
    'socket',
    ['/bin/bash', '-c'],
    levelless,
  ),
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
      withGuard: 'alone',
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
