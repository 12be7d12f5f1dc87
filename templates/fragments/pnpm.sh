# True when pnpm with these arguments could start a runner. What is no command of its own is a script or a program.
@p@_guard_pnpm_is_suspect() {
  case ${1-} in
    '' | @gate:pnpm-calm@) @b@ return 1 ;;
    exec | dlx) @p@_guard_has_hot_argument "$@" ;;
    run | run-script)
      @b@ shift
      case ${1-} in -s | --silent) @b@ shift ;; esac
      @p@_guard_script_is_suspect "$@"
      ;;
    t | tst)
      @b@ shift
      @p@_guard_script_is_suspect test "$@"
      ;;
    -s | --silent)
      @b@ shift
      @p@_guard_pnpm_is_suspect "$@"
      ;;
    it | install-test | recursive | multi | m) @b@ return 0 ;;
    *) @p@_guard_script_is_suspect "$@" ;;
  esac
}
