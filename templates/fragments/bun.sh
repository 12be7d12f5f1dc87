# True when bun with these arguments could start a runner. What is no command of its own is a script, a file or a program.
@p@_guard_bun_is_suspect() {
  case ${1-} in
    '' | @gate:bun-calm@) @b@ return 1 ;;
    x | exec) @p@_guard_has_hot_argument "$@" ;;
    run)
      @b@ shift
      case ${1-} in --silent | --bun) @b@ shift ;; esac
      @p@_guard_script_is_suspect "$@"
      ;;
    --silent | --bun)
      @b@ shift
      @p@_guard_bun_is_suspect "$@"
      ;;
    *) @p@_guard_script_is_suspect "$@" ;;
  esac
}
