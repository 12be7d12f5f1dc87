# @p@_guard_is_suspect TEXT: true when TEXT could start a test runner and has to be classified. No fork.
@p@_guard_is_suspect() {
  case " $1 " in
    @gate:words@) return 0 ;;
  esac
  return 1
}
