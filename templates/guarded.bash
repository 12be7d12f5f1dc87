# The bash text layer: a DEBUG trap that looks at each command before it runs. bash 3.2 to 5.3; hooks/guarded.sh sources it
# where somebody wants this shell guarded, hooks/bash-env.bash where a shell has a text to run that may start tests.
# shellcheck shell=bash disable=SC2034 # Many a variable is read by the strings that are evaluated, or by the other half.
#
# Of a command that is no suspect the shell feels one `case`: no function, no fork, $?, $_ and PIPESTATUS as they were.
# A suspect is shown to dist/ask.cjs, and where the answer is no, the command is made to fail with 126; that half of the
# layer, hooks/guarded-suspect.bash, is read when the first one comes along.

# Nothing of this in a trace, and nothing of it exported where the user has everything exported (`set -a`).
{
  @p@_guard_options=$-${@p@_guard_env_options-}
  builtin set +xa
} 2>/dev/null

# The directory above hooks/.
@p@_guard_find_root() {
  @p@_guard_root=${BASH_SOURCE[0]%/*}
  case $@p@_guard_root in
    # As it is spelled, unless it leads through links or dots.
    /*/hooks) @p@_guard_root=${@p@_guard_root%/hooks} ;;
    *) @p@_guard_root='' ;;
  esac
  case $@p@_guard_root/ in
    / | */./* | */../* | *//*) @p@_guard_root='' ;;
  esac
  if [[ -z $@p@_guard_root || ! -d $@p@_guard_root/shims ]]; then
    # The x keeps newlines at the end of a name.
    @p@_guard_root=$(CDPATH='' builtin cd -P -- "${BASH_SOURCE[0]%/*}/.." >/dev/null && builtin pwd -P && builtin printf x)
    @p@_guard_root=${@p@_guard_root%?x}
  fi
  # One place has one name, or it would stand on PATH twice.
  if [[ -n ${@P@_GUARD_ROOT-} && $@p@_guard_root -ef $@P@_GUARD_ROOT ]]; then
    @p@_guard_root=$@P@_GUARD_ROOT
  fi
}

#@fragment layers@

#@fragment bash-broken@

#@fragment bash-see@

#@fragment bash-trap@

#@fragment bash-off@

#@fragment bash-begin@

@p@_guard_find_root
@p@_guard_begin "$@"

# hooks/bash-env.bash goes on by itself: nothing is to run between the trap and the user's first command. The trace comes last, so
# that it does not show this.
case ${@p@_guard_for+set} in
  '')
    builtin eval "$@p@_guard_switch"
    {
      case $@p@_guard_options in *a*) builtin set -a ;; esac
      case $@p@_guard_options in
        *x*)
          builtin unset -v @p@_guard_options
          builtin set -x
          ;;
        *) builtin unset -v @p@_guard_options ;;
      esac
    } 2>/dev/null
    ;;
esac
