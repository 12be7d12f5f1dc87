# The environment layers: what a shell or program inherits so that everything below it is guarded.
# Runs in bash from 3.2, zsh and POSIX sh, also under `set -eu`; starts no process.

# @p@_guard_escape TEXT: TEXT with a backslash before each \ " $ and `, in @p@_guard_value. Both bash (it expands the
# value of BASH_ENV as if it stood in double quotes) and node (inside the double quotes of NODE_OPTIONS) take it back.
@p@_guard_escape() {
  @p@_guard_value=
  @p@_guard_escape_rest "$1"
}
@p@_guard_escape_rest() {
  case $1 in
    *[\\\"\$\`]*)
      # Up to the first such character, then the backslash, then the character itself.
      @p@_guard_rest=${1%%[\\\"\$\`]*}
      @p@_guard_value=$@p@_guard_value$@p@_guard_rest\\
      @p@_guard_rest=${1#"$@p@_guard_rest"}
      @p@_guard_value=$@p@_guard_value${@p@_guard_rest%"${@p@_guard_rest#?}"}
      @p@_guard_escape_rest "${@p@_guard_rest#?}"
      ;;
    *) @p@_guard_value=$@p@_guard_value$1 ;;
  esac
}

# @p@_guard_path_first DIRECTORY: puts it first on PATH, and nowhere else. Everything else keeps its place, also empty
# entries, which mean the current directory. A directory with a colon in its name cannot stand on PATH.
@p@_guard_path_first() {
  case $1 in
    *:*) ;;
    *)
      case ${PATH-}: in
        "$1":*) ;;
        *)
          # Without a PATH, programs look where the C library says; in the shells that is about this list.
          @p@_guard_rest=:${PATH-/usr/local/bin:/usr/bin:/bin}:
          @p@_guard_path_without "$1"
          case $@p@_guard_rest in
            # The directory was the only entry.
            :) PATH=$1 ;;
            *)
              @p@_guard_rest=${@p@_guard_rest%:}
              PATH=$1$@p@_guard_rest
              ;;
          esac
          ;;
      esac
      ;;
  esac
  @b@ export PATH
}
# Takes the entry $1 out of @p@_guard_rest, a list in the form :a:b:
@p@_guard_path_without() {
  case $@p@_guard_rest in
    *":$1:"*)
      @p@_guard_rest=${@p@_guard_rest%%":$1:"*}:${@p@_guard_rest#*":$1:"}
      @p@_guard_path_without "$1"
      ;;
  esac
}

# @p@_guard_preload FILE: adds `--require FILE` to what NODE_OPTIONS holds, once, if there is such a file. Node splits the variable at spaces
# and knows double quotes with backslashes inside them; outside of them a backslash means itself.
@p@_guard_preload() {
  # Node refuses to start when the file is not there.
  @b@ [ -r "$1" ] || @b@ return 0
  case $1 in
    *[\ \"]*)
      @p@_guard_escape "$1"
      @p@_guard_value=\"$@p@_guard_value\"
      ;;
    *) @p@_guard_value=$1 ;;
  esac
  case " ${NODE_OPTIONS-} " in
    *" --require $@p@_guard_value "*) ;;
    *) NODE_OPTIONS=${NODE_OPTIONS:+"$NODE_OPTIONS "}"--require $@p@_guard_value" ;;
  esac
  @b@ export NODE_OPTIONS
}

# @p@_guard_start_files ROOT: BASH_ENV and ZDOTDIR, with the user's own kept for our files to go on to. Values that an
# earlier guard set, also one that lies elsewhere, are no user's own: chaining to them would never end.
@p@_guard_start_files() {
  @p@_guard_escape "${@P@_GUARD_ROOT-}"
  case ${BASH_ENV-} in
    "$@p@_guard_value/hooks/bash-env.bash") ;;
    *)
      case ${BASH_ENV:+set}${@P@_GUARD_USER_BASH_ENV:+set} in
        ?*)
          @P@_GUARD_USER_BASH_ENV=${BASH_ENV-}
          @b@ export @P@_GUARD_USER_BASH_ENV
          ;;
      esac
      ;;
  esac
  case ${ZDOTDIR-} in
    "${@P@_GUARD_ROOT-}/hooks/zsh") ;;
    *)
      case ${ZDOTDIR:+set}${@P@_GUARD_USER_ZDOTDIR:+set} in
        ?*)
          @P@_GUARD_USER_ZDOTDIR=${ZDOTDIR-}
          @b@ export @P@_GUARD_USER_ZDOTDIR
          ;;
      esac
      ;;
  esac
  @P@_GUARD_ROOT=$1
  @p@_guard_escape "$1"
  BASH_ENV=$@p@_guard_value/hooks/bash-env.bash
  ZDOTDIR=$1/hooks/zsh
  @b@ export @P@_GUARD_ROOT BASH_ENV ZDOTDIR
}

# The mode that everything below is given: the stricter of what was asked for now and what was given further up, so that
# a laxer one said later is seen to be laxer. Nothing was said: nothing is exported.
@p@_guard_mode() {
  case ${@P@_GUARD_MODE-}:${@P@_POLICY_MODE-} in
    enforce:* | warn:warn | warn:off | off:off) ;;
    *:enforce | *:warn | *:off)
      @P@_GUARD_MODE=$@P@_POLICY_MODE
      @b@ export @P@_GUARD_MODE
      ;;
  esac
}

# @p@_guard_layers ROOT: all of them. ROOT is the absolute directory that holds hooks/ and shims/.
@p@_guard_layers() {
  @p@_guard_path_first "$1/shims"
  @p@_guard_preload "$1/hooks/preload.cjs"
  @p@_guard_start_files "$1"
  @p@_guard_mode
}
