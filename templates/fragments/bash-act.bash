# What a decision changes in the shell for the one command that comes next, and how it is taken back before the command after.

# @p@_guard_arm: notes what is to be taken back. functrace brings the trap into subshells and functions meanwhile: else
# `npx jest; (npx vitest)` would run the second as a part of the first. Not where it would call a trap of the user's more often.
@p@_guard_arm() {
  @p@_guard_asked=$BASH_COMMAND
  @p@_guard_asked_in=$BASH_SUBSHELL
  @p@_guard_asked_at=$@p@_guard_depth
  @p@_guard_statuses_then=$@p@_guard_statuses
  @p@_guard_pipe=''
  # The trap matches `set `, whatever command follows.
  @p@_guard_due='set '
  if [[ ! -o functrace && -z $@p@_guard_chained && -z $@p@_guard_has_return ]]; then
    @p@_guard_functrace=1
    builtin set -o functrace
  fi
}

# Hands the decision's token to the command.
@p@_guard_pass_token() {
  @p@_guard_is_token "$@p@_guard_token" || builtin return 0
  @p@_guard_arm
  @p@_guard_earlier_token=${@P@_GUARD_DECISION-}
  @p@_guard_had_token=${@P@_GUARD_DECISION+1}
  @p@_guard_token_is_set=1
  @P@_GUARD_DECISION=$@p@_guard_token
  builtin export @P@_GUARD_DECISION
}

# True in a shell that has one text to run. Others are somebody's to go on with: those are never ended.
@p@_guard_is_one_shot() {
  [[ -n ${BASH_EXECUTION_STRING+1} || $- != *[is]* ]]
}

# @p@_guard_put_over BODY REDIRECTIONS: a function over the command word, for this one call.
@p@_guard_put_over() {
  @p@_guard_stood_in=$@p@_guard_word
  # The word holds no character that means something to the shell.
  @p@_guard_define "function $@p@_guard_word { builtin unset -f -- $@p@_guard_word; $1; } $2"
}

# Has the command run as a governed run, because it has an override.
@p@_guard_govern() {
  @p@_guard_starter=${@p@_guard_asker%ask.cjs}run-own.cjs
  if [[ ! -r $@p@_guard_starter ]]; then
    @p@_guard_say_broken 'dist/run-own.cjs is not there (npm run build makes it)'
    builtin return 0
  fi
  @p@_guard_arm
  @p@_guard_put_over "@p@_guard_hand_over $@p@_guard_word \"\$@\"" '19>&2 2>/dev/null'
}

# @p@_guard_hand_over WORD ARGUMENTS...: what stands in for the command WORD does. Its stderr is 19, because 2 is closed to `set -x`.
@p@_guard_hand_over() {
  builtin set -- "$@p@_guard_node" "$@p@_guard_starter" @P@ function "${BASHPID:-$$}" "$1" "$@"
  # In the background and in a pipeline bash has made a process for the command: it becomes the run, as it would have become the
  # command, and has its pid.
  if [[ $6 == exec || $BASH_SUBSHELL != "$@p@_guard_asked_in" ]]; then
    builtin exec "$@" 2>&19 19>&-
  fi
  # On the left of ||: an ERR trap is the caller's to run.
  "$@" 2>&19 19>&- || builtin return "$?"
}

# Makes the command fail. It is not skipped: then bash reports success, and `npx jest && git push` pushes.
@p@_guard_block() {
  builtin local @p@_guard_body
  @p@_guard_body='builtin return 126'
  if ! @p@_guard_can_stand_in; then
    @p@_guard_is_one_shot || builtin return 0
    builtin exit 126
  fi
  @p@_guard_arm
  case $@p@_guard_word in
    # A shell that cannot exec ends, but for interactive ones and with execfail.
    exec) [[ $- == *i* ]] || builtin shopt -q execfail || @p@_guard_body='builtin exit 126' ;;
  esac
  # stderr is closed to `set -x`.
  @p@_guard_put_over "$@p@_guard_body" '2>/dev/null'
  if [[ ! -o pipefail ]] && @p@_guard_find_pipe; then
    @p@_guard_pipe=$@p@_guard_found_pipe
    builtin set -o pipefail
  fi
}

# True when the command about to run writes into a pipe of its pipeline: then this shell holds both ends of it. The reading
# end's descriptor is in @p@_guard_found_pipe.
@p@_guard_find_pipe() {
  builtin local -i @p@_guard_end @p@_guard_other
  @p@_guard_found_pipe=''
  for ((@p@_guard_end = 3; @p@_guard_end < 40; @p@_guard_end++)); do
    [[ -p /dev/fd/$@p@_guard_end ]] || builtin continue
    for ((@p@_guard_other = @p@_guard_end + 1; @p@_guard_other < 40; @p@_guard_other++)); do
      [[ -p /dev/fd/$@p@_guard_other && /dev/fd/$@p@_guard_end -ef /dev/fd/$@p@_guard_other ]] || builtin continue
      # Copies of the shell's own, when it runs in a pipe itself: no pipe between its commands.
      if [[ /dev/fd/$@p@_guard_end -ef /dev/fd/0 || /dev/fd/$@p@_guard_end -ef /dev/fd/1 ||
        /dev/fd/$@p@_guard_end -ef /dev/fd/2 ]]; then
        builtin continue 2
      fi
      @p@_guard_found_pipe=$@p@_guard_end
      builtin return 0
    done
  done
  builtin return 1
}

# True while the pipeline whose member was blocked goes on: the command about to run is the next member. It holds the reading
# end; when it has no pipe to write into, it is the last.
@p@_guard_is_same_pipeline() {
  [[ $BASH_SUBSHELL == "$@p@_guard_asked_in" && $@p@_guard_pipe != last ]] || builtin return 1
  # bash 3.2 loses the statuses at every trap.
  [[ $@p@_guard_statuses == "$@p@_guard_statuses_then" || ${BASH_VERSINFO[0]} -lt 4 ]] || builtin return 1
  [[ -p /dev/fd/$@p@_guard_pipe ]] || builtin return 1
  @p@_guard_find_pipe || @p@_guard_found_pipe=last
  # Both ends of that number: it is a new pipeline's, after a pipeline that went on with a compound command.
  [[ $@p@_guard_found_pipe != "$@p@_guard_pipe" ]] || builtin return 1
  @p@_guard_pipe=$@p@_guard_found_pipe
}

# Takes back what was changed for the last command. False when the command about to run is not to be looked at.
@p@_guard_settle() {
  case $@p@_guard_stood_in in
    ?*)
      builtin unset -f -- "$@p@_guard_stood_in"
      @p@_guard_stood_in=''
      ;;
  esac
  case $@p@_guard_token_is_set in
    ?*)
      case $@p@_guard_had_token in
        '') builtin unset -v @P@_GUARD_DECISION ;;
        *) @P@_GUARD_DECISION=$@p@_guard_earlier_token ;;
      esac
      @p@_guard_token_is_set=''
      ;;
  esac
  case $@p@_guard_pipe in
    ?*)
      # Where its next member looks like the blocked one too, these are commands of a trap.
      if [[ $BASH_COMMAND != "$@p@_guard_asked" || -z $@p@_guard_has_traps ]] && @p@_guard_is_same_pipeline; then
        builtin return 0
      fi
      @p@_guard_pipe=''
      builtin set +o pipefail
      ;;
  esac
  # In a trap of the user's, BASH_COMMAND goes on to hold what ran before the trap, for each of the trap's commands.
  if [[ $BASH_COMMAND == "$@p@_guard_asked" && -n $@p@_guard_has_traps ]]; then
    # Or it is the same command once more, right behind the blocked one, and so in no function that was called since. The layers below
    # block it, and say so.
    if [[ $@p@_guard_answer == 126 && ! -o pipefail && $@p@_guard_depth -le $@p@_guard_asked_at ]] && @p@_guard_find_pipe; then
      @p@_guard_pipe=$@p@_guard_found_pipe
      @p@_guard_asked_in=$BASH_SUBSHELL
      @p@_guard_statuses_then=$@p@_guard_statuses
      builtin set -o pipefail
    fi
    builtin return 1
  fi
  @p@_guard_due=''
  @p@_guard_asked=''
  case $@p@_guard_functrace in
    ?*)
      @p@_guard_functrace=''
      builtin set +o functrace
      ;;
  esac
}
