# The trap's strings, and how they come and go. Set from within a function, a DEBUG trap lasts only until the function ends
# (functrace apart); so functions put into @p@_guard_switch what the string that called them is to evaluate at the top.
# What is evaluated at the top is parsed each time, with the aliases of that moment: its words are quoted against them.

# @p@_guard_make_traps NAME: the strings, with the work in a variable called NAME. When the trap has been taken over into
# somebody's function (bash-preexec does that), the next one gets another name and the copy there goes quiet.
@p@_guard_make_traps() {
  # shellcheck disable=SC2016 # Expanded when the trap runs.
  builtin local @p@_guard_subject='${@p@_guard_pending-}$BASH_COMMAND' @p@_guard_work='\builtin eval "${'"$1"'-}"' \
    @p@_guard_theirs='\builtin eval "${@p@_guard_chained-}"'
  # Few and short letters that every hot word has, since each pattern costs half a microsecond: what passes is looked at again.
  # Before them a space: something is to be settled; and `kill`, `set`.
  builtin local @p@_guard_patterns='\ *|[ks][ei][lt][l\ ]*|*est*|*urbo*|*n[px]*|*rn*|*[br]un*'
  # shellcheck disable=SC2016 # The same.
  builtin local @p@_guard_look='@p@_guard_status=$? @p@_guard_last=$_ @p@_guard_statuses="${PIPESTATUS[*]-}"
\@p@_guard_see "${FUNCNAME-}" || \builtin :
\builtin eval "${@p@_guard_switch-}"
'
  @p@_guard_do=''
  @p@_guard_again=''
  case $@p@_guard_chained in
    '')
      @p@_guard_plain_trap="case $@p@_guard_subject in $@p@_guard_patterns) $@p@_guard_work;; esac"
      # For `set -x`, whose trace it does not show. If it was turned off meanwhile, the work turns back to the plain one.
      @p@_guard_traced_trap="{ case \$- in
*x*) case $@p@_guard_subject in $@p@_guard_patterns|*BASH_XTRACEFD*) $@p@_guard_work;; esac;;
*) $@p@_guard_work;;
esac; } 19>&2 2>/dev/null || \\builtin :"
      # An alias for a word that is not to be quoted.
      if builtin alias 'case' >/dev/null 2>&1 || builtin alias 'esac' >/dev/null 2>&1; then
        @p@_guard_plain_trap=$@p@_guard_work
        @p@_guard_traced_trap="{ $@p@_guard_work; } 19>&2 2>/dev/null"
      fi
      # Any other status than 0 would skip the command under extdebug.
      # shellcheck disable=SC2016 # The same.
      builtin printf -v "$1" '%s' "$@p@_guard_look"'\builtin : "$@p@_guard_last"'
      ;;
    *)
      # The user's own trap, with the $? and $_ that it would have without ours; its status is the trap's.
      @p@_guard_plain_trap="case $@p@_guard_subject in
$@p@_guard_patterns) if $@p@_guard_work; then $@p@_guard_theirs; else $@p@_guard_theirs; fi;;
*) $@p@_guard_theirs;;
esac"
      # shellcheck disable=SC2016 # The same.
      builtin printf -v "$1" '%s' "$@p@_guard_look"'\@p@_guard_same "$@p@_guard_status" "$@p@_guard_last"'
      ;;
  esac
}

# @p@_guard_same STATUS LAST: makes $? and $_ what they were.
@p@_guard_same() {
  builtin return "$1"
}

# @p@_guard_switch_to TRAP: TRAP is to be the DEBUG trap.
@p@_guard_switch_to() {
  @p@_guard_trap=$1
  @p@_guard_switch='\builtin trap -- "$@p@_guard_trap" DEBUG'
}

# `set -x`, perhaps.
@p@_guard_mind_trace() {
  [[ $- != *x* && -z $@p@_guard_chained ]] || builtin return 0
  case ${BASH_XTRACEFD-} in
    '')
      @p@_guard_stderr=19
      @p@_guard_switch_to "$@p@_guard_traced_trap"
      ;;
    *) @p@_guard_step_aside ;;
  esac
}

# `kill %1; wait %1`: after each run of a DEBUG trap bash forgets jobs that ended, and `wait` finds none. So for the rest of the
# line there is no trap; the shims are.
@p@_guard_mind_jobs() {
  [[ $- == *i*m* || $- == *m*i* ]] && ((BASH_VERSINFO[0] > 3)) || builtin return 0
  @p@_guard_step_aside
}

# No trap until the next prompt.
@p@_guard_step_aside() {
  @p@_guard_stderr=2
  case $@p@_guard_chained in
    '') @p@_guard_switch='\builtin trap - DEBUG' ;;
    *) @p@_guard_switch='\builtin trap -- "$@p@_guard_chained" DEBUG' ;;
  esac
  [[ $- != *i* ]] || @p@_guard_wait_for_prompt
}

# ----------------------------------------------------------------------------------------------------------------------
# At a prompt the trap is set through PROMPT_COMMAND: only there is a trap of the user's to be seen, and it lasts.

# What stands in PROMPT_COMMAND until then; in a shell that inherits it, nothing.
# shellcheck disable=SC2016 # Expanded at the prompt.
@p@_guard_prompt_piece='\builtin eval "${@p@_guard_prompt-}"'

# First in PROMPT_COMMAND, since bash-preexec takes what comes after it for the user's commands. Twice, at two prompts: what
# is read after us may set its own trap at the first.
@p@_guard_wait_for_prompt() {
  @p@_guard_prompts_left=2
  @p@_guard_prompt='@p@_guard_status=$? @p@_guard_found=$(\builtin trap -p DEBUG)
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
  case $@p@_guard_pending in ?*) @p@_guard_settle || builtin : ;; esac
  @p@_guard_read_trap
  case $@p@_guard_found in
    # Ours, or somebody's around ours.
    *'@p@_guard_'*) @p@_guard_trap=$@p@_guard_found ;;
    *)
      @p@_guard_chained=$@p@_guard_found
      # The first time; or, when ours is not there any more, under the other name.
      case $@p@_guard_do in
        '') @p@_guard_make_traps @p@_guard_do ;;
        *) @p@_guard_make_traps @p@_guard_again ;;
      esac
      @p@_guard_trap=$@p@_guard_plain_trap
      if [[ $- == *x* && -z $@p@_guard_chained && -z ${BASH_XTRACEFD-} ]]; then
        @p@_guard_stderr=19
        @p@_guard_trap=$@p@_guard_traced_trap
      fi
      ;;
  esac
}

# @p@_guard_found, as `trap -p` printed it, becomes the trap's string.
@p@_guard_read_trap() {
  case $@p@_guard_found in
    'trap -- '*)
      builtin eval "\\builtin set -- $@p@_guard_found"
      @p@_guard_found=$3
      ;;
    *) @p@_guard_found='' ;;
  esac
}

# @p@_guard_leave_prompt STATUS: the status that the rest of PROMPT_COMMAND expects.
@p@_guard_leave_prompt() {
  case $@p@_guard_prompts_left in
    0) ;;
    2) @p@_guard_prompts_left=1 ;;
    *)
      @p@_guard_prompts_left=0
      @p@_guard_prompt='\@p@_guard_leave_prompt "$?"'
      @p@_guard_leave_prompt_command
      ;;
  esac
  [[ $- == *e* ]] || builtin return "$1"
}

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
    @p@_guard_rest=${@p@_guard_rest/"$@p@_guard_prompt_piece"$'\n'/}
    @p@_guard_rest=${@p@_guard_rest/"$@p@_guard_prompt_piece"/}
    case $@p@_guard_index in
      # A plain assignment leaves a string a string.
      0) PROMPT_COMMAND=$@p@_guard_rest ;;
      *) PROMPT_COMMAND[@p@_guard_index]=$@p@_guard_rest ;;
    esac
  done
}
