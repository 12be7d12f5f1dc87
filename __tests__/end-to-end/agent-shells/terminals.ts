import type { AgentShell, EnvironmentPolicy, Place, Reach, Session } from './plan.ts';

/** One command, one interactive shell at a terminal: `-i -c` shows no prompt, so no prompt hook ever runs. */
const interactiveOnce: readonly AgentShell[] = (['bash', 'zsh'] as const).flatMap((shell) => {
  const pipes: Reach = shell === 'zsh' ? 'everywhere' : 'alone';
  const zed = { set: { PAGER: '', GIT_PAGER: 'cat' } };
  return [
    {
      name: `Aider at a terminal: ${shell} -i -c`,
      withGuard: pipes,
      rcLines: 'everywhere',
      plan: () => ({ kind: 'one-shot', stdin: 'terminal', argv: ({ text }) => [shell, '-i', '-c', text] }),
    },
    {
      name: `Zed: ${shell} -i -c with a subshell`,
      withGuard: pipes,
      rcLines: 'everywhere',
      plan: () => ({
        kind: 'one-shot',
        stdin: 'terminal',
        environment: zed,
        argv: ({ text }) => [shell, '-i', '-c', `(${text}) </dev/null`],
      }),
    },
    {
      name: `Zed: ${shell} -i -c with exec`,
      withGuard: pipes,
      rcLines: 'everywhere',
      plan: () => ({
        kind: 'one-shot',
        stdin: 'terminal',
        environment: zed,
        argv: ({ text }) => [shell, '-i', '-c', `exec </dev/null\n${text}`],
      }),
    },
  ] satisfies AgentShell[];
});

function session(name: string, plan: (place: Place) => Omit<Session, 'kind'>): AgentShell {
  return {
    name,
    withGuard: 'everywhere',
    rcLines: 'everywhere',
    plan: (place) => ({ kind: 'session', ...plan(place) }),
  };
}

const openHands: EnvironmentPolicy = {
  set: { PS1: '', PS2: '', TERM: 'xterm-256color', PAGER: 'cat' },
};

/** An editor's shell integration: it reports every command and its status by escape sequences from traps and hooks. */
const bashIntegration = `
[ -r ~/.bashrc ] && . ~/.bashrc
integration_state=ready
integration_status=0
integration_preexec() {
  if [ "$integration_state" = ready ]; then
    integration_state=running
    builtin printf '\\e]633;E;%s\\a\\e]633;C\\a' "\${BASH_COMMAND//;/}"
  fi
}
integration_user_prompt=$PROMPT_COMMAND
integration_prompt() {
  integration_status=$?
  integration_state=prompt
  builtin printf '\\e]633;D;%s\\a' "$integration_status"
  (exit "$integration_status")
  eval "$integration_user_prompt"
  integration_state=ready
}
trap 'integration_preexec "$_"' DEBUG
PROMPT_COMMAND=integration_prompt
`;

const zshIntegration = `
ZDOTDIR=$USER_ZDOTDIR
[ -r "$ZDOTDIR/.zshrc" ] && . "$ZDOTDIR/.zshrc"
autoload -Uz add-zsh-hook
integration_preexec() { builtin printf '\\e]633;C\\a' }
integration_precmd() { builtin printf '\\e]633;D;%s\\a' "$?" }
add-zsh-hook preexec integration_preexec
add-zsh-hook precmd integration_precmd
`;

function integratedBash(name: string, environment: EnvironmentPolicy, prefix = ''): AgentShell {
  return session(name, ({ scratch }) => ({
    environment: {
      ...environment,
      set: { VSCODE_INJECTION: '1', TERM: 'xterm-256color', ...environment.set },
    },
    files: { [`${scratch}/integration.bash`]: bashIntegration },
    argv: ['bash', '--init-file', `${scratch}/integration.bash`],
    opening: [],
    line: ({ text }) => prefix + text,
  }));
}

function integratedZsh(name: string, prefix = ''): AgentShell {
  return session(name, ({ scratch, home }) => ({
    // What stood in ZDOTDIR is remembered, the editor's own directory is put there.
    environment: { set: { TERM: 'xterm-256color', VSCODE_INJECTION: '1' } },
    files: {
      [`${scratch}/zsh/.zshenv`]:
        'if [[ -f $USER_ZDOTDIR/.zshenv ]]; then\n  INTEGRATION_ZDOTDIR=$ZDOTDIR ZDOTDIR=$USER_ZDOTDIR\n  . $USER_ZDOTDIR/.zshenv\n  USER_ZDOTDIR=$ZDOTDIR ZDOTDIR=$INTEGRATION_ZDOTDIR\nfi\n',
      [`${scratch}/zsh/.zshrc`]: zshIntegration,
    },
    argv: ['/bin/sh', '-c', `USER_ZDOTDIR=\${ZDOTDIR:-${home}} ZDOTDIR=${scratch}/zsh exec zsh -i`],
    opening: [],
    line: ({ text }) => prefix + text,
  }));
}

/** Forms in which one shell at a terminal lives on from command to command. */
const sessions: readonly AgentShell[] = [
  session('OpenHands: bash -i at a terminal, PROMPT_COMMAND its own', () => ({
    environment: openHands,
    argv: ['bash', '-i'],
    opening: [`set +H; export PROMPT_COMMAND='export PS1="status $? "'; export PS2=""`],
  })),
  session('OpenHands in tmux: bash in a window', () => ({
    environment: { set: { TERM: 'screen-256color', TMUX: '/tmp/tmux-0/default,1,0', TMUX_PANE: '%0' } },
    argv: ['/bin/bash'],
    opening: [],
  })),
  session('OpenHands in tmux: the default login shell of a window', () => ({
    environment: { set: { TERM: 'screen-256color', TMUX: '/tmp/tmux-0/default,1,0', TMUX_PANE: '%0' } },
    argv: ['/bin/bash'],
    argv0: '-bash',
    opening: [],
  })),
  session('SWE-agent: env bash at a terminal, lines joined by semicolons', () => ({
    environment: { set: { PS1: 'SHELLPS1PREFIX', PS2: '', PS0: '' } },
    argv: ['/usr/bin/env', 'bash'],
    opening: ['export HISTFILE=/dev/null ; export PAGER=cat ; source ~/.bashrc'],
    line: ({ text }) => `true ; ${text}`,
  })),
  integratedBash('Cline in an editor: integrated terminal, bash', { set: { CLINE_ACTIVE: 'true' } }),
  integratedZsh('Cline in an editor: integrated terminal, zsh'),
  integratedBash('VS Code agent: integrated terminal, bash, a space before each line', {}, ' '),
  integratedZsh('VS Code agent: integrated terminal, zsh, a space before each line', ' '),
  session('a terminal without integration: zsh', () => ({ argv: ['zsh'], opening: [] })),
  session('Codex: a terminal session that is written to, bash -l', () => ({
    argv: ['/bin/bash', '-l'],
    opening: [],
  })),
];

/** Forms at a terminal. */
export const terminalForms: readonly AgentShell[] = [...interactiveOnce, ...sessions];
