# Guards this shell and everything below it: `source hooks/guarded.sh`, or `. hooks/guarded.sh`. `guard_off` takes it back.
# shellcheck shell=sh
# Any sh can read this file; what depends on the shell lies beside it. bash and zsh get every layer. Other shells (dash, ksh)
# get those of the environment, which everything below them inherits: PATH, NODE_OPTIONS, BASH_ENV, ZDOTDIR.

# In bash every word that could be somebody's function stands behind `builtin`. With a function of that very name nothing can be
# done, and it would be called for ever: this tries. Words in ${NAME+"…"} are no words at all in other shells, and no alias
# fits them; in zsh no redirection may stand at them, for what is left of such a line is a `cat`.
@p@_guard_real=${BASH_VERSION:+ bash}
@p@_guard_probe() {
  ${BASH_VERSION+"builtin"} ${BASH_VERSION+"return"} ${BASH_VERSION+"0"}
  @p@_guard_real=''
}
@p@_guard_probe >/dev/null 2>&1 || @p@_guard_real=''

# No aliases from here on: they are expanded as a file is read, and a user may have one for any word in it.
# shellcheck disable=SC2015 # Both arms are assignments, which do not fail.
${@p@_guard_real:+"builtin"} ${@p@_guard_real:+"shopt"} ${@p@_guard_real:+"-q"} ${@p@_guard_real:+"expand_aliases"} &&
  @p@_guard_aliases=-s || @p@_guard_aliases=-u
${@p@_guard_real:+"builtin"} ${@p@_guard_real:+"shopt"} ${@p@_guard_real:+"-u"} ${@p@_guard_real:+"expand_aliases"}

# A variable as the first word is also proof against the aliases of other shells.
@p@_guard_builtin='builtin'
case ${BASH_VERSION:+bash}${ZSH_VERSION:+zsh}$@p@_guard_real in
  # Which file is being read; in an eval, because other shells stumble over the very expansion.
  'bash bash')
    @p@_guard_kind=bash
    # shellcheck disable=SC2016 # Expanded by eval.
    "$@p@_guard_builtin" eval '@p@_guard_at=${BASH_SOURCE[0]}'
    ;;
  zsh)
    @p@_guard_kind=zsh
    # shellcheck disable=SC2016 # Expanded by eval.
    "$@p@_guard_builtin" eval '@p@_guard_at=${(%):-%x}'
    ;;
  bash)
    @p@_guard_kind=''
    unset -v @p@_guard_real @p@_guard_aliases
    command printf 'test-governor: %s\n' 'a function named builtin is in the way, so this shell is not guarded' >&2
    ;;
  *)
    @p@_guard_builtin='command'
    @p@_guard_kind=other.sh
    # These do not say what they read. A guard around this shell knows; Linux shows what the shell has open.
    for @p@_guard_at in "${@P@_GUARD_ROOT:+$@P@_GUARD_ROOT/hooks/guarded.sh}" "/proc/$$/fd"/* hooks/guarded.sh \
      node_modules/test-governor/hooks/guarded.sh; do
      case $@p@_guard_at in
        /proc/*) @p@_guard_at=$(command readlink "$@p@_guard_at" 2>/dev/null) || @p@_guard_at='' ;;
      esac
      case $@p@_guard_at in
        */guarded.sh) if command [ -e "$@p@_guard_at" ]; then break; fi ;;
      esac
      @p@_guard_at=''
    done
    ;;
esac

# The directory of this file, or of the file to which it is a link; empty when what is to be read from there is not there.
@p@_guard_find_here() {
  case $@p@_guard_at in
    */*) @p@_guard_here=${@p@_guard_at%/*}/ ;;
    *) @p@_guard_here=./ ;;
  esac
  if "$@p@_guard_builtin" [ -r "${@p@_guard_here}guarded.$@p@_guard_kind" ]; then
    "$@p@_guard_builtin" return 0
  fi
  @p@_guard_link=$("$@p@_guard_builtin" command readlink "$@p@_guard_at" 2>/dev/null) || @p@_guard_link=''
  case $@p@_guard_link in
    '')
      @p@_guard_here=''
      "$@p@_guard_builtin" return 0
      ;;
    /*) @p@_guard_at=$@p@_guard_link ;;
    *) @p@_guard_at=$@p@_guard_here$@p@_guard_link ;;
  esac
  @p@_guard_find_here
}

case $@p@_guard_kind in
  '') ;;
  *)
    @p@_guard_find_here
    case $@p@_guard_here in
      '')
        "$@p@_guard_builtin" printf 'test-governor: %s\n' "hooks/guarded.$@p@_guard_kind is not to be found, so this shell is not \
guarded: set @P@_GUARD_ROOT to the directory that holds hooks/, or run test-governor generate" >&2
        ;;
      *) "$@p@_guard_builtin" . "${@p@_guard_here}guarded.$@p@_guard_kind" ;;
    esac
    case $@p@_guard_kind in bash) "$@p@_guard_builtin" shopt "$@p@_guard_aliases" expand_aliases ;; esac
    "$@p@_guard_builtin" unset -f @p@_guard_find_here @p@_guard_probe
    "$@p@_guard_builtin" unset -v @p@_guard_at @p@_guard_here @p@_guard_kind @p@_guard_link @p@_guard_real @p@_guard_aliases \
      @p@_guard_builtin
    ;;
esac
