# The zsh text layer at a prompt: hooks that see each line before it runs.
# Read by @p@_guard_begin under the same options as hooks/zsh-start.zsh; its functions are sticky too.

builtin zmodload zsh/parameter || builtin return 0

# Before each command line. $3 is the line as it was parsed: aliases expanded, one command a line. This is paid for by every
# command (zsh takes about 1 µs for each pattern and 20 characters), so the patterns are few and loose: one of them is in
# each word of the gate. Behind the line stands the text of the function that it calls first, if that is one.
@p@_guard_preexec() {
  case $3${functions[${3%% *}]-} in
    *est* | *urb* | *un* | *rn* | *pn* | *n[pxc]*) @p@_guard_consider "$3" ;;
  esac
}

@p@_guard_consider() {
  builtin setopt local_traps
  builtin trap - DEBUG ZERR
  case $1 in
    @gate:text@) @p@_guard_look_at "$1" prompt ;;
    *) ! @p@_guard_calls_suspect ${(z)1} || @p@_guard_look_at "$1" prompt ;;
  esac
}

# Ours comes last before a command and first after it, so that the user's own hooks see the functions of a line least.
# @p@_guard_line_begins and @p@_guard_line_ends are functions only while there is something to do: zsh passes over a
# name in these arrays that is none.
@p@_guard_add_hooks() {
  @p@_guard_remove_hooks
  [[ ${(t)preexec_functions-array} == array* && ${(t)precmd_functions-array} == array* ]] || builtin return 0
  preexec_functions+=(@p@_guard_preexec @p@_guard_line_begins)
  precmd_functions=(@p@_guard_line_ends $precmd_functions)
}

@p@_guard_remove_hooks() {
  builtin local name
  for name in preexec_functions precmd_functions; do
    [[ ${(Pt)name-} == array* ]] || continue
    : ${(PA)name::=${(P)name:#@p@_guard_*}}
    (( ${#${(P)name}} )) || builtin unset $name
  done
}

@p@_guard_add_hooks
@p@_guard_hold_compinit
