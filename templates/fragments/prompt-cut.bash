# @p@_guard_cut_out PIECE TEXT: TEXT, what a prompt runs, without the PIECE of ours, in @p@_guard_value. Others may have put theirs around
# it (`PROMPT_COMMAND="$PROMPT_COMMAND; history -a"`), and what separated the two goes too: bash takes a `;` with nothing before it for a
# syntax error, and runs none of it. Where more than a separator holds the piece (`&&`, braces,
# a `then` on the line before), a command that does nothing stays.
@p@_guard_cut_out() {
  builtin local @p@_guard_before @p@_guard_after @p@_guard_blanks
  @p@_guard_before=${2%%"$1"*}
  @p@_guard_after=${2#*"$1"}
  @p@_guard_blanks=${@p@_guard_before##*[![:blank:]]}
  case ${@p@_guard_before%"$@p@_guard_blanks"}$'\n' in
    $'\n' | *\;$'\n' | *$'\n\n') ;;
    *)
      @p@_guard_value=$@p@_guard_before'\builtin :'$@p@_guard_after
      builtin return 0
      ;;
  esac
  @p@_guard_blanks=${@p@_guard_before%"${@p@_guard_before##*[![:space:]]}"}
  case ${@p@_guard_blanks##*[[:space:];]} in
    *'{' | *'(' | *'|' | *'&&' | then | do | else | if | elif | while | until | '!')
      @p@_guard_value=$@p@_guard_before'\builtin :'$@p@_guard_after
      builtin return 0
      ;;
  esac
  @p@_guard_blanks=${@p@_guard_after%%[![:blank:]]*}
  case ${@p@_guard_after#"$@p@_guard_blanks"} in
    '') @p@_guard_value=${@p@_guard_before%$'\n'} ;;
    \;\;*) @p@_guard_value=$@p@_guard_before'\builtin :'$@p@_guard_after ;;
    $'\n'* | \;*)
      @p@_guard_after=${@p@_guard_after#"$@p@_guard_blanks"?}
      [[ -n $@p@_guard_before ]] || @p@_guard_after=${@p@_guard_after#"${@p@_guard_after%%[![:blank:]]*}"}
      @p@_guard_value=$@p@_guard_before$@p@_guard_after
      ;;
    *) @p@_guard_value=$@p@_guard_before'\builtin :'$@p@_guard_after ;;
  esac
}
