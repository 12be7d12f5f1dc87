#!/bin/sh
# with-guard <command> [arguments...]: runs the command so that every shell and program below it is guarded. It sets variables, then
# becomes the command: same process, terminal, descriptors, signals and exit status.

@p@_guard_usage() {
  command printf '%s\n' \
    'usage: with-guard <command> [arguments...]' \
    '' \
    'Runs the command; test runs that it or anything below it starts are seen, and warned about or blocked.' \
    '' \
    '  with-guard claude                     an agent' \
    '  with-guard bash                       a shell; zsh as well' \
    '  @P@_POLICY_MODE=enforce with-guard codex' \
    '' \
    'What is active in a shell: test-governor doctor'
}

case ${1-} in
  --)
    shift
    ;;
  -h | --help)
    @p@_guard_usage
    exit 0
    ;;
  -*)
    command printf 'with-guard: there is no option %s\n' "$1" >&2
    @p@_guard_usage >&2
    exit 64
    ;;
esac
case $#:${1-} in
  0: | *:)
    @p@_guard_usage >&2
    exit 64
    ;;
esac

#@fragment layers@

# The directory above the one in which this file lies, links resolved, in @p@_guard_root.
@p@_guard_find_root() {
  @p@_guard_file=$0
  case $@p@_guard_file in
    */*) ;;
    # `sh with-guard`: the shell took it from the current directory, or else from PATH.
    *)
      if [ -e "./$@p@_guard_file" ]; then
        @p@_guard_file=./$@p@_guard_file
      else
        @p@_guard_file=$(command -v -- "$@p@_guard_file") || @p@_guard_file=./$0
      fi
      ;;
  esac
  while [ -L "$@p@_guard_file" ]; do
    @p@_guard_rest=$(command readlink -- "$@p@_guard_file") || break
    case $@p@_guard_rest in
      /*) @p@_guard_file=$@p@_guard_rest ;;
      *) @p@_guard_file=${@p@_guard_file%/*}/$@p@_guard_rest ;;
    esac
  done
  # The x keeps newlines at the end of the name from being lost.
  @p@_guard_root=$(CDPATH='' command cd -P -- "${@p@_guard_file%/*}/.." && command pwd -P && command printf x) || return 1
  @p@_guard_root=${@p@_guard_root%?x}
}

# bash reads ~/.bashrc instead of BASH_ENV when its stdin is a socket and its level is the first. Where the shell that runs
# this file counts levels itself, it takes one off again when it becomes the command.
@p@_guard_count_level() {
  case ${BASH_VERSION-}${ZSH_VERSION-}${KSH_VERSION-} in
    '')
      case ${SHLVL-} in
        '' | *[!0123456789]* | 0) SHLVL=1 ;;
      esac
      ;;
    *)
      case ${SHLVL-} in
        '' | *[!0123456789]* | 0 | 1) SHLVL=2 ;;
      esac
      ;;
  esac
  export SHLVL
}

# An interactive bash reads neither BASH_ENV nor anything else of ours, but honours an exported PROMPT_COMMAND. It runs
# behind the user's own, which wants to see the status of the last command.
# shellcheck disable=SC2090 # The quotes are meant as text.
@p@_guard_export_prompt() {
  #@fragment prompt-command@
  # After `set -a; exec with-guard bash` the next shell has the pid of this one, and the hook has not been read in it.
  unset @p@_guard_prompted
  case ${PROMPT_COMMAND-} in
    *"$@p@_guard_prompt_command"*) return 0 ;;
    '')
      unset @P@_GUARD_USER_PROMPT_COMMAND
      PROMPT_COMMAND=$@p@_guard_prompt_command
      ;;
    *)
      @P@_GUARD_USER_PROMPT_COMMAND=$PROMPT_COMMAND
      PROMPT_COMMAND="$PROMPT_COMMAND
$@p@_guard_prompt_command"
      export @P@_GUARD_USER_PROMPT_COMMAND
      ;;
  esac
  export PROMPT_COMMAND
}

if @p@_guard_find_root && [ -d "$@p@_guard_root/shims" ] && [ -d "$@p@_guard_root/hooks" ]; then
  @p@_guard_layers "$@p@_guard_root"
  @p@_guard_count_level
  @p@_guard_export_prompt
else
  command printf 'with-guard: hooks/ and shims/ are not next to bin/, so nothing is guarded: run test-governor generate\n' >&2
fi

case $1 in
  */*)
    if ! [ -e "$1" ]; then
      command printf 'with-guard: %s: No such file or directory\n' "$1" >&2
      exit 127
    elif [ -d "$1" ] || ! [ -x "$1" ]; then
      command printf 'with-guard: %s: Permission denied\n' "$1" >&2
      exit 126
    fi
    ;;
  *)
    command -v -- "$1" >/dev/null || {
      command printf 'with-guard: %s: command not found\n' "$1" >&2
      exit 127
    }
    ;;
esac
exec "$@"
