# What the trap calls. It runs between any two commands of anybody's script: it keeps $?, $_ and PIPESTATUS (the trap's string
# saves what bash does not), calls nothing by a name that a user may have given to a function, and writes no variable of theirs.

# @p@_guard_see FUNCTION: the command in BASH_COMMAND is about to run in FUNCTION, empty outside of functions.
@p@_guard_see() {
  @p@_guard_switch=''
  case $1 in
    '') ;;
    # functrace: the function that makes the command fail.
    "$@p@_guard_blocked") builtin return 0 ;;
  esac
  case $@p@_guard_pending in
    ?*) @p@_guard_settle || builtin return 0 ;;
  esac
  case $BASH_COMMAND in
    kill\ *%*) @p@_guard_mind_jobs ;;
    set\ *x*) @p@_guard_mind_trace ;;
    *BASH_XTRACEFD*)
      # The trap can hide itself from a trace on stderr only.
      case $@p@_guard_stderr in 2) ;; *) @p@_guard_step_aside ;; esac
      ;;
    @gate:text@) ! @p@_guard_read_rest || @p@_guard_consider ;;
  esac
  # The trace was turned off since.
  case $@p@_guard_stderr:$- in
    2:* | *x*) ;;
    *)
      @p@_guard_stderr=2
      @p@_guard_switch_to "$@p@_guard_plain_trap"
      ;;
  esac
}

# Reads the second half, once. False when it cannot be read.
@p@_guard_read_rest() {
  case ${@p@_guard_rest_is_read-} in ?*) builtin return 0 ;; esac
  if [[ ! -r $@p@_guard_root/hooks/guarded-suspect.bash ]]; then
    [[ -n $@p@_guard_broken ]] || @p@_guard_say_broken 'the directory hooks/ is gone'
    builtin return 1
  fi
  # No alias of the user's, and nothing exported, as with the first half.
  builtin local @p@_guard_aliases=-u @p@_guard_export="$-"
  ! builtin shopt -q expand_aliases || @p@_guard_aliases=-s
  builtin shopt -u expand_aliases
  builtin set +a
  builtin source "$@p@_guard_root/hooks/guarded-suspect.bash"
  builtin shopt "$@p@_guard_aliases" expand_aliases
  case $@p@_guard_export in *a*) builtin set -a ;; esac
  @p@_guard_rest_is_read=1
}
