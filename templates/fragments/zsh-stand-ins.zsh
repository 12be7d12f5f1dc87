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
      if [[ $3 == prompt && $2 != *exec[[:space:]](|[0-9])[\<\>]* ]]; then
        @p@_guard_stand_in exec modifier
        builtin return
      fi
      ;;
    command)
      @p@_guard_find_words_after command
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
      @p@_guard_find_words_after $1
      [[ $1 == *bash ]] && after=(${after:#-(|l)c}) || after=(${after:#-(|l)(|i)(|l)c})
      (( ! ${#after} )) || @p@_guard_stand_in $1 program $2 $3
      builtin return
      ;;
    *)
      @p@_guard_stand_in $1 program $2 $3
      builtin return
      ;;
  esac
  @p@_guard_find_words_after $1
  for word in $after; do
    [[ $word != */* && -x $@p@_guard_root/shims/$word ]] || @p@_guard_stand_in $word program $2 $3
  done
}

# The words that stand right after WORD in $text and $evaluated, in $after.
@p@_guard_find_words_after() {
  builtin local word before=
  for word in ${(z)text} ${(z)evaluated}; do
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

# When a stand-in is called

# A program: goes on to it with the decision in its environment, for the layers below. The program stands last and in no
# `if`: else zsh takes its failure for one that err_exit and a ZERR trap, which are the caller's, have dealt with.
@p@_guard_start() {
  builtin local REPLY
  builtin local -a words
  @p@_guard_decide argv "$@" || builtin return
  [[ -z $REPLY ]] || builtin local -x @P@_GUARD_DECISION=$REPLY
  builtin command "${words[@]}"
}

# The same, as exec does it.
@p@_guard_become() {
  builtin local REPLY
  builtin local -a words
  @p@_guard_decide argv "$@" || builtin return
  [[ -z $REPLY ]] || builtin export @P@_GUARD_DECISION=$REPLY
  builtin exec command "${words[@]}"
}

# @p@_guard_open KIND WORDS…, @p@_guard_close: around what has to run under the user's own options (a function, a modifier). What
# the modifier is to run is in @p@_guard_words. Only this shell can run a function: its KIND is argv-in-place.
@p@_guard_open() {
  builtin setopt local_traps
  builtin trap - DEBUG
  builtin local REPLY
  builtin local -a words
  @p@_guard_decide "$@" || builtin return
  # Not the modifier itself, unless it is handed over with the rest.
  [[ ${words[1]} != $2 ]] || words[1]=()
  @p@_guard_words=("${words[@]}")
  @p@_guard_outer_decisions+=("${@P@_GUARD_DECISION-}")
  [[ -z $REPLY ]] || builtin export @P@_GUARD_DECISION=$REPLY
}
builtin typeset -ga @p@_guard_outer_decisions @p@_guard_words

@p@_guard_close() {
  if [[ -n ${@p@_guard_outer_decisions[-1]-} ]]; then
    builtin export @P@_GUARD_DECISION=${@p@_guard_outer_decisions[-1]}
  else
    builtin unset @P@_GUARD_DECISION
  fi
  @p@_guard_outer_decisions[-1]=()
}

# @p@_guard_decide argv|argv-in-place WORDS…: 126 when they are blocked; else 0, with the decision's token, if there is one, in
# REPLY, and what is to be run in words: the same, or what runs it as a governed run.
@p@_guard_decide() {
  builtin local -i code=0
  builtin local kind=$1 starter
  builtin shift
  REPLY=
  words=("$@")
  @p@_guard_has_hot_argument "$@" || builtin return 0
  @p@_guard_can_ask || builtin return 0
  REPLY=$(@p@_guard_ask $kind function $$ "$@" </dev/null) || code=$?
  case $code in
    3) builtin return 0 ;;
    4)
      starter=${@p@_guard_asker[2]:h}/run-own.cjs
      if [[ -r $starter ]]; then
        words=(${@p@_guard_asker[1]} $starter @P@ function $$ "$1" "$@")
      else
        @p@_guard_say_broken 'dist/run-own.cjs is not there (npm run build makes it)'
      fi
      ;;
    # Blocked, or interrupted by the user.
    126 | 130) builtin return $code ;;
    0) ;;
    *) @p@_guard_say_broken "dist/ask.cjs failed with status $code" ;;
  esac
  REPLY=
}
