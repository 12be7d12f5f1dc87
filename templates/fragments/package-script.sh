# The package script $1 starts no runner: it, and what runs before and after it, holds no hot word, or there is no such script.
# Reads the nearest package.json line by line, and only where it is laid out as npm does it: one member a line, no escape
# but \". Whatever is not plain is not calm. It stops at the end of the first "scripts" (reading on costs dash 0.5 us a byte),
# so that a second member of this name, which JSON allows and nobody writes, is left to the layers below.
@p@_guard_script_is_calm() {
  # Assigned by themselves: under `set -k`, what looks like an assignment is no argument.
  @local@ @p@_guard_file @p@_guard_at @p@_guard_start @p@_guard_key @p@_guard_middle @p@_guard_rest
  @p@_guard_file=package.json
  @p@_guard_at=''
  # Relative steps, because $PWD may lead through a symbolic link; 16 levels, because the root's parent is the root.
  until @b@ [ -e "$@p@_guard_file" ]; do
    case $@p@_guard_file in
      ../../../../../../../../../../../../../../../../*) @b@ return 1 ;;
    esac
    @p@_guard_file=../$@p@_guard_file
  done
  @b@ [ -f "$@p@_guard_file" ] && @b@ [ -r "$@p@_guard_file" ] || @b@ return 1
  # The place: empty before the file's first brace, then one x for each open one, and xs inside the scripts.
  # Split at its quotes, `  "build": "tsc -b",` is two blanks, `build`, a colon with a blank, and `tsc -b",`.
  while IFS='"' @b@ read -r @p@_guard_start @p@_guard_key @p@_guard_middle @p@_guard_rest; do
    case $@p@_guard_start in
      # No quote on the line, or something before the first.
      *[![:blank:]]*)
        case $@p@_guard_key$@p@_guard_middle in ?*) @b@ return 1 ;; esac
        case ${@p@_guard_at}:${@p@_guard_start#"${@p@_guard_start%%[![:blank:]]*}"} in
          :'{') @p@_guard_at=x ;;
          xs:'}' | xs:'},') @b@ return 0 ;;
          xx*:'{') @p@_guard_at=x$@p@_guard_at ;;
          xx*:'}' | xx*:'},' | xx*:']' | xx*:'],') @p@_guard_at=${@p@_guard_at#x} ;;
          *) @b@ return 1 ;;
        esac
        @b@ continue
        ;;
    esac
    @p@_guard_rest=${@p@_guard_rest%,}
    case $@p@_guard_middle in
      # A text. In it a quote must be escaped, and nothing else may be.
      ': ')
        @p@_guard_rest=${@p@_guard_rest%\"}
        case $@p@_guard_rest in
          *[\\\"]*)
            case $@p@_guard_rest in
              \"* | *[!\\]\"* | *\\[!\"]* | *\\) @b@ return 1 ;;
            esac
            ;;
        esac
        case ${@p@_guard_at}:$@p@_guard_key in
          xs:*\\* | :*) @b@ return 1 ;;
          xs:"$1" | xs:"pre$1" | xs:"post$1") ! @p@_guard_has_hot_word "$@p@_guard_rest" || @b@ return 1 ;;
        esac
        ;;
      ': {' | ': [')
        case $@p@_guard_rest in ?*) @b@ return 1 ;; esac
        case ${@p@_guard_at}:$@p@_guard_key$@p@_guard_middle in
          x:'scripts: {') @p@_guard_at=xs ;;
          x:'scripts: [' | xs:* | :*) @b@ return 1 ;;
          *) @p@_guard_at=x$@p@_guard_at ;;
        esac
        ;;
      # A text in a list.
      '' | ',')
        case ${@p@_guard_at}:$@p@_guard_rest in
          xx*:) ;;
          *) @b@ return 1 ;;
        esac
        ;;
      # A list or an object on one line, without another in it; a number or a word.
      *)
        case ${@p@_guard_at}:$@p@_guard_key in
          xs:* | x:scripts | :*) @b@ return 1 ;;
        esac
        case $@p@_guard_rest in
          # `read` keeps the last quote of a line only where there is one before it.
          *\"*) ;;
          ?*) @b@ return 1 ;;
        esac
        @p@_guard_middle=${@p@_guard_middle%,}$@p@_guard_rest
        case $@p@_guard_middle in
          ': {'*[][{}]*[]\}] | ': ['*[][{}]*[]\}]) @b@ return 1 ;;
          ': {'*'}' | ': ['*']') ;;
          *[][{}\"]*) @b@ return 1 ;;
          ': '*) ;;
          *) @b@ return 1 ;;
        esac
        ;;
    esac
  done <"$@p@_guard_file"
  @b@ return 1
}
