# True when the command line could start a runner or a governed run; knows nothing of package scripts' texts.
@p@_guard_text_is_suspect() {
  @p@_guard_has_hot_word "$1" || @b@ return 1
  case $1 in
    # A substitution starts commands anywhere in a word; the last is bash 5.3's ${ command; }.
    *\(* | *\`* | *\$\{[!@gate:word-characters@]*) @b@ return 0 ;;
  esac
  local @p@_guard_rest="$1" @p@_guard_part='' @p@_guard_count='' @p@_guard_newline='
'
  # Split at every separator, also at those that are quoted: a part too many can only make the line a suspect.
  while :; do
    @p@_guard_part=${@p@_guard_rest%%[\;\|\&"$@p@_guard_newline"]*}
    @p@_guard_part=${@p@_guard_part#"${@p@_guard_part%%[! ]*}"}
    @p@_guard_count=x$@p@_guard_count
    case $@p@_guard_count in
      @gate:too-many@) @b@ return 0 ;;
    esac
    case "$@p@_guard_part " in
      ' ' | '#'*) ;;
      @gate:calm@) ;;
      *) @b@ return 0 ;;
    esac
    case $@p@_guard_rest in
      *[\;\|\&"$@p@_guard_newline"]*) @p@_guard_rest=${@p@_guard_rest#*[\;\|\&"$@p@_guard_newline"]} ;;
      *) @b@ return 1 ;;
    esac
  done
}
