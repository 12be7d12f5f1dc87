# The zsh text layer, what is read when a command text that could start a test runner is about to run.
# Nothing is decided here: a command is decided, and spoken of, when it is reached. What is prepared is what the shims and
# the preload cannot do: a stand-in, a function named as the command, for words that lead past them (python3, sudo,
# timeout), and pipe_fail where a blocked command's status would be lost in a pipe.
# Read by @p@_guard_look_at under the same options as hooks/zsh-start.zsh; its functions are sticky too.

builtin zmodload zsh/parameter || builtin return

#@fragment suspect@

# This file has been read.
builtin typeset -g @p@_guard_can_look=1

# @p@_guard_prepare TEXT prompt|text|script [MORE], see @p@_guard_look_at.
@p@_guard_prepare() {
  builtin local text=$1 kind=$2 answer word REPLY
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
  answer=$REPLY$'\n'${${text//$'\t'repeat /$'\t'while : }/#repeat /while : }
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
  if [[ ${lines[1]} == piped || -n $called && ${text//||/} == *\|* ]] &&
    @p@_guard_may_fail_pipes $text $kind && @p@_guard_enforces $text; then
    builtin typeset -g @p@_guard_pipe=wanted
  fi
  [[ $kind != prompt ]] || @p@_guard_arm_line
}

# ----------------------------------------------------------------------------------------------------------------------
# The text

# @p@_guard_parse TEXT: TEXT as zsh parses it, in REPLY: aliases expanded, zsh's short forms written out, so that a parser
# of sh understands it. It is parsed as the text of a function that is never called. False when zsh cannot parse it.
@p@_guard_parse() {
  builtin setopt local_options aliases
  REPLY=
  { functions[@p@_guard_parsed]=$1; } 2>/dev/null
  (( ${+functions[@p@_guard_parsed]} )) || builtin return 1
  REPLY=${functions[@p@_guard_parsed]#$'\t'}
  builtin unfunction @p@_guard_parsed
  [[ -n $REPLY ]]
}

# The functions that TEXT calls by name and that could start a test runner, in $called.
@p@_guard_find_called() {
  builtin local word
  called=()
  (( ${#1} < 4096 )) || builtin return 0
  for word in ${(u)${(z)1}}; do
    ! @p@_guard_calls_suspect $word || called+=($word)
  done
}

# What TEXT hands to eval as a literal string, in REPLY: to the parser eval's own line is one command, `eval`.
@p@_guard_find_evaluated() {
  builtin local word is_evaluated=
  REPLY=
  [[ $1 == *eval* ]] || builtin return 0
  for word in ${(z)1}; do
    case $word in
      eval) is_evaluated=1 ;;
      # What ends a command, and redirections; a line's end is a `;` here.
      ';' | '&' | '&&' | '||' | '|' | '|&' | '&|' | '&!' | [\<\>]* | [0-9][\<\>]*)
        [[ -z $is_evaluated ]] || REPLY+=$'\n'
        is_evaluated=
        ;;
      *) [[ -z $is_evaluated ]] || REPLY+="${(Q)word} " ;;
    esac
  done
}

# False when the shims and the preload see everything in TEXT by themselves: no pipe, and each command that could start a
# runner begins with a word that has a shim. So `npx jest` or `cd x && npm test` starts node once, not twice.
@p@_guard_needs_peek() {
  builtin local text=${1//2>&1/} part
  builtin local -a words
  # What may hide a command or a pipe from such a plain look.
  [[ $text != *[\|\`\$\(\)\{\}\<\\]* ]] || builtin return 0
  [[ $text != *[\'\"]* || $text != *[\;\&$'\n']* ]] || builtin return 0
  for part in ${(s:;:)text//[&$'\n']/;}; do
    words=(${=part})
    while [[ ${words[1]-} == [A-Za-z_]*=* ]]; do
      words[1]=()
    done
    [[ ${words[1]-} == */* || ! -x $@p@_guard_root/shims/${words[1]-} ]] || builtin continue
    ! @p@_guard_has_hot_word "$part" || builtin return 0
  done
  builtin return 1
}

# True when pipe_fail may be set for TEXT. It acts on every pipeline: in what somebody typed or handed to -c that is at
# most another status of the same line; in a script file only where each line with a pipe is about a test.
@p@_guard_may_fail_pipes() {
  builtin local line
  # The text minds pipe_fail itself.
  [[ ${${(L)1}//_/} != *pipefail* ]] || builtin return 1
  [[ $2 == script ]] || builtin return 0
  for line in ${(f)1//||/}; do
    case $line in
      @gate:text@) ;;
      *\|*) builtin return 1 ;;
    esac
  done
}

# @p@_guard_looks_up WORD TEXT: true when a line of TEXT asks what WORD is.
@p@_guard_looks_up() {
  builtin local line
  for line in ${(f)2}; do
    [[ $line != (|*[[:blank:]\(\`\|\&])(which|whence|where|type|hash|command -v|command -V)[[:blank:]]*"$1"* ]] ||
      builtin return 0
  done
  builtin return 1
}

# True when a test run in TEXT would be blocked, as far as a shell can know: by its own words, by the environment, by the
# nearest config file.
@p@_guard_enforces() {
  builtin local directory=$PWD
  [[ $1 != *POLICY_MODE=(|[\'\"])enforce* ]] || builtin return 0
  case ${@P@_POLICY_MODE-}:${@P@_GUARD_MODE-} in
    enforce:*) builtin return 0 ;;
    warn:* | off:*) builtin return 1 ;;
    *:enforce) builtin return 0 ;;
  esac
  until [[ -r ${directory%/}/test-governor.config.json ]]; do
    [[ $directory == /?* ]] || builtin return 1
    directory=${directory:h}
  done
  [[ "$(<${directory%/}/test-governor.config.json)" == *\"enforce\"* ]]
}

# ----------------------------------------------------------------------------------------------------------------------
# Stand-ins: each is named as a command word, asks when it is called, and then fails with 126 or goes on to the command

# Word to kind: `program`, `modifier` (command, exec), or `function` for one in front of a function of the user's, which
# is kept as @p@_guard_kept:<word> meanwhile.
builtin typeset -gA @p@_guard_stand_ins

# @p@_guard_prepare_word WORD TEXT KIND: a stand-in for WORD, or for what WORD leads to.
@p@_guard_prepare_word() {
  builtin local word
  builtin local -a after
  case $1 in
    # zsh looks for functions behind these by itself.
    noglob | nocorrect | -) ;;
    exec)
      # A function named exec would take `exec 2>file` for a redirection of its own. And a blocked exec must not end a
      # prompt, as any other way to fail behind exec would.
      if [[ $3 == prompt && $2 != *exec[[:space:]]#[0-9]#[\<\>]* ]]; then
        @p@_guard_stand_in exec modifier
        builtin return
      fi
      ;;
    command)
      @p@_guard_find_words_after command $2
      for word in $after; do
        [[ $word != */* && -x $@p@_guard_root/shims/$word ]] || {
          @p@_guard_stand_in command modifier
          builtin break
        }
      done
      builtin return
      ;;
    zsh | bash | */zsh | */bash)
      # With such options they read our start-up file, and look at each command of theirs when it is reached.
      @p@_guard_find_words_after $1 $2
      [[ $1 == *bash ]] && after=(${after:#-(|l)c}) || after=(${after:#-(|l)(|i)(|l)c})
      (( ! ${#after} )) || @p@_guard_stand_in $1 program $2 $3
      builtin return
      ;;
    *)
      @p@_guard_stand_in $1 program $2 $3
      builtin return
      ;;
  esac
  @p@_guard_find_words_after $1 $2
  for word in $after; do
    [[ $word != */* && -x $@p@_guard_root/shims/$word ]] || @p@_guard_stand_in $word program $2 $3
  done
}

# The words that stand right after WORD in TEXT, in $after.
@p@_guard_find_words_after() {
  builtin local word before=
  for word in ${(z)2}; do
    [[ $before != $1 || $word == [\$\<\>\;\&\|]* ]] || after+=(${(Q)word})
    before=$word
  done
}

# @p@_guard_stand_in WORD KIND [TEXT WHERE]
@p@_guard_stand_in() {
  builtin local word=$1 kind=$2 way=start
  [[ -n $word && $word != -* && $word != @p@_guard_* && -z ${@p@_guard_stand_ins[$word]-} ]] || builtin return 0
  (( ! ${reswords[(Ie)$word]} && ! ${+dis_functions[$word]} )) || builtin return 0
  [[ $kind == modifier ]] || (( ! ${+builtins[$word]} )) || builtin return 0
  if (( ${+functions[$word]} )); then
    kind=function
    @p@_guard_copy_function $word @p@_guard_kept:$word
  fi
  case $kind in
    program)
      ! @p@_guard_ends_shell "$@" || way=become
      functions[$word]="
        builtin setopt local_traps
        builtin trap - DEBUG ZERR
        @p@_guard_$way ${(qq)word} \"\$@\"
      "
      ;;
    *) @p@_guard_copy_function @p@_guard_as_$kind $word ;;
  esac
  @p@_guard_stand_ins[$word]=$kind
}

# Before zsh 5.8 functions could not be copied; then the copy is sticky, as all that is defined here.
@p@_guard_copy_function() {
  builtin functions -c "$1" "$2" 2>/dev/null || functions[$2]=${functions[$1]}
}

# The user's own function back in its place, or none; and the stand-in again in front of it.
@p@_guard_step_aside() {
  if (( ${+functions[@p@_guard_kept:$1]} )); then
    @p@_guard_copy_function @p@_guard_kept:$1 $1
  else
    builtin unfunction $1
  fi
}

@p@_guard_step_back() {
  # Not when the function has redefined or removed itself.
  [[ ${functions[$1]-} != ${functions[@p@_guard_kept:$1]-} ]] || @p@_guard_copy_function @p@_guard_as_function $1
}

# @p@_guard_ends_shell WORD KIND TEXT WHERE: true when WORD, wherever TEXT has it, is what its process turns into: behind
# exec, in the background (`$!` is then the program's own pid), or as the last command of `zsh -c`. The stand-in has to
# do the same, or who kills that pid would kill a shell and leave the program running.
@p@_guard_ends_shell() {
  builtin local line rest
  builtin local -i found=0
  builtin local -a lines
  lines=("${(@f)3}")
  for line in $lines; do
    [[ $line == *"$1"* ]] || builtin continue
    found+=1
    rest=${${line//2>&1/}#*"$1"}
    case $line in
      *"exec $1"*) [[ $rest != *[\;\&\|\(\)\`]* ]] || builtin return 1 ;;
      *)
        if [[ $rest == *\& ]]; then
          [[ ${line%%"$1"*} != *[\;\&\|\(\)\{\`]* && ${rest%\&} != *[\;\&\|\(\)\`]* ]] || builtin return 1
        else
          [[ $4 == text && $found == 1 && $line == ${lines[-1]} ]] || builtin return 1
          # zsh writes the lines of a function's text with a tab before them.
          [[ $line == (|$'\t')(|*'&& ')"$1"(|' '*) && $rest != *[\;\&\|\(\)\`]* ]] || builtin return 1
          # zsh itself stays where something is to be done at its end.
          [[ $3 != *(trap|TRAP|zshexit)* ]] || builtin return 1
          (( ! ${+functions[TRAPEXIT]} && ! ${+functions[zshexit]} && ! ${#zshexit_functions} )) || builtin return 1
        fi
        ;;
    esac
  done
}

# ----------------------------------------------------------------------------------------------------------------------
# When a stand-in is called

# A program: goes on to it with the decision in its environment, for the layers below. The program stands last and in no
# `if`: else zsh takes its failure for one that err_exit and a ZERR trap, which are the caller's, have dealt with.
@p@_guard_start() {
  builtin local REPLY
  @p@_guard_decide "$@" || builtin return
  [[ -z $REPLY ]] || builtin local -x @P@_GUARD_DECISION=$REPLY
  builtin command "$@"
}

# The same, as exec does it.
@p@_guard_become() {
  builtin local REPLY
  @p@_guard_decide "$@" || builtin return
  [[ -z $REPLY ]] || builtin export @P@_GUARD_DECISION=$REPLY
  builtin exec command "$@"
}

# @p@_guard_open WORDS…, @p@_guard_close: around what has to run under the user's own options (a function, a modifier).
@p@_guard_open() {
  builtin setopt local_traps
  builtin trap - DEBUG
  builtin local REPLY
  @p@_guard_decide "$@" || builtin return
  @p@_guard_outer_decisions+=("${@P@_GUARD_DECISION-}")
  [[ -z $REPLY ]] || builtin export @P@_GUARD_DECISION=$REPLY
}
builtin typeset -ga @p@_guard_outer_decisions

@p@_guard_close() {
  if [[ -n ${@p@_guard_outer_decisions[-1]-} ]]; then
    builtin export @P@_GUARD_DECISION=${@p@_guard_outer_decisions[-1]}
  else
    builtin unset @P@_GUARD_DECISION
  fi
  @p@_guard_outer_decisions[-1]=()
}

# @p@_guard_decide WORDS…: 126 when they are blocked; else 0, with the decision's token, if there is one, in REPLY.
@p@_guard_decide() {
  builtin local -i code=0
  REPLY=
  @p@_guard_has_hot_word "$@" || builtin return 0
  @p@_guard_can_ask || builtin return 0
  REPLY=$(@p@_guard_ask argv function $$ "$@" </dev/null) || code=$?
  case $code in
    3) builtin return 0 ;;
    # Blocked, or interrupted by the user.
    126 | 130) builtin return $code ;;
    0) ;;
    *) @p@_guard_say_broken "dist/ask.cjs failed with status $code" ;;
  esac
  REPLY=
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

# ----------------------------------------------------------------------------------------------------------------------
# Asking

# @p@_guard_can_ask: finds node and the asker, in @p@_guard_asker. False when there are none, and says so.
@p@_guard_can_ask() {
  builtin local REPLY
  builtin typeset -ga @p@_guard_asker
  if ! @p@_guard_find_asker; then
    @p@_guard_say_broken 'dist/ask.cjs is not there (npm run build makes it)'
    builtin return 1
  fi
  @p@_guard_asker=($REPLY)
  if ! @p@_guard_find_node; then
    @p@_guard_say_broken 'there is no node on PATH to ask with'
    builtin return 1
  fi
  @p@_guard_asker=($REPLY $@p@_guard_asker)
}

# The first node on PATH that is no shim, in REPLY.
@p@_guard_find_node() {
  builtin local directory
  for directory in ${(s.:.)PATH}; do
    [[ ! -e $directory/.test-governor-shims ]] || builtin continue
    REPLY=$directory/node
    [[ ! -f $REPLY || ! -x $REPLY ]] || builtin return 0
  done
  builtin return 1
}

# dist/ask.cjs beside us, else that of the nearest installed package, in REPLY.
@p@_guard_find_asker() {
  builtin local directory=$@p@_guard_root
  REPLY=$directory/dist/ask.cjs
  until [[ -r $REPLY ]]; do
    [[ $directory == /?* ]] || builtin return 1
    directory=${directory:h}
    REPLY=${directory%/}/node_modules/test-governor/dist/ask.cjs
  done
}

# @p@_guard_ask ARGUMENTS…: what the asker prints, and its status. Without what the user wants of node: the question is not
# theirs, and must not wait for a debugger or leave a coverage file.
@p@_guard_ask() {
  NODE_OPTIONS= NODE_V8_COVERAGE= TEST_GOVERNOR_ENV_PREFIX=@P@ builtin command $@p@_guard_asker "$@"
}

# ----------------------------------------------------------------------------------------------------------------------
# Taking it back

@p@_guard_take_back() {
  builtin local @p@_guard_rest=
  @p@_guard_forget_line
  (( ! ${+functions[@p@_guard_remove_hooks]} )) || @p@_guard_remove_hooks
  @p@_guard_release_compinit
  @p@_guard_restore_zdotdir
  # Only ours goes from lists that are the user's.
  @p@_guard_rest=:${PATH-}:
  @p@_guard_path_without $@p@_guard_root/shims
  [[ $@p@_guard_rest == :${PATH-}: ]] || PATH=${${@p@_guard_rest#:}%:}
  @p@_guard_take_out "${@P@_GUARD_PRELOAD-}"
  [[ -n ${NODE_OPTIONS-} ]] || builtin unset NODE_OPTIONS
  case ${BASH_ENV-}:${@P@_GUARD_USER_BASH_ENV-} in
    */hooks/bash-env.bash:) builtin unset BASH_ENV ;;
    */hooks/bash-env.bash:*) builtin export BASH_ENV=$@P@_GUARD_USER_BASH_ENV ;;
  esac
  [[ ${@P@_GUARD_DECISION-} != broken ]] || builtin unset @P@_GUARD_DECISION
  builtin unset @P@_GUARD_{ROOT,MODE,PRELOAD,USER_BASH_ENV,USER_ZDOTDIR}
  builtin unset -m '@p@_guard_*'
  builtin unfunction -m '@p@_guard_*'
  builtin unfunction guard_off
}
