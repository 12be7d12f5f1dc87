# Has a pipeline whose blocked member is a compound command fail with it: by pipefail, for the whole text, and so only where there is
# no other pipeline whose status that would change, and nothing by which the tests may run after all. Called with the shell's arguments.
@p@_guard_mind_pipes() {
  builtin local @p@_guard_text @p@_guard_pipes
  @p@_guard_text=${BASH_EXECUTION_STRING-$@p@_guard_own_text}
  case $@p@_guard_text in
    *pipefail* | *_ALLOW_* | *POLICY_MODE*) builtin return 0 ;;
  esac
  [[ ${@P@_ALLOW_BYPASS_POLICY:-0}${@P@_ALLOW_OVERLOAD:-0} == 00 && -z ${@P@_GOVERNED_CONTEXT-} ]] || builtin return 0
  ! @p@_guard_adopt || builtin return 0
  @p@_guard_find_asker && @p@_guard_find_node || builtin return 0
  # The text may run what they say: `eval "$1"`.
  if [[ $# -gt 0 ]]; then
    builtin printf -v @p@_guard_pipes ' %q' "$@"
    @p@_guard_text="set --$@p@_guard_pipes"$'\n'$@p@_guard_text
  fi
  @p@_guard_pipes=$(
    \builtin set +x +o pipefail
    \builtin trap - ERR
    \builtin printf '%s' "$@p@_guard_text" 2>/dev/null |
      NODE_OPTIONS='' NODE_V8_COVERAGE='' NODE_EXTRA_CA_CERTS='' TEST_GOVERNOR_ENV_PREFIX=@P@ \
        "$@p@_guard_node" "$@p@_guard_asker" peek 2>/dev/null
  ) || builtin return 0
  case $@p@_guard_pipes in piped*) builtin set -o pipefail ;; esac
}
