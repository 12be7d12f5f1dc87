# Functions that set options of the user's own, or call a function of the user's under them: they must not be sticky. They
# are read under the user's options too; therefore every word in them is quoted, against aliases.

# At the end of a start-up file. The arguments are the shell's own, and what `$_` is afterwards: a function's last one.
@p@_guard_leave() {
  '@p@_guard_left' "$@"
  '@p@_guard_fail_pipes'
}
# pipe_fail, where the text of this shell wants it. no_local_options: else it would end with this function.
@p@_guard_fail_pipes() {
  case ${@p@_guard_pipe-} in
    (wanted) 'builtin' 'setopt' 'no_local_options' 'pipe_fail' ;;
  esac
}
# The same for a prompt's line, and back after it. Standard error is away because xtrace would show all this.
@p@_guard_begin_line() {
  {
    case ${options[pipefail]} in
      (off)
        @p@_guard_pipe=set
        'builtin' 'setopt' 'no_local_options' 'pipe_fail'
        ;;
    esac
  } 2>/dev/null
}
@p@_guard_end_line() {
  {
    case ${@p@_guard_pipe-} in
      (set) 'builtin' 'setopt' 'no_local_options' 'no_pipe_fail' ;;
    esac
    'builtin' 'unset' '@p@_guard_pipe'
    '@p@_guard_forget_line'
  } 2>/dev/null
}
# Stand-ins are copies of these. The slice is the name that was called, also with ksh_arrays and no_function_argzero.
@p@_guard_as_modifier() {
  '@p@_guard_open' 'argv' "${funcstack[@]:0:1}" "$@" || 'builtin' 'return' "$?"
  { 'builtin' "${funcstack[@]:0:1}" "${@p@_guard_words[@]}"; } always { '@p@_guard_close'; }
}
@p@_guard_as_function() {
  '@p@_guard_open' 'argv-in-place' "${funcstack[@]:0:1}" "$@" || 'builtin' 'return' "$?"
  '@p@_guard_step_aside' "${funcstack[@]:0:1}"
  { "${funcstack[@]:0:1}" "$@"; } always {
    '@p@_guard_close'
    '@p@_guard_step_back' "${funcstack[@]:0:1}"
  }
}
# Stands in for compinit where that would keep its dump in our ZDOTDIR: in a system's zshrc (Ubuntu's calls it), and where
# the user's start-up puts it off until later.
@p@_guard_compinit() {
  'builtin' 'unfunction' 'compinit'
  'builtin' 'autoload' '-Uz' 'compinit'
  if '@p@_guard_is_ours' "${ZDOTDIR-}"; then
    'builtin' 'local' ZDOTDIR="${@p@_guard_their_zdotdir-$HOME}"
  fi
  'compinit' "$@"
}
