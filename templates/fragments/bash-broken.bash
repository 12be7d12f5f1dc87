# @p@_guard_say_broken REASON: once in a shell and all below it, in one sentence. Commands run.
@p@_guard_say_broken() {
  @p@_guard_broken=1
  case ${@P@_GUARD_DECISION-} in
    broken) ;;
    *)
      builtin printf 'test-governor: %s, so commands run without a check; "test-governor doctor" says more.\n' "$1" \
        >&"$@p@_guard_stderr" || builtin return 0
      # The shims read this too.
      @P@_GUARD_DECISION=broken
      builtin export @P@_GUARD_DECISION
      ;;
  esac
}

# The program that answers, in @p@_guard_asker: of this checkout or package, else of the nearest installed one above it.
@p@_guard_find_asker() {
  builtin local @p@_guard_directory
  @p@_guard_directory=$@p@_guard_root
  @p@_guard_asker=$@p@_guard_directory/dist/ask.cjs
  while [[ ! -r $@p@_guard_asker && -n $@p@_guard_directory ]]; do
    @p@_guard_asker=$@p@_guard_directory/node_modules/test-governor/dist/ask.cjs
    @p@_guard_directory=${@p@_guard_directory%/*}
  done
  [[ -r $@p@_guard_asker ]]
}
