# Asking what is to become of the command in BASH_COMMAND.

# True when $1 has the form of a decision's token.
@p@_guard_is_token() {
  case $1 in
    *[!0123456789abcdef]*) builtin return 1 ;;
    ????????????????????????????????) ;;
    *) builtin return 1 ;;
  esac
}

# True when this shell runs below a command that was decided on: its token names a file of the guard's, where the shell adds
# itself, so that its children are known by descent where the environment gets lost on the way to them.
@p@_guard_adopt() {
  @p@_guard_is_token "${@P@_GUARD_DECISION-}" || builtin return 1
  builtin local @p@_guard_file
  @p@_guard_file=${HOME-}/.cache
  case ${XDG_CACHE_HOME-} in /*) @p@_guard_file=$XDG_CACHE_HOME ;; esac
  case ${XDG_RUNTIME_DIR-} in
    /*) [[ ! -d $XDG_RUNTIME_DIR || ! -O $XDG_RUNTIME_DIR ]] || @p@_guard_file=$XDG_RUNTIME_DIR ;;
  esac
  @p@_guard_file=${@P@_STATE_DIR:-$@p@_guard_file/test-governor}/decisions/$@P@_GUARD_DECISION
  [[ -f $@p@_guard_file ]] || builtin return 1
  # A full disk costs the descent, not the command.
  { builtin printf '%s\n' "${BASHPID:-$$}" >>"$@p@_guard_file"; } 2>/dev/null || builtin return 0
}

# The first node on PATH that is none of our shims, in @p@_guard_node.
@p@_guard_find_node() {
  builtin local @p@_guard_rest @p@_guard_directory
  @p@_guard_rest=${PATH-/usr/local/bin:/usr/bin:/bin}:
  while [[ -n $@p@_guard_rest ]]; do
    @p@_guard_directory=${@p@_guard_rest%%:*}
    @p@_guard_rest=${@p@_guard_rest#*:}
    @p@_guard_node=${@p@_guard_directory:-.}/node
    if [[ -f $@p@_guard_node && -x $@p@_guard_node && ! -e ${@p@_guard_directory:-.}/.test-governor-shims ]]; then
      builtin return 0
    fi
  done
  @p@_guard_node=''
  builtin return 1
}

# Asks about @p@_guard_text; the status of the answer in @p@_guard_answer, the decision's token in @p@_guard_token.
# Where this stands nothing may be lost of the shell around it: no job, no trap, no option.
@p@_guard_ask() {
  # Without a function over its word the command can only run where it is.
  builtin local @p@_guard_kind @p@_guard_shell
  @p@_guard_kind=text
  @p@_guard_can_stand_in || @p@_guard_kind=text-in-place
  # In the substitution BASHPID would be another's.
  @p@_guard_shell=${BASHPID:-$$}
  @p@_guard_answer=0
  @p@_guard_token=$(
    # Backslashes, because bash 3.2 reads a substitution only when it runs, with the user's aliases. And no trap, because
    # with `set -E` the answer's status would look like a command that failed.
    \builtin set +x +o pipefail
    \builtin trap - ERR
    {
      \builtin printf '%s' "$@p@_guard_text" 2>/dev/null |
        NODE_OPTIONS='' NODE_V8_COVERAGE='' NODE_EXTRA_CA_CERTS='' TEST_GOVERNOR_ENV_PREFIX=@P@ \
          "$@p@_guard_node" "$@p@_guard_asker" "$@p@_guard_kind" bash "$@p@_guard_shell"
    } 2>&"$@p@_guard_stderr"
  ) || @p@_guard_answer=$?
}
