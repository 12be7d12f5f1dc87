import type { Argv, CommandModule } from 'yargs';
import { escapeForTerminal } from '../escape.ts';
import { exitStatus } from '../exit-status.ts';
import { fail, ownCommand, print } from './output.ts';

interface Options {
  readonly shell: string | undefined;
}

type Shell = 'bash' | 'zsh';

/**
 * bash 4 and later; also 3.2, where only a file can be sourced, not `<(…)`. The words behind the cursor are left out. Where we have
 * nothing to say, file names are completed; so also behind `--format=`, where readline begins another word.
 */
const bashScript = `# Completion of test-governor for bash: source <(test-governor completion bash)
_test_governor() {
  local word=\${COMP_WORDS[COMP_CWORD]} candidate
  COMPREPLY=()
  while IFS= read -r candidate; do
    case $candidate in
      "$word"*) COMPREPLY+=("$candidate") ;;
    esac
  done < <(SHELL=bash command test-governor --get-yargs-completions "\${COMP_WORDS[@]:0:COMP_CWORD+1}" 2>/dev/null)
}
complete -o bashdefault -o default -F _test_governor test-governor
`;

/** zsh 5. The candidates come as \`word:description\`, with a backslash before a colon of the word's own. */
const zshScript = `#compdef test-governor
# Completion of test-governor for zsh: source <(test-governor completion zsh)
_test_governor() {
  local -a candidates
  candidates=("\${(@f)$(SHELL=zsh command test-governor --get-yargs-completions "\${(@)words[1,CURRENT]}" 2>/dev/null)}")
  candidates=("\${(@)candidates:#}")
  if (( $#candidates )) && _describe -t commands test-governor candidates; then
    return 0
  fi
  _default
}
if (( ! $+functions[compdef] )); then
  autoload -Uz compinit && compinit -i
fi
if [[ $funcstack[1] == _test_governor ]]; then
  _test_governor "$@"
else
  compdef _test_governor test-governor
fi
`;

const scripts: Readonly<Record<Shell, string>> = { bash: bashScript, zsh: zshScript };

function isShell(word: string): word is Shell {
  return word === 'bash' || word === 'zsh';
}

function run({ shell }: Options): void {
  const own = (process.env.SHELL ?? '').split('/').at(-1) ?? '';
  const wanted = shell ?? own;
  if (isShell(wanted)) {
    print(scripts[wanted].trimEnd());
    return;
  }
  fail(
    exitStatus.usage,
    `your login shell (${escapeForTerminal(own === '' ? 'unknown' : own)}) is neither bash nor zsh: say which is meant, ${ownCommand('completion bash')}`,
  );
}

/** `test-governor completion`: what makes a shell complete our commands and options. */
export const completionCommand: CommandModule<object, Options> = {
  command: 'completion [shell]',
  describe: 'Print what makes bash or zsh complete commands and options',
  builder: (parser: Argv<object>) =>
    parser
      .positional('shell', {
        type: 'string',
        choices: ['bash', 'zsh'],
        describe: 'the shell; your login shell when left out',
      })
      .example('source <($0 completion bash)', 'for this shell; the same line in ~/.bashrc for every one')
      .example('source <($0 completion zsh)', 'the same for zsh, in ~/.zshrc')
      .epilogue('In bash 3.2: $0 completion bash > ~/.test-governor.bash, and source that file.'),
  handler: run,
};
