#@fragment hot-word@

#@fragment hot-argument@

#@fragment text@

#@fragment package-script@

#@fragment script@

#@fragment npm@

#@fragment pnpm@

#@fragment yarn@

#@fragment bun@

# True when the command line TEXT has to be classified: it could start a runner, and it is not a plain `npm run x` whose script
# cannot. Starts no process.
@p@_guard_is_suspect() {
  @p@_guard_has_hot_word "$1" || @b@ return 1
  @b@ [ "${#1}" -gt @gate:longest@ ] && @b@ return 0
  @local@ @p@_guard_text @p@_guard_rest @p@_guard_word
  @p@_guard_text=$1
  @p@_guard_rest="$1 "
  case $@p@_guard_rest in
    # Only words that stand for themselves, so that the line can be taken apart here.
    *[!@gate:word-characters@\ ./:@=,+-]*) ;;
    *npm\ * | *yarn\ * | *bun\ *)
      @b@ set --
      while :; do
        @p@_guard_word=${@p@_guard_rest%% *}
        @p@_guard_rest=${@p@_guard_rest#* }
        case ${#}:$@p@_guard_word in
          *:) ;;
          # Assignments before the command, except those that may lead npm to another package.
          0:[nN][pP][mM]_*=*) @b@ return 0 ;;
          0:*=*) ;;
          *) @b@ set -- "$@" "$@p@_guard_word" ;;
        esac
        case $@p@_guard_rest in '') @b@ break ;; esac
      done
      case ${1-} in
        npm | pnpm | yarn | bun)
          @p@_guard_word=$1
          @b@ shift
          "@p@_guard_${@p@_guard_word}_is_suspect" "$@"
          @b@ return
          ;;
      esac
      ;;
  esac
  ! @p@_guard_is_calm "$@p@_guard_text"
}
