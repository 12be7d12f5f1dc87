# True when one of the arguments names a runner or something that starts package scripts.
@p@_guard_has_hot_word() {
  @local@ @p@_guard_word
  for @p@_guard_word; do
    case $@p@_guard_word in
      # Cheap, and enough for most; the second look knows where words begin and end. It is too slow for long texts.
      @gate:text@)
        @b@ [ "${#@p@_guard_word}" -gt @gate:longest@ ] && @b@ return 0
        case " $@p@_guard_word " in
          @gate:words@) @b@ return 0 ;;
        esac
        ;;
    esac
  done
  @b@ return 1
}
