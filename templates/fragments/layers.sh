# The environment layers: what a shell or program inherits so that everything below it is guarded.
# Runs in bash from 3.2, zsh and POSIX sh, also under `set -eu`; starts a process only once in each place (see stand_in).

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

# @p@_guard_preload FILE: adds `--require FILE` to what NODE_OPTIONS holds, once, if there is such a file. The exact words that
# it added stand in @P@_GUARD_PRELOAD, for whoever has to take them out again; those of an earlier guard are taken out here.
# Node splits the variable at spaces and knows double quotes with backslashes inside them; outside, a backslash is itself.
@p@_guard_preload() {
  @b@ [ -r "$1" ] || @b@ return 0
  case ${NODE_OPTIONS-} in
    # Node then loads only what it was told of, and would not start with more.
    *--permission* | *--experimental-permission* | *--experimental-policy*) @b@ return 0 ;;
  esac
  @p@_guard_stand_in "$1"
  case $@p@_guard_value in
    *[\ \"]*)
      @p@_guard_escape "$@p@_guard_value"
      @p@_guard_value=\"$@p@_guard_value\"
      ;;
  esac
  @p@_guard_value="--require $@p@_guard_value"
  @p@_guard_take_out "${@P@_GUARD_PRELOAD-}"
  @p@_guard_take_out "$@p@_guard_value"
  NODE_OPTIONS=${NODE_OPTIONS:+"$NODE_OPTIONS "}$@p@_guard_value
  @P@_GUARD_PRELOAD=$@p@_guard_value
  @b@ export NODE_OPTIONS @P@_GUARD_PRELOAD
}
# Takes the words $1 out of NODE_OPTIONS.
@p@_guard_take_out() {
  case $1:" ${NODE_OPTIONS-} " in
    :*) ;;
    *" $1 "*)
      @p@_guard_rest=" $NODE_OPTIONS "
      @p@_guard_rest=${@p@_guard_rest%%" $1 "*}" "${@p@_guard_rest#*" $1 "}
      @p@_guard_rest=${@p@_guard_rest# }
      NODE_OPTIONS=${@p@_guard_rest% }
      ;;
  esac
}

# @p@_guard_stand_in FILE: a file that loads FILE if it is there, in @p@_guard_value. No node starts without the files that
# NODE_OPTIONS names; and ours goes where node_modules or a worktree is removed, often from the very shell that it guards. So the
# variable names a file in the user's cache, one for each place; where that cannot be, FILE itself.
@p@_guard_stand_in() {
  @p@_guard_value=$1
  case ${XDG_CACHE_HOME-}:${HOME-} in
    /*) @p@_guard_cache=$XDG_CACHE_HOME/test-governor/preload ;;
    *:/*)
      # A home that is not there is not made.
      @b@ [ -d "$HOME" ] || @b@ return 0
      @p@_guard_cache=$HOME/.cache/test-governor/preload
      ;;
    *) @b@ return 0 ;;
  esac
  @p@_guard_flatten "$1" "$@p@_guard_cache/"
  case $1 in
    # A newline cannot stand in a JavaScript string.
    *'
'*) @b@ return 0 ;;
  esac
  # A longer one is no name of a file.
  if @b@ [ "${#1}" -gt 200 ]; then @b@ return 0; fi
  if ! @b@ [ -r "$@p@_guard_flat" ]; then
    @p@_guard_escape "$1"
    # Whole or not at all: another shell may be reading it.
    (
      @b@ umask 077
      @b@ command mkdir -p "$@p@_guard_cache" &&
        @b@ printf '%s\n' '// Loads the preload of test-governor while it is there; node would not start without this file.' \
          "delete require.cache[__filename];
try { require(\"$@p@_guard_value\"); } catch { /* It is gone. */ }" >|"$@p@_guard_flat.$$" &&
        @b@ command mv -f "$@p@_guard_flat.$$" "$@p@_guard_flat"
    ) 2>/dev/null || {
      @p@_guard_value=$1
      @b@ return 0
    }
  fi
  # Every node will run it: not from a cache that several users share, where another one made the directory, or a link, first.
  if @b@ [ -L "${@p@_guard_cache%/*}" ] || ! @b@ [ -O "${@p@_guard_cache%/*}" ]; then
    @p@_guard_value=$1
  else
    @p@_guard_value=$@p@_guard_flat
  fi
}
# @p@_guard_flatten PATH PREFIX: PREFIX and the path with a % for each slash, in @p@_guard_flat.
@p@_guard_flatten() {
  case $1 in
    */*) @p@_guard_flatten "${1#*/}" "$2${1%%/*}%" ;;
    *) @p@_guard_flat=$2$1 ;;
  esac
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

# A relative state directory is meant from here, and would be another one after the next `cd`: what was decided above would not be
# found below.
@p@_guard_state_directory() {
  case ${@P@_STATE_DIR:-/} in
    /*) ;;
    *)
      case ${PWD-} in
        /*)
          @P@_STATE_DIR=${PWD%/}/$@P@_STATE_DIR
          @b@ export @P@_STATE_DIR
          ;;
      esac
      ;;
  esac
}

# @p@_guard_python DIRECTORY: puts it first on PYTHONPATH, once. It holds a sitecustomize.py alone, which every Python loads at its
# start and which goes on to the user's own. Not by PYTEST_ADDOPTS=-p: a pytest with a PYTHONPATH of its own (`PYTHONPATH=. pytest`)
# would not find the plugin, and would not start.
@p@_guard_python() {
  case $1 in *:*) @b@ return 0 ;; esac
  @b@ [ -r "$1/sitecustomize.py" ] || @b@ return 0
  case :${PYTHONPATH-}: in
    *":$1:"*) ;;
    *)
      PYTHONPATH=$1${PYTHONPATH:+":$PYTHONPATH"}
      @b@ export PYTHONPATH
      ;;
  esac
}

# @p@_guard_layers ROOT: all of them. ROOT is the absolute directory that holds hooks/ and shims/.
@p@_guard_layers() {
  @p@_guard_path_first "$1/shims"
  @p@_guard_preload "$1/hooks/preload.cjs"
  @p@_guard_python "$1/hooks/python"
  @p@_guard_start_files "$1"
  @p@_guard_mode
  @p@_guard_state_directory
}
