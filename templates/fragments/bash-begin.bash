# @p@_guard_begin: what this shell needs. hooks/bash-env.bash says what it wants: the trap for a `text` or for what comes through
# `stdin` in @p@_guard_for, the layers that got lost in @p@_guard_lost. Without them somebody wants this shell guarded.
@p@_guard_begin() {
  @p@_guard_switch='' @p@_guard_rest_is_read=''
  # Also when they come from a parent that exports everything.
  if [[ ${@p@_guard_process-} != "$$" ]]; then
    @p@_guard_process=$$
    @p@_guard_do=: @p@_guard_again=: @p@_guard_chained='' @p@_guard_stderr=2
    @p@_guard_due='' @p@_guard_asked='' @p@_guard_stood_in='' @p@_guard_pipe='' @p@_guard_functrace='' @p@_guard_token_is_set=''
    @p@_guard_own_functrace='' @p@_guard_has_traps='' @p@_guard_has_return='' @p@_guard_broken='' @p@_guard_is_noted=''
  fi
  case ${@p@_guard_lost-} in ?*) @p@_guard_layers "$@p@_guard_root" ;; esac
  case ${@p@_guard_for-none}${@p@_guard_lost-} in
    # A restricted shell (bash -r) may not read the second half; it has the shims and the preload.
    text* | stdin*) builtin shopt -q restricted_shell || @p@_guard_watch "$@" ;;
    none) @p@_guard_guard_shell "$@" ;;
  esac
}

# Sourced by name: all layers.
@p@_guard_guard_shell() {
  if [[ -z $@p@_guard_root || ! -d $@p@_guard_root/shims ]]; then
    @p@_guard_say_broken 'the directory shims/ is not next to hooks/'
    builtin return 0
  fi
  case $@p@_guard_is_noted in
    '')
      @p@_guard_each @p@_guard_note
      @p@_guard_is_noted=1
      ;;
  esac
  @p@_guard_layers "$@p@_guard_root"
  @p@_guard_each @p@_guard_note_set
  # What was amiss may have been mended since.
  @p@_guard_broken=''
  @p@_guard_find_asker || @p@_guard_say_broken 'dist/ask.cjs is not there (npm run build makes it)'
  builtin declare -ft @p@_guard_off
  if ! builtin declare -F guard_off >/dev/null; then
    @p@_guard_short_name=guard_off
    guard_off() { @p@_guard_off; }
    builtin declare -ft guard_off
  fi
  # `bash -i -c` shows no prompt.
  if [[ $- == *i* && -z ${BASH_EXECUTION_STRING+1} ]]; then
    [[ $@p@_guard_do$@p@_guard_again != :: ]] || @p@_guard_wait_for_prompt
  elif [[ $@p@_guard_do == : ]]; then
    # A trap of the user's cannot be seen from a file that is sourced, and would be lost. Who has one speaks of it.
    @p@_guard_read_own_text
    case $@p@_guard_own_text in
      *trap*DEBUG* | *DEBUG*trap*) ;;
      *) @p@_guard_watch "$@" ;;
    esac
  fi
}

# The trap, and what it cannot do. Called with the shell's arguments.
@p@_guard_watch() {
  @p@_guard_set_trap
  ! @p@_guard_may_hide_pipe || ! @p@_guard_read_rest || @p@_guard_mind_pipes "$@"
}

# True when a compound command or a function may stand in front of a pipe in this shell's text, and tests in it would be blocked. It
# runs in a process of its own, and when the tests are met there nothing can be changed in this one any more.
@p@_guard_may_hide_pipe() {
  [[ -n ${@p@_guard_own_text-} && ! -o pipefail && ${#@p@_guard_own_text} -lt 16384 ]] || builtin return 1
  builtin local @p@_guard_rest @p@_guard_compound
  @p@_guard_rest=${@p@_guard_own_text//||/}
  # Its last word, redirections, and the pipe.
  @p@_guard_compound=$'([)}]|[;[:space:]](done|fi|esac))[[:blank:]]*([0-9]*[<>&][^|;\n]*)?[|]'
  case $@p@_guard_rest in
    *'()'*'|'* | *function\ *'|'*) ;;
    *) [[ $@p@_guard_rest =~ $@p@_guard_compound ]] || builtin return 1 ;;
  esac
  case $@p@_guard_own_text in
    @gate:text@) @p@_guard_enforces ;;
    *) builtin return 1 ;;
  esac
}

# True when a raw test run would be blocked here, as far as a shell can know: by the environment, by the nearest config file.
@p@_guard_enforces() {
  case ${@P@_POLICY_MODE-}:${@P@_GUARD_MODE-} in
    enforce:*) builtin return 0 ;;
    warn:* | off:*) builtin return 1 ;;
    *:enforce) builtin return 0 ;;
  esac
  builtin local @p@_guard_directory @p@_guard_config
  @p@_guard_directory=$PWD
  until [[ -f ${@p@_guard_directory%/}/test-governor.config.json ]]; do
    [[ $@p@_guard_directory == /?* ]] || builtin return 1
    @p@_guard_directory=${@p@_guard_directory%/*}
  done
  IFS='' builtin read -r -d '' -n 65536 @p@_guard_config <"${@p@_guard_directory%/}/test-governor.config.json" || builtin :
  [[ $@p@_guard_config == *'"enforce"'* ]]
}

# The text that this shell has to run, as far as it can be known, in @p@_guard_own_text.
@p@_guard_read_own_text() {
  @p@_guard_own_text=''
  if [[ -n ${BASH_EXECUTION_STRING+1} ]]; then
    @p@_guard_own_text="$BASH_EXECUTION_STRING $*"
  elif [[ $- != *s* && -f $0 && -r $0 ]]; then
    # No substitution, which would warn of a NUL in a script that carries an archive.
    IFS='' builtin read -r -d '' -n 131072 @p@_guard_own_text <"$0" || builtin :
  fi
}

# The trap, at once; in functions and subshells too, where there is a text and a test could start from it.
@p@_guard_set_trap() {
  case $@p@_guard_own_text in
    # functrace would let such a trap of the user's run for every function.
    *trap*RETURN* | *RETURN*trap*) @p@_guard_has_return=1 ;;
    @gate:text@)
      if [[ ! -o functrace ]]; then
        @p@_guard_own_functrace=1
        builtin set -o functrace
      fi
      ;;
  esac
  @p@_guard_make_traps @p@_guard_do
  @p@_guard_trap=$@p@_guard_plain_trap
  case $@p@_guard_options:${BASH_XTRACEFD-} in
    *x*:?*) builtin return 0 ;;
    *x*:)
      @p@_guard_stderr=19
      @p@_guard_trap=$@p@_guard_traced_trap
      ;;
  esac
  # Not here: a trap that is set in a function may end with it.
  # shellcheck disable=SC2016 # Evaluated by the file.
  @p@_guard_switch='builtin trap -- "$@p@_guard_trap" DEBUG'
}
