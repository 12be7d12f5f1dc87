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
  @p@_guard_text_is_suspect "$1" || @b@ return 1
  case $1 in
    # Only words that stand for themselves.
    *[!@gate:word-characters@\ ./:@=,+-]*) @b@ return 0 ;;
  esac
  local @p@_guard_rest="$1 " @p@_guard_word=''
  set --
  while :; do
    @p@_guard_word=${@p@_guard_rest%% *}
    @p@_guard_rest=${@p@_guard_rest#* }
    case ${#}:$@p@_guard_word in
      *:) ;;
      # Assignments before the command, except those that lead npm to another package.
      0:[nN][pP][mM]_*=*) @b@ return 0 ;;
      0:*=*) ;;
      *) set -- "$@" "$@p@_guard_word" ;;
    esac
    case $@p@_guard_rest in '') @b@ break ;; esac
  done
  case ${1-} in
    npm | pnpm | yarn | bun) ;;
    *) @b@ return 0 ;;
  esac
  @p@_guard_word=$1
  shift
  "@p@_guard_${@p@_guard_word}_is_suspect" "$@"
}
