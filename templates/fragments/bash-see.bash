# What the trap calls. It runs between any two commands of anybody's script: it keeps $?, $_ and PIPESTATUS, calls nothing by a
# name that a user may have given to a function, and writes no variable of theirs.

# @p@_guard_see LAST: BASH_COMMAND is about to run. Called with $_ as the last word, which makes it $_ again.
@p@_guard_see() {
  @p@_guard_statuses="${PIPESTATUS[*]-}"
  @p@_guard_turn_to=''
  # On the left of ||, where `set -e` is blind.
  @p@_guard_look_at "${FUNCNAME[1]-}" || builtin :
  # Any status but 0 would skip the command under extdebug.
  case $@p@_guard_turn_to in ?*) @p@_guard_turn ;; esac
}

# @p@_guard_see_first STATUS LAST: the same before the user's own trap, which finds $? as it was.
@p@_guard_see_first() {
  @p@_guard_statuses="${PIPESTATUS[*]-}"
  @p@_guard_turn_to=''
  @p@_guard_look_at "${FUNCNAME[1]-}" || builtin :
  case $@p@_guard_turn_to in ?*) @p@_guard_turn ;; esac
  builtin return "$1"
}

# Sets the trap that is to be from now on.
@p@_guard_turn() {
  case $@p@_guard_turn_to in
    -)
      @p@_guard_stderr=2
      builtin trap - DEBUG
      ;;
    traced)
      @p@_guard_stderr=19
      builtin trap -- "$@p@_guard_traced_trap" DEBUG
      ;;
    plain)
      @p@_guard_stderr=2
      builtin trap -- "$@p@_guard_plain_trap" DEBUG
      ;;
    wary) builtin trap -- "$@p@_guard_wary_trap" DEBUG ;;
  esac
}

# @p@_guard_look_at FUNCTION: the function in which the command is about to run, if it is one.
@p@_guard_look_at() {
  case $1 in
    '') ;;
    # functrace: the function that stands in for the command.
    "$@p@_guard_stood_in" | @p@_guard_hand_over) builtin return 0 ;;
  esac
  # Of calls: a trap may have called a function meanwhile.
  @p@_guard_depth=${#FUNCNAME[@]}
  case $@p@_guard_due in
    ?*) @p@_guard_settle || builtin return 0 ;;
  esac
  case $@p@_guard_stderr:$BASH_COMMAND in
    19:* | *:kill\ *%* | *:set\ *x* | *:unset\ *[\$\`]*) @p@_guard_plan_turn ;;
  esac
  case $@p@_guard_own_functrace:$BASH_COMMAND in
    ?*:*trap*) @p@_guard_mind_traps ;;
  esac
  case $BASH_COMMAND in
    @gate:text@) ! @p@_guard_read_rest || @p@_guard_consider ;;
  esac
}

# A file that the script reads may set a trap of its own: with functrace a RETURN or DEBUG trap would run for every function. So
# what is about to set one, or sets what a variable says, ends that; from then on the trap sees the script's own level alone.
@p@_guard_mind_traps() {
  case $BASH_COMMAND in
    *[Rr][Ee][Tt][Uu][Rr][Nn]* | *[Dd][Ee][Bb][Uu][Gg]* | *\ \$* | *\ \"\$*) ;;
    *) builtin return 0 ;;
  esac
  @p@_guard_own_functrace=''
  @p@_guard_has_return=1
  builtin set +o functrace
  builtin declare +t -f @p@_guard_see @p@_guard_turn
}

# Reads the second half, once. False when it cannot be read.
@p@_guard_read_rest() {
  case ${@p@_guard_rest_is_read-} in ?*) builtin return 0 ;; esac
  if [[ ! -r $@p@_guard_root/hooks/guarded-suspect.bash ]]; then
    [[ -n $@p@_guard_broken ]] || @p@_guard_say_broken 'the directory hooks/ is gone'
    builtin return 1
  fi
  # shellcheck disable=SC2016 # Evaluated there.
  @p@_guard_define '\builtin source "$@p@_guard_root/hooks/guarded-suspect.bash"'
  @p@_guard_rest_is_read=1
}

# @p@_guard_define TEXT: evaluates TEXT, which defines functions: with no alias of the user's in them, and none exported.
@p@_guard_define() {
  builtin local @p@_guard_aliases @p@_guard_export
  @p@_guard_aliases=-u @p@_guard_export=$-
  ! builtin shopt -q expand_aliases || @p@_guard_aliases=-s
  builtin shopt -u expand_aliases
  builtin set +a
  builtin eval "$1"
  builtin shopt "$@p@_guard_aliases" expand_aliases
  case $@p@_guard_export in *a*) builtin set -a ;; esac
}
