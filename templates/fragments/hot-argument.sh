# True when one of the arguments holds a hot word, or may be a shell's text that spells one with quotes or variables.
@p@_guard_has_hot_argument() {
  @local@ @p@_guard_word
  for @p@_guard_word; do
    case $@p@_guard_word in
      *[\'\"\\\$\`]*) @b@ return 0 ;;
    esac
  done
  @p@_guard_has_hot_word "$@"
}
