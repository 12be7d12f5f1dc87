import { quote } from '../../helpers/shell.ts';
import { type AgentShell, type Command, type Place, type Reach, startedWithoutLevel } from './plan.ts';

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
      environment: { set: { CLAUDECODE: '1' } },
      before: claudeSnapshot(place, shell),
      files: more(place).files,
      argv: claude(place, shell, more(place).inner),
    }),
  };
}

/** Forms of Claude Code. */
export const claudeForms: readonly AgentShell[] = [
  claudeForm('Claude Code: bash -c with snapshot and eval', 'bash', ['everywhere', 'alone']),
  startedWithoutLevel(claudeForm('Claude Code: bash, SHLVL unset', 'bash', ['everywhere', 'everywhere'])),
  claudeForm('Claude Code: zsh -c with snapshot and eval', 'zsh', ['everywhere', 'everywhere']),
  claudeForm('Claude Code: bash, exports of an env file', 'bash', ['everywhere', 'alone'], (place) => ({
    inner: `source ${place.scratch}/session.env && `,
    files: { [`${place.scratch}/session.env`]: 'export SESSION_FLAG=1\n' },
  })),
  claudeForm('Claude Code: bash, names cleared first', 'bash', ['everywhere', 'alone'], () => ({
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
