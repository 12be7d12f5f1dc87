# The trap's strings, and how they come and go. They are parsed each time that they run, with the aliases of that moment: a word
# at which an alias could stand is a variable's value or has a backslash.

# @p@_guard_make_traps NAME: makes the strings, which call the function that the variable NAME names. When somebody takes the trap
# over into a function of theirs (bash-preexec does), the next one gets another NAME, and the copy there falls silent.
@p@_guard_make_traps() {
  builtin local @p@_guard_subject @p@_guard_patterns @p@_guard_call
  # shellcheck disable=SC2016 # Expanded when the trap runs.
  @p@_guard_subject='$@p@_guard_due$BASH_COMMAND'
  # Few letters that every hot word has, since each pattern costs half a microsecond; what passes is looked at again. And
  # `kill`, `unset` and `set`, as which also something that is due presents itself.
  @p@_guard_patterns='[ksu][ein][lst]*|*est*|*urbo*|*n[cpx]*|*[pru]n*'
  @p@_guard_call="\"\$$1\" \"\$_\""
  # See @p@_guard_mind_traps.
  [[ -z $@p@_guard_own_functrace ]] || @p@_guard_patterns+='|*trap*'
  @p@_guard_do=:
  @p@_guard_again=:
  case $@p@_guard_chained in
    '')
      builtin printf -v "$1" '%s' @p@_guard_see
      # What other functions do to the trap is undone when they end; but a RETURN trap of the user's would run in it.
      [[ -n $@p@_guard_has_return ]] || builtin declare -ft @p@_guard_see @p@_guard_turn
      @p@_guard_plain_trap="case $@p@_guard_subject in $@p@_guard_patterns) $@p@_guard_call;; esac"
      # For `set -x`, of whose trace it keeps out. If that was turned off meanwhile, it makes way for the plain one.
      @p@_guard_traced_trap="{ case \$- in
*x*) case $@p@_guard_subject in $@p@_guard_patterns|*BASH_XTRACEFD*) $@p@_guard_call;; esac;;
*) $@p@_guard_call;;
esac; } 19>&2 2>/dev/null || \\builtin :"
      # For a shell in which our functions or variables may be gone.
      @p@_guard_wary_trap="case \${@p@_guard_due-}\$BASH_COMMAND in $@p@_guard_patterns)
if \\builtin declare -F @p@_guard_see >/dev/null; then \"\${$1-:}\" \"\$_\"; fi;; esac"
      # An alias for a word that cannot be quoted.
      if builtin alias 'case' >/dev/null 2>&1 || builtin alias 'esac' >/dev/null 2>&1; then
        @p@_guard_plain_trap=$@p@_guard_call
        @p@_guard_traced_trap="{ $@p@_guard_call; } 19>&2 2>/dev/null || \\builtin :"
      fi
      ;;
    *)
      builtin printf -v "$1" '%s' @p@_guard_see_first
      builtin declare -ft @p@_guard_see_first @p@_guard_turn
      @p@_guard_call="\"\$$1\" \"\$?\" \"\$_\""
      # The user's own trap, with the $? and $_ that it would have without ours; and what it leaves of them is left.
      @p@_guard_chain_trap "$@p@_guard_chained"
      if ! builtin eval "@p@_guard_tried() {
$@p@_guard_plain_trap
}" 2>/dev/null; then
        # shellcheck disable=SC2016 # The same.
        @p@_guard_rest='\builtin eval "${@p@_guard_chained-}"'
        @p@_guard_chain_trap "$@p@_guard_rest"
      else
        @p@_guard_rest=$@p@_guard_chained
      fi
      # The user's trap is traced as it would be without ours.
      @p@_guard_traced_trap="if { $@p@_guard_call; } 19>&2 2>/dev/null; then
$@p@_guard_rest
else
$@p@_guard_rest
fi"
      builtin unset -f @p@_guard_tried
      ;;
  esac
}

# @p@_guard_chain_trap TEXT: the trap that does both, in @p@_guard_plain_trap; for @p@_guard_make_traps.
@p@_guard_chain_trap() {
  # Ours at the prompt are no commands of the user's.
  @p@_guard_plain_trap="case $@p@_guard_subject in
*@p@_guard_*) ;;
$@p@_guard_patterns) if $@p@_guard_call; then
$1
else
$1
fi;;
*)
$1
;;
esac"
}

# `set -x` may be about to come or has gone, or `kill`, or `unset`: the trap that is to be (`plain`, `traced`, `wary`, - for
# none), in @p@_guard_turn_to; empty when the one that is there is right.
@p@_guard_plan_turn() {
  [[ -z $@p@_guard_has_return ]] || builtin return 0
  case $-:$@p@_guard_stderr:$BASH_COMMAND in
    *x*:19:*BASH_XTRACEFD*) @p@_guard_step_aside ;;
    *x*:*) ;;
    *:*:set\ *x*)
      # The trap can keep out of a trace on stderr only.
      case ${BASH_XTRACEFD-} in
        '') @p@_guard_turn_to=traced ;;
        *) @p@_guard_step_aside ;;
      esac
      ;;
    *:19:*) @p@_guard_turn_to=plain ;;
    # What it unsets is not said.
    *:*:unset\ *[\$\`]*) [[ -n $@p@_guard_chained ]] || @p@_guard_turn_to=wary ;;
    # `kill %1; wait %1`: after each run of a DEBUG trap bash forgets the jobs that have ended, and `wait` finds none. So for
    # the rest of the line there is no trap; the shims are. bash 3.2 does not forget.
    *i*m*:*:kill\ *%* | *m*i*:*:kill\ *%*) ((BASH_VERSINFO[0] < 4)) || @p@_guard_step_aside ;;
  esac
}

# No trap until the next prompt. Around a trap of the user's ours stays.
@p@_guard_step_aside() {
  [[ -z $@p@_guard_chained ]] || builtin return 0
  @p@_guard_turn_to=-
  [[ $- != *i* ]] || @p@_guard_wait_for_prompt
}

# ----------------------------------------------------------------------------------------------------------------------
# At a prompt the trap is set through PROMPT_COMMAND: only there is a trap of the user's to be seen, and it lasts.

# What stands in PROMPT_COMMAND until then; in a shell that inherits it, nothing.
# shellcheck disable=SC2016 # Expanded at the prompt.
@p@_guard_prompt_piece='\builtin eval "${@p@_guard_prompt-}"'

# First in PROMPT_COMMAND, since bash-preexec takes what comes after it for the user's commands. At two prompts, for what is read
# after us may set its own trap at the first. A trap of the user's rests meanwhile: under extdebug it could skip what is done.
@p@_guard_wait_for_prompt() {
  @p@_guard_prompts_left=2
  # shellcheck disable=SC2016 # Evaluated at the prompt.
  @p@_guard_prompt='@p@_guard_status=$? @p@_guard_found=$(\builtin trap -p DEBUG)
\builtin trap - DEBUG
\@p@_guard_at_prompt
\builtin trap -- "$@p@_guard_trap" DEBUG
\@p@_guard_leave_prompt "$@p@_guard_status"'
  case ${PROMPT_COMMAND-} in
    *"$@p@_guard_prompt_piece"*) builtin return 0 ;;
  esac
  @p@_guard_note PROMPT_COMMAND
  # Its first element, where it is an array.
  PROMPT_COMMAND=$@p@_guard_prompt_piece${PROMPT_COMMAND:+$'\n'$PROMPT_COMMAND}
  @p@_guard_set_PROMPT_COMMAND=$PROMPT_COMMAND
}

# The trap that is to be set, in @p@_guard_trap; the one there is, as `trap -p` shows it, in @p@_guard_found.
@p@_guard_at_prompt() {
  case $@p@_guard_due in ?*) @p@_guard_settle || builtin : ;; esac
  @p@_guard_read_trap
  # A function evaluates what was PROMPT_COMMAND (VS Code's and starship's do). It is not shown a trap of the user's, which bash puts
  # back when the function ends, but only where there is no other by then. So ours has to wait until it is not called by a function.
  if [[ -z $@p@_guard_found && -n ${FUNCNAME[1]-} && ! -o functrace ]] && @p@_guard_go_first; then
    @p@_guard_trap=-
    builtin return 0
  fi
  case $@p@_guard_found in
    # Ours, or somebody's around ours.
    *'@p@_guard_'*) @p@_guard_trap=$@p@_guard_found ;;
    *)
      @p@_guard_chained=$@p@_guard_found
      # The first time; or, when ours is not there any more, under the other name.
      case $@p@_guard_do in
        :) @p@_guard_make_traps @p@_guard_do ;;
        *) @p@_guard_make_traps @p@_guard_again ;;
      esac
      @p@_guard_trap=$@p@_guard_plain_trap
      if [[ $- == *x* && -z ${BASH_XTRACEFD-} ]]; then
        @p@_guard_stderr=19
        @p@_guard_trap=$@p@_guard_traced_trap
      fi
      ;;
  esac
}

# Puts our piece before the function that evaluates it. False where it does not stay there: PROMPT_COMMAND is read-only, or the function
# sets it at each prompt.
# shellcheck disable=SC2030,SC2031 # In the subshell it is tried.
@p@_guard_go_first() {
  case ${PROMPT_COMMAND-} in
    *"$@p@_guard_prompt_piece"*) builtin return 0 ;;
  esac
  [[ -z ${@p@_guard_went_first-} ]] || builtin return 1
  # To assign in vain ends the line, in the subshell alone.
  (PROMPT_COMMAND='') 2>/dev/null || builtin return 1
  @p@_guard_went_first=1
  PROMPT_COMMAND=$@p@_guard_prompt_piece${PROMPT_COMMAND:+$'\n'$PROMPT_COMMAND}
}

# @p@_guard_found, as `trap -p` printed it, quoted by bash itself, becomes the trap's string.
@p@_guard_read_trap() {
  case $@p@_guard_found in
    'trap -- '*' DEBUG')
      @p@_guard_found=${@p@_guard_found#trap -- }
      builtin eval "@p@_guard_found=${@p@_guard_found% DEBUG}"
      ;;
    *) @p@_guard_found='' ;;
  esac
}

# @p@_guard_leave_prompt STATUS: the status that the rest of PROMPT_COMMAND expects.
@p@_guard_leave_prompt() {
  case $@p@_guard_prompts_left:${@p@_guard_trap--} in
    0:* | *:-) ;;
    2:*) @p@_guard_prompts_left=1 ;;
    *)
      @p@_guard_prompts_left=0
      @p@_guard_prompt='\@p@_guard_leave_prompt "$?"'
      @p@_guard_leave_prompt_command
      ;;
  esac
  [[ $- == *e* ]] || builtin return "$1"
}

#@fragment prompt-cut@

# Takes our piece out of PROMPT_COMMAND; everything else of it stays.
@p@_guard_leave_prompt_command() {
  if [[ -n ${@p@_guard_set_PROMPT_COMMAND-} && ${PROMPT_COMMAND-} == "$@p@_guard_set_PROMPT_COMMAND" ]]; then
    @p@_guard_restore PROMPT_COMMAND
    builtin return 0
  fi
  builtin local @p@_guard_index
  for @p@_guard_index in "${!PROMPT_COMMAND[@]}"; do
    @p@_guard_rest=${PROMPT_COMMAND[@p@_guard_index]}
    case $@p@_guard_rest in
      *"$@p@_guard_prompt_piece"*) ;;
      *) builtin continue ;;
    esac
    @p@_guard_cut_out "$@p@_guard_prompt_piece" "$@p@_guard_rest"
    case $@p@_guard_index in
      # A plain assignment leaves a string a string.
      0) PROMPT_COMMAND=$@p@_guard_value ;;
      *) PROMPT_COMMAND[@p@_guard_index]=$@p@_guard_value ;;
    esac
  done
}
