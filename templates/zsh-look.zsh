# The zsh text layer, what is read when a command text that could start a test runner is about to run.
# Nothing is decided here: a command is decided, and spoken of, when it is reached. What is prepared is what the shims and
# the preload cannot do: a stand-in, a function named as the command, for words that lead past them (python3, sudo,
# timeout), and pipe_fail where a blocked command's status would be lost in a pipe.
# Read by @p@_guard_look_at under the same options as hooks/zsh-start.zsh; its functions are sticky too.

builtin zmodload zsh/parameter || builtin return

#@fragment suspect@

#@fragment zsh-text@

#@fragment zsh-stand-ins@

#@fragment zsh-ask@

#@fragment zsh-off@

# This file has been read.
builtin typeset -g @p@_guard_can_look=1

# @p@_guard_prepare TEXT prompt|text|script [MORE], see @p@_guard_look_at.
@p@_guard_prepare() {
  builtin local text=$1 kind=$2 answer word evaluated REPLY
  builtin local -i code=0
  builtin local -a called lines
  [[ $kind == prompt ]] || ! @p@_guard_parse $text || text=$REPLY
  # Another command last: those of MORE are not the last that this shell runs.
  [[ -z ${3-} ]] || text+=$'\n'$3$'\n:'
  @p@_guard_find_called $text
  (( ${#called} )) || @p@_guard_is_suspect $text || builtin return 0
  @p@_guard_assert_path
  @p@_guard_can_ask || builtin return 0
  (( ${#called} )) || @p@_guard_needs_peek $text || builtin return 0
  @p@_guard_find_evaluated $text
  # `repeat` is the one loop of zsh that is not written out as one of sh.
  answer=$evaluated$'\n'${${text//$'\t'repeat /$'\t'while : }/#repeat /while : }
  for word in $called; do
    # As a definition before the text, so that the call leads into it.
    answer="$word () {"$'\n'${functions[$word]}$'\n}\n'$answer
  done
  answer=$(@p@_guard_ask peek <<<$answer) || code=$?
  case $code in
    0) ;;
    # The user did not want to wait: the line is as good as cancelled.
    130) builtin return 0 ;;
    *)
      @p@_guard_say_broken "dist/ask.cjs failed with status $code"
      builtin return 0
      ;;
  esac
  if [[ -z $answer ]]; then
    for word in $called; do
      @p@_guard_calm[$PWD:$word]=${functions[$word]}
    done
    builtin return 0
  fi
  lines=("${(@f)answer}")
  for word in ${lines[2,-1]}; do
    # `which python3` would find the stand-in. Where a test run is only warned of, that is worse than a warning missed.
    ! @p@_guard_looks_up $word $text || @p@_guard_enforces $text || builtin continue
    @p@_guard_prepare_word $word $text $kind
  done
  # A called function's whole output may go into a pipe of the text.
  if [[ ${lines[1]} == piped || ${lines[1]} != other && -n $called && ${text//||/} == *\|* ]] &&
    @p@_guard_may_fail_pipes $text $kind && @p@_guard_enforces $text; then
    builtin typeset -g @p@_guard_pipe=wanted
  fi
  [[ $kind != prompt ]] || @p@_guard_arm_line
}

# ----------------------------------------------------------------------------------------------------------------------
# A prompt's line

# @p@_guard_line_begins and @p@_guard_line_ends become functions for this line; as copies, because they have to act on
# the user's options. Before zsh 5.8 pipe_fail is left alone at a prompt.
@p@_guard_arm_line() {
  [[ ${@p@_guard_pipe-} != wanted ]] || builtin functions -c @p@_guard_begin_line @p@_guard_line_begins 2>/dev/null
  (( ! ${#@p@_guard_stand_ins} && ! ${+@p@_guard_pipe} )) ||
    @p@_guard_copy_function @p@_guard_end_line @p@_guard_line_ends
}

# Takes back what was prepared for the line.
@p@_guard_forget_line() {
  builtin setopt local_traps
  builtin trap - DEBUG ZERR
  builtin local word
  for word in ${(k)@p@_guard_stand_ins}; do
    # One that is no longer ours was redefined by the line itself and stays.
    [[ ${functions[$word]-} != *@p@_guard_* ]] || @p@_guard_step_aside $word
    (( ! ${+functions[@p@_guard_kept:$word]} )) || builtin unfunction @p@_guard_kept:$word
  done
  @p@_guard_stand_ins=()
  @p@_guard_outer_decisions=()
  for word in @p@_guard_line_begins @p@_guard_line_ends; do
    (( ! ${+functions[$word]} )) || builtin unfunction $word
  done
}
