# True when one of the arguments names a runner or something that starts package scripts.
@p@_guard_has_hot_word() {
  local @p@_guard_word=''
  for @p@_guard_word; do
    case " $@p@_guard_word " in
      @gate:words@) @b@ return 0 ;;
    esac
  done
  @b@ return 1
}
