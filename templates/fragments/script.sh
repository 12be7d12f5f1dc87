# True when a package manager that is to run the script $1, with the other arguments for it, could start a runner.
@p@_guard_script_is_suspect() {
  case ${1-} in
    # No name: it lists the scripts.
    '') @b@ return 1 ;;
    # Governed by its name alone.
    test:governed) @b@ return 0 ;;
    # An option may lead to another package, pnpm takes /patterns/.
    -* | /* | *[!@gate:word-characters@:./@-]*) @b@ return 0 ;;
  esac
  @p@_guard_has_hot_argument "$@" || ! @p@_guard_script_is_calm "$1"
}
