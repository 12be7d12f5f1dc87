#!/bin/sh
# Stands before `@name@` on PATH. What could start a test runner is shown to the guard first; then this process becomes the
# real @name@: same pid, arguments, descriptors and signals. What cannot start one gets there without a single fork.
# shellcheck disable=SC3043,SC3013 # `local` and -ef are not POSIX, but every sh of Linux and macOS has them; ksh93 has no `local`.
# shellcheck disable=SC2221,SC2222 # Patterns that come from tables may say the same twice.
case ${KSH_VERSION-} in *93*) alias local=typeset ;; esac

@p@_guard_name=@name@
@p@_guard_suspect=''

# @p@_guard_find NAME: the first NAME on PATH that is none of ours, in @p@_guard_program; empty when there is none, and
# then @p@_guard_denied may hold one that is not executable. With @p@_guard_past: only what comes after that program.
# Nothing is split by the shell: entries may hold spaces, newlines and globs, and IFS may be anything.
@p@_guard_find() {
  @p@_guard_program=''
  @p@_guard_denied=''
  @p@_guard_earlier=''
  @p@_guard_rest=${PATH-/usr/local/bin:/usr/bin:/bin}:
  until [ -z "$@p@_guard_rest" ]; do
    @p@_guard_directory=${@p@_guard_rest%%:*}
    @p@_guard_rest=${@p@_guard_rest#*:}
    case $@p@_guard_directory in
      # An empty entry means the current directory.
      '') @p@_guard_directory=. ;;
      # `exec` would take it for an option.
      -*) @p@_guard_directory=./$@p@_guard_directory ;;
    esac
    @p@_guard_file=${@p@_guard_directory%/}/$1
    if ! [ -f "$@p@_guard_file" ]; then
      continue
    elif [ "$@p@_guard_file" = "$@p@_guard_past" ]; then
      @p@_guard_past=''
    # Ours, whatever its path: in a directory with our mark, or this very file behind a link.
    elif [ -e "$@p@_guard_directory/.test-governor-shims" ] || [ "$@p@_guard_file" -ef "$0" ]; then
      continue
    elif ! [ -x "$@p@_guard_file" ]; then
      @p@_guard_denied=${@p@_guard_denied:-$@p@_guard_file}
    elif [ -n "$@p@_guard_past" ]; then
      @p@_guard_earlier=${@p@_guard_earlier:-$@p@_guard_file}
    else
      @p@_guard_program=$@p@_guard_file
      return 0
    fi
  done
  # What was to be passed has taken itself off PATH: the first is the right one.
  case $@p@_guard_past in ?*) @p@_guard_program=$@p@_guard_earlier ;; esac
}

# True when the program found can be nobody's shim: it lies where a system, an installation of node, a virtual environment or a
# package manager puts programs. Judged without a look into it: sh reads files byte by byte.
@p@_guard_is_final() {
  @p@_guard_directory=${@p@_guard_program%/*}
  case $@p@_guard_directory in
    */shims) return 1 ;;
    /usr/bin | /bin | */node_modules/.bin) return 0 ;;
  esac
  if [ -d "$@p@_guard_directory/../lib/node_modules" ]; then
    # There npm puts links, and node itself is a file.
    case $@p@_guard_name in node) return 0 ;; esac
    [ -L "$@p@_guard_program" ]
  else
    [ -e "$@p@_guard_directory/../pyvenv.cfg" ]
  fi
}

# A node with a permission model or a policy may read only what it was told of and would not start with our preload: this one
# is spared it.
@p@_guard_spare_restricted() {
  for @p@_guard_rest; do
    case $@p@_guard_rest in
      --permission | --experimental-permission | --experimental-policy | --experimental-policy=*)
        @p@_guard_rest=" ${NODE_OPTIONS-} "
        case $@p@_guard_rest in
          *" ${@P@_GUARD_PRELOAD:-none} "*)
            @p@_guard_rest=${@p@_guard_rest%%" $@P@_GUARD_PRELOAD "*}" "${@p@_guard_rest#*" $@P@_GUARD_PRELOAD "}
            @p@_guard_rest=${@p@_guard_rest# }
            NODE_OPTIONS=${@p@_guard_rest% }
            ;;
        esac
        return 0
        ;;
    esac
  done
}

# Becomes the real @name@, and leaves word for this shim should the program be another manager's shim that looks through PATH
# itself and so comes back: an x for each time, the pid, and the program.
@p@_guard_become() {
  if ! @p@_guard_is_final; then
    @P@_GUARD_SHIM_@name@=x$@p@_guard_hops:$$:$@p@_guard_program
    export @P@_GUARD_SHIM_@name@
  elif [ -n "${@P@_GUARD_SHIM_@name@-}" ]; then
    unset @P@_GUARD_SHIM_@name@
  fi
  case $@p@_guard_name in node) @p@_guard_spare_restricted "$@" ;; esac
  set -- "$@p@_guard_program" "$@"
  # Where the user has every variable exported, these would go along.
  unset @p@_guard_name @p@_guard_suspect @p@_guard_program @p@_guard_denied @p@_guard_earlier @p@_guard_rest @p@_guard_directory \
    @p@_guard_file @p@_guard_past @p@_guard_hops
  exec "$@"
}

@p@_guard_past=''
@p@_guard_hops=${@P@_GUARD_SHIM_@name@-}
@p@_guard_rest=${@p@_guard_hops#*:}
@p@_guard_hops=${@p@_guard_hops%%:*}
case $@p@_guard_hops:$@p@_guard_rest in
  # The same pid: the program has come back. Or a dozen deep: its children do. Pass it.
  *:"$$":* | xxxxxxxxxxxx:*) @p@_guard_past=${@p@_guard_rest#*:} ;;
esac
case $@p@_guard_hops in xxxxxxxxxxxx | *[!x]*) @p@_guard_hops='' ;; esac
@p@_guard_find "$@p@_guard_name"

case $@p@_guard_program:$@p@_guard_denied in
  :)
    command echo "$@p@_guard_name: command not found" >&2 || exit 127
    exit 127
    ;;
  :*)
    command printf '%s: %s: Permission denied\n' "$@p@_guard_name" "$@p@_guard_denied" >&2 || exit 126
    exit 126
    ;;
esac

#@fragment argv-@name@@
case $@p@_guard_suspect in '') @p@_guard_become "$@" ;; esac

# From here on it is a suspect. The lines above have been run before these are read.

# True when $1 has the form of a decision's token.
@p@_guard_is_token() {
  case $1 in
    *[!0123456789abcdef]*) return 1 ;;
    ????????????????????????????????) return 0 ;;
    *) return 1 ;;
  esac
}

# The directory of this user's decisions, in @p@_guard_file.
@p@_guard_find_decisions() {
  case ${@P@_STATE_DIR:+state}:${XDG_RUNTIME_DIR-}:${XDG_CACHE_HOME-} in
    state:*) @p@_guard_file=$@P@_STATE_DIR ;;
    *)
      @p@_guard_file=${HOME-}/.cache
      case ${XDG_CACHE_HOME-} in /*) @p@_guard_file=$XDG_CACHE_HOME ;; esac
      case ${XDG_RUNTIME_DIR-} in
        /*)
          if [ -d "$XDG_RUNTIME_DIR" ] && [ -O "$XDG_RUNTIME_DIR" ]; then @p@_guard_file=$XDG_RUNTIME_DIR; fi
          ;;
      esac
      @p@_guard_file=$@p@_guard_file/test-governor
      ;;
  esac
  @p@_guard_file=$@p@_guard_file/decisions
}

# True when the command to which this process belongs has been decided on: its token names a file of the guard's. This process
# adds its pid there, so that its children are known by their descent where the environment gets lost on the way to them.
@p@_guard_adopt() {
  @p@_guard_is_token "${@P@_GUARD_DECISION-}" || return 1
  @p@_guard_find_decisions
  @p@_guard_file=$@p@_guard_file/$@P@_GUARD_DECISION
  [ -f "$@p@_guard_file" ] || return 1
  # A full disk costs the descent, not the command.
  { command echo "$$" >>"$@p@_guard_file"; } 2>/dev/null || return 0
}

# The program that answers, in @p@_guard_asker: of the checkout or package in which this file lies, links resolved; else of
# the nearest installed package; else of the guard around us. Empty when there is none.
@p@_guard_find_asker() {
  @p@_guard_file=$0
  while [ -L "$@p@_guard_file" ]; do
    @p@_guard_rest=$(command readlink "$@p@_guard_file") || break
    case $@p@_guard_rest in
      /*) @p@_guard_file=$@p@_guard_rest ;;
      *) @p@_guard_file=${@p@_guard_file%/*}/$@p@_guard_rest ;;
    esac
  done
  @p@_guard_asker=${@p@_guard_file%/*}/../dist/ask.cjs
  ! [ -f "$@p@_guard_asker" ] || return 0
  @p@_guard_rest=$(CDPATH='' command cd -P -- "${@p@_guard_file%/*}/.." 2>/dev/null && command pwd -P) ||
    @p@_guard_rest=''
  while [ -n "$@p@_guard_rest" ]; do
    @p@_guard_asker=$@p@_guard_rest/node_modules/test-governor/dist/ask.cjs
    ! [ -f "$@p@_guard_asker" ] || return 0
    @p@_guard_rest=${@p@_guard_rest%/*}
  done
  @p@_guard_asker=${@P@_GUARD_ROOT:+$@P@_GUARD_ROOT/dist/ask.cjs}
  [ -n "$@p@_guard_asker" ] && [ -f "$@p@_guard_asker" ] || @p@_guard_asker=''
}

# What is amiss with the guard itself is said once for all that runs below, in one sentence. The command runs.
@p@_guard_say_broken() {
  case ${@P@_GUARD_DECISION-} in
    broken) ;;
    *)
      command echo "test-governor: $1, so $@p@_guard_name runs without a check; \"test-governor doctor\" says more." >&2 ||
        return 0
      @P@_GUARD_DECISION=broken
      export @P@_GUARD_DECISION
      ;;
  esac
}

# True when node is started with a program of our own that is not to be asked about: the guard's own question, a run that was
# asked about already, and test-governor itself, which starts no raw run.
@p@_guard_is_own() {
  case $@p@_guard_name:$@p@_guard_asker in node:?*) ;; *) return 1 ;; esac
  @p@_guard_file=${@p@_guard_asker%dist/ask.cjs}
  [ "${1-}" -ef "$@p@_guard_asker" ] || [ "${1-}" -ef "${@p@_guard_file}dist/run-own.cjs" ] ||
    [ "${1-}" -ef "${@p@_guard_file}bin/test-governor" ]
}

# Becomes the governed run of this very command, which has an override.
@p@_guard_become_run() {
  @p@_guard_file=${@p@_guard_asker%ask.cjs}run-own.cjs
  if ! [ -f "$@p@_guard_file" ]; then
    @p@_guard_say_broken 'dist/run-own.cjs is not there (npm run build makes it)'
    return 0
  fi
  case $@p@_guard_name in node) @p@_guard_spare_restricted "$@" ;; esac
  set -- "$@p@_guard_node" "$@p@_guard_file" @P@ shim "$$" "$@p@_guard_real" "$@p@_guard_name" "$@"
  unset @P@_GUARD_SHIM_@name@
  unset @p@_guard_name @p@_guard_suspect @p@_guard_program @p@_guard_denied @p@_guard_earlier @p@_guard_rest @p@_guard_directory \
    @p@_guard_file @p@_guard_past @p@_guard_hops @p@_guard_asker @p@_guard_real @p@_guard_node @p@_guard_status
  exec "$@"
}

# Asks about the arguments; ends this process with 126 when the answer is no.
@p@_guard_ask() {
  @p@_guard_find_asker
  ! @p@_guard_is_own "$@" || return 0
  @p@_guard_real=$@p@_guard_program
  @p@_guard_past=''
  case $@p@_guard_name in node) ;; *) @p@_guard_find node ;; esac
  @p@_guard_node=$@p@_guard_program
  @p@_guard_program=$@p@_guard_real
  if [ -z "$@p@_guard_asker" ]; then
    @p@_guard_say_broken 'dist/ask.cjs is not there (npm run build makes it)'
    return 0
  elif [ -z "$@p@_guard_node" ]; then
    @p@_guard_say_broken 'there is no node on PATH to ask with'
    return 0
  fi
  @p@_guard_status=0
  # Without what the user wants of node: the question is not theirs, must not leave a coverage file, and needs no certificates, which
  # take node longer to read than the question takes.
  @p@_guard_rest=$(
    NODE_OPTIONS='' NODE_V8_COVERAGE='' NODE_EXTRA_CA_CERTS='' TEST_GOVERNOR_ENV_PREFIX=@P@ \
      "$@p@_guard_node" "$@p@_guard_asker" argv shim "$$" "$@p@_guard_name" "$@" </dev/null
  ) || @p@_guard_status=$?
  case $@p@_guard_status in
    0) ;;
    3)
      if @p@_guard_is_token "$@p@_guard_rest"; then
        @P@_GUARD_DECISION=$@p@_guard_rest
        export @P@_GUARD_DECISION
      fi
      ;;
    4) @p@_guard_become_run "$@" ;;
    126) exit 126 ;;
    *) @p@_guard_say_broken "dist/ask.cjs failed with status $@p@_guard_status" ;;
  esac
}

@p@_guard_adopt || @p@_guard_ask "$@"
unset @p@_guard_asker @p@_guard_real @p@_guard_node @p@_guard_status
@p@_guard_become "$@"
