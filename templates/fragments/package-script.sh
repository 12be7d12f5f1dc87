# The package script $1 starts no runner: it, and what runs before and after it, holds no hot word, or there is no such script.
# Reads the nearest package.json line by line, and only where it is laid out as npm does it: one key a line, no escape but \".
# Whatever is not plain is no calm. It stops at the end of the first "scripts" (reading on costs dash 0.5 us a byte), so that
# a second key of this name, which JSON allows and nobody writes, is left to the layers below.
@p@_guard_script_is_calm() {
  local @p@_guard_file=package.json @p@_guard_at='' @p@_guard_line='' @p@_guard_key='' @p@_guard_rest=''
  # Relative steps, because $PWD may lead through a symbolic link; 16 levels, because the root's parent is the root.
  until @b@ [ -e "$@p@_guard_file" ]; do
    case $@p@_guard_file in
      ../../../../../../../../../../../../../../../../*) @b@ return 1 ;;
    esac
    @p@_guard_file=../$@p@_guard_file
  done
  @b@ [ -f "$@p@_guard_file" ] && @b@ [ -r "$@p@_guard_file" ] || @b@ return 1
  # The place: empty before the file's first brace, then one x for each open one, and xs inside the scripts.
  while IFS='' @b@ read -r @p@_guard_line; do
    @p@_guard_line=${@p@_guard_line#"${@p@_guard_line%%[![:space:]]*}"}
    @p@_guard_line=${@p@_guard_line%"${@p@_guard_line##*[![:space:]]}"}
    case ${@p@_guard_at}:$@p@_guard_line in
      *:) ;;
      :'{') @p@_guard_at=x ;;
      x:'"scripts": {') @p@_guard_at=xs ;;
      x:'"scripts"'*) @b@ return 1 ;;
      xs:'}' | xs:'},') @b@ return 0 ;;
      xx*:'{') @p@_guard_at=x$@p@_guard_at ;;
      xx*:'}' | xx*:'},' | xx*:']' | xx*:'],') @p@_guard_at=${@p@_guard_at#x} ;;
      x*:\"*)
        @p@_guard_rest=${@p@_guard_line#\"}
        @p@_guard_key=${@p@_guard_rest%%\"*}
        @p@_guard_rest=${@p@_guard_rest#*\"}
        @p@_guard_rest=${@p@_guard_rest%,}
        case $@p@_guard_rest in
          # A quote inside the text that is not escaped, an escape of anything but a quote, or a text without an end.
          ': "'\"?* | ': "'*[!\\]\"?* | *\\[!\"]* | *\\\") @b@ return 1 ;;
          ': "'*\")
            case ${@p@_guard_at}:$@p@_guard_key in
              xs:*\\*) @b@ return 1 ;;
              xs:"$1" | xs:"pre$1" | xs:"post$1") ! @p@_guard_has_hot_word "$@p@_guard_rest" || @b@ return 1 ;;
            esac
            ;;
          *)
            case ${@p@_guard_at}:$@p@_guard_rest in
              xs:* | x:) @b@ return 1 ;;
            esac
            case $@p@_guard_rest in
              # A text in a list.
              '') ;;
              ': {' | ': [') @p@_guard_at=x$@p@_guard_at ;;
              # Opened and closed on one line: only without another bracket in it.
              ': {'*[][{}]*[]\}] | ': ['*[][{}]*[]\}]) @b@ return 1 ;;
              ': {'*'}' | ': ['*']') ;;
              # Anything more than a number or a word.
              *[][{}\"]*) @b@ return 1 ;;
              ': '*) ;;
              *) @b@ return 1 ;;
            esac
            ;;
        esac
        ;;
      *) @b@ return 1 ;;
    esac
  done <"$@p@_guard_file"
  @b@ return 1
}
