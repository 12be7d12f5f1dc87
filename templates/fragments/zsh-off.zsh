# Taking it back

@p@_guard_take_back() {
  builtin local @p@_guard_rest=
  @p@_guard_forget_line
  (( ! ${+functions[@p@_guard_remove_hooks]} )) || @p@_guard_remove_hooks
  @p@_guard_release_compinit
  @p@_guard_restore_zdotdir
  # Only ours goes from lists that are the user's.
  @p@_guard_rest=:${PATH-}:
  @p@_guard_path_without $@p@_guard_root/shims
  [[ $@p@_guard_rest == :${PATH-}: ]] || PATH=${${@p@_guard_rest#:}%:}
  @p@_guard_take_out "${@P@_GUARD_PRELOAD-}"
  @p@_guard_rest=:${PYTHONPATH-}:
  @p@_guard_path_without $@p@_guard_root/hooks/python
  [[ $@p@_guard_rest == :${PYTHONPATH-}: ]] || PYTHONPATH=${${@p@_guard_rest#:}%:}
  [[ -n ${PYTHONPATH-} ]] || builtin unset PYTHONPATH
  [[ -n ${NODE_OPTIONS-} ]] || builtin unset NODE_OPTIONS
  case ${BASH_ENV-}:${@P@_GUARD_USER_BASH_ENV-} in
    */hooks/bash-env.bash:) builtin unset BASH_ENV ;;
    */hooks/bash-env.bash:*) builtin export BASH_ENV=$@P@_GUARD_USER_BASH_ENV ;;
  esac
  [[ ${@P@_GUARD_DECISION-} != broken ]] || builtin unset @P@_GUARD_DECISION
  if [[ -n ${@p@_guard_given_state-} && ${@P@_STATE_DIR-} == */$@p@_guard_given_state ]]; then
    @P@_STATE_DIR=$@p@_guard_given_state
  fi
  builtin unset @P@_GUARD_{ROOT,MODE,PRELOAD,USER_BASH_ENV,USER_ZDOTDIR}
  builtin unset -m '@p@_guard_*'
  builtin unfunction -m '@p@_guard_*'
  builtin unfunction guard_off
}
