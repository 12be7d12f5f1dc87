# npm takes options behind the script's name too, up to `--`: one that is not known may lead to another package.
@p@_guard_npm_script_is_suspect() {
  @local@ @p@_guard_word @p@_guard_whose
  @p@_guard_whose=npm:
  for @p@_guard_word; do
    case $@p@_guard_whose$@p@_guard_word in
      npm:--) @p@_guard_whose=script: ;;
      npm:-*) @b@ return 0 ;;
    esac
  done
  @p@_guard_script_is_suspect "$@"
}

# True when npm with these arguments could start a runner.
@p@_guard_npm_is_suspect() {
  case ${1-} in
    '' | @gate:npm-calm@) @b@ return 1 ;;
    exec | x) @p@_guard_has_hot_argument "$@" ;;
    run | run-script | rum | urn)
      @b@ shift
      # It changes only the output, and many write it.
      case ${1-} in -s | --silent) @b@ shift ;; esac
      @p@_guard_npm_script_is_suspect "$@"
      ;;
    t | tst)
      @b@ shift
      @p@_guard_npm_script_is_suspect test "$@"
      ;;
    test | start | stop | restart) @p@_guard_npm_script_is_suspect "$@" ;;
    -s | --silent)
      @b@ shift
      @p@_guard_npm_is_suspect "$@"
      ;;
    *) @b@ return 0 ;;
  esac
}
