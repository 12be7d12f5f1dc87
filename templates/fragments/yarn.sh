# True when yarn with these arguments could start a runner. What is no command of its own is a script or a program.
@p@_guard_yarn_is_suspect() {
  case ${1-} in
    '' | @gate:yarn-calm@) @b@ return 1 ;;
    exec | dlx | node) @p@_guard_has_hot_argument "$@" ;;
    run)
      @b@ shift
      case ${1-} in -s | --silent) @b@ shift ;; esac
      @p@_guard_script_is_suspect "$@"
      ;;
    -s | --silent)
      @b@ shift
      @p@_guard_yarn_is_suspect "$@"
      ;;
    workspace | workspaces) @b@ return 0 ;;
    *) @p@_guard_script_is_suspect "$@" ;;
  esac
}
