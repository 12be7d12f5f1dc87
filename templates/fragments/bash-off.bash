# Taking it all back.

# @p@_guard_note NAME: remembers a variable of the user's before the guard changes it.
@p@_guard_note() {
  builtin printf -v "@p@_guard_had_$1" '%s' "${!1+1}"
  builtin printf -v "@p@_guard_was_$1" '%s' "${!1-}"
  # Whether it was exported can be seen from 4.4 on. An eval, because older ones stumble over the expansion.
  @p@_guard_rest=x
  [[ -z ${!1+1} ]] || ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] < 404)) || builtin eval "@p@_guard_rest=\${$1@a}"
  builtin printf -v "@p@_guard_attributes_$1" '%s' "$@p@_guard_rest"
}

# @p@_guard_restore NAME: the variable as it was noted.
@p@_guard_restore() {
  builtin local @p@_guard_had @p@_guard_was @p@_guard_attributes
  @p@_guard_had=@p@_guard_had_$1 @p@_guard_was=@p@_guard_was_$1 @p@_guard_attributes=@p@_guard_attributes_$1
  case ${!@p@_guard_had-} in
    '') builtin unset -v "$1" ;;
    *) builtin printf -v "$1" '%s' "${!@p@_guard_was}" ;;
  esac
  case ${!@p@_guard_attributes-} in
    *x*) ;;
    *) [[ -z ${!1+1} ]] || builtin export -n "${1?}" ;;
  esac
}

# The variables that the layers set or change. PROMPT_COMMAND has rules of its own.
@p@_guard_variables='PATH NODE_OPTIONS PYTHONPATH BASH_ENV ZDOTDIR @P@_GUARD_MODE @P@_GUARD_ROOT @P@_GUARD_PRELOAD
@P@_GUARD_USER_BASH_ENV @P@_GUARD_USER_ZDOTDIR @P@_GUARD_DECISION @P@_STATE_DIR'

# @p@_guard_each FUNCTION: calls it with the name of each of them, whatever IFS is.
@p@_guard_each() {
  builtin local IFS @p@_guard_name
  IFS=$' \n'
  for @p@_guard_name in $@p@_guard_variables; do
    "$1" "$@p@_guard_name"
  done
}

# Notes what a variable has become, to know later whether somebody has changed it since.
@p@_guard_note_set() {
  builtin printf -v "@p@_guard_set_$1" '%s' "${!1-}"
}

# A variable that nobody has changed since becomes what it was.
@p@_guard_put_back() {
  builtin local @p@_guard_set
  @p@_guard_set=@p@_guard_set_$1
  [[ ${!1-} != "${!@p@_guard_set-}" ]] || @p@_guard_restore "$1"
}

# guard_off: no layer acts on this shell any more, nor on what it starts. Variables that others changed since lose only our
# part. It keeps the trace attribute, without which the trap would be back when it ends.
@p@_guard_off() {
  case $@p@_guard_due in ?*) @p@_guard_settle || builtin : ;; esac
  @p@_guard_found=$(\builtin trap -p DEBUG)
  @p@_guard_read_trap
  case $@p@_guard_found in
    *@p@_guard_do* | *@p@_guard_again*)
      case $@p@_guard_chained in
        '') builtin trap - DEBUG ;;
        *) builtin trap -- "$@p@_guard_chained" DEBUG ;;
      esac
      ;;
  esac
  case $@p@_guard_own_functrace in ?*) builtin set +o functrace ;; esac
  @p@_guard_leave_prompt_command
  @p@_guard_each @p@_guard_put_back
  # What was there before us was another guard's, around this shell.
  @p@_guard_rest=:${PATH-}:
  @p@_guard_path_without "$@p@_guard_root/shims"
  case $@p@_guard_rest in
    ":${PATH-}:") ;;
    *)
      @p@_guard_rest=${@p@_guard_rest#:}
      PATH=${@p@_guard_rest%:}
      ;;
  esac
  @p@_guard_take_out "${@p@_guard_set_@P@_GUARD_PRELOAD-}"
  @p@_guard_take_out "${@P@_GUARD_PRELOAD-}"
  case ${NODE_OPTIONS-} in '') builtin unset -v NODE_OPTIONS ;; esac
  @p@_guard_rest=:${PYTHONPATH-}:
  @p@_guard_path_without "$@p@_guard_root/hooks/python"
  case $@p@_guard_rest in
    ":${PYTHONPATH-}:") ;;
    :) builtin unset -v PYTHONPATH ;;
    *)
      @p@_guard_rest=${@p@_guard_rest#:}
      PYTHONPATH=${@p@_guard_rest%:}
      ;;
  esac
  case ${BASH_ENV-} in
    */hooks/bash-env.bash)
      BASH_ENV=${@P@_GUARD_USER_BASH_ENV-}
      case $BASH_ENV in '') builtin unset -v BASH_ENV ;; esac
      ;;
  esac
  case ${ZDOTDIR-} in
    */hooks/zsh)
      ZDOTDIR=${@P@_GUARD_USER_ZDOTDIR-}
      case $ZDOTDIR in '') builtin unset -v ZDOTDIR ;; esac
      ;;
  esac
  builtin local IFS
  IFS=$' \n'
  # shellcheck disable=SC2046,SC2086 # Names, which hold nothing else that could be split or expanded.
  builtin unset -f ${@p@_guard_short_name-} $(\builtin compgen -A function @p@_guard_)
  case ${FUNCNAME[1]-}:${FUNCNAME[2]-} in
    main: | : | guard_off: | guard_off:main) builtin set -- ;;
    *) builtin set -- function ;;
  esac
  builtin unset -v "${!@P@_GUARD_@}" "${!@p@_guard_@}"
  # Called by a function, it cannot keep bash from setting the trap again when that ends: the trap is to find something.
  case ${1-} in
    function)
      @p@_guard_due=''
      @p@_guard_do=:
      @p@_guard_again=:
      ;;
  esac
}
