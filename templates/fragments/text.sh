# True when the command line could start a runner or a governed run; knows nothing of package scripts' texts.
@p@_guard_text_is_suspect() {
  @p@_guard_has_hot_word "$1" && ! @p@_guard_is_calm "$1"
}

# True when the command line is made of nothing but commands that start no runner, whatever their arguments say.
@p@_guard_is_calm() {
  # Taking a text apart costs the square of its length.
  @b@ [ "${#1}" -gt @gate:longest@ ] && @b@ return 1
  @local@ @p@_guard_rest @p@_guard_text @p@_guard_part @p@_guard_count @p@_guard_newline
  @p@_guard_rest=$1
  @p@_guard_text=''
  @p@_guard_count=''
  @p@_guard_newline='
'
  case $1 in
    # A substitution starts commands anywhere in a word, in double quotes too; the last is the
    # ${ command } of bash 5.3 and zsh 5.10.
    *\`* | *\$\(* | *\$\{[!@gate:word-characters@]*) @b@ return 1 ;;
    # Where a quote may be none (comments, escapes, expansions, heredocs), all are left in their place.
    *\#* | *\\[\'\"]* | *\$[\{\[]* | *'<<'*) ;;
    *)
      # A quoted text starts nothing: a _ stands for it.
      while :; do
        case $@p@_guard_rest in
          *[\'\"]*) ;;
          *) @b@ break ;;
        esac
        @p@_guard_count=x$@p@_guard_count
        case $@p@_guard_count in
          @gate:too-many@) @b@ return 1 ;;
        esac
        @p@_guard_part=${@p@_guard_rest%%[\'\"]*}
        @p@_guard_text=$@p@_guard_text${@p@_guard_part}_
        @p@_guard_rest=${@p@_guard_rest#"$@p@_guard_part"}
        case $@p@_guard_rest in
          \'*\'*) @p@_guard_rest=${@p@_guard_rest#\'*\'} ;;
          \"*\"*) @p@_guard_rest=${@p@_guard_rest#\"*\"} ;;
          *) @b@ return 1 ;;
        esac
      done
      ;;
  esac
  @p@_guard_rest=$@p@_guard_text$@p@_guard_rest
  case $@p@_guard_rest in
    *\(*) @b@ return 1 ;;
  esac
  @p@_guard_count=''
  # Split at every separator that is left: a part too many can only make the line less calm.
  while :; do
    @p@_guard_part=${@p@_guard_rest%%[\;\|\&"$@p@_guard_newline"]*}
    @p@_guard_part=${@p@_guard_part#"${@p@_guard_part%%[! ]*}"}
    @p@_guard_count=x$@p@_guard_count
    case $@p@_guard_count in
      @gate:too-many@) @b@ return 1 ;;
    esac
    case "$@p@_guard_part " in
      ' ' | '#'*) ;;
      @gate:calm@) ;;
      *) @b@ return 1 ;;
    esac
    case $@p@_guard_rest in
      *[\;\|\&"$@p@_guard_newline"]*) @p@_guard_rest=${@p@_guard_rest#*[\;\|\&"$@p@_guard_newline"]} ;;
      *) @b@ return 0 ;;
    esac
  done
}
