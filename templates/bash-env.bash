# What BASH_ENV names: every bash that runs a text or a script reads it first. Almost all of them start no tests and are to feel
# nothing: this looks once at the text that is about to run, and reads more only for those that may.
# shellcheck shell=bash

# $_ as the script's first line is to find it; and nothing of this in the trace of `bash -x`, nor exported by `bash -a`.
{ @p@_guard_env_last=$_ @p@_guard_env_options=$-; builtin set +xa; } 2>/dev/null

# The user's own BASH_ENV.
case ${@P@_GUARD_USER_BASH_ENV-} in
  '') @p@_guard_env_file='' ;;
  # bash expands the value as if it stood in double quotes; so do we.
  *[\$\`\\]*) builtin eval "@p@_guard_env_file=\"${@P@_GUARD_USER_BASH_ENV//\"/\\\"}\"" ;;
  *) @p@_guard_env_file=$@P@_GUARD_USER_BASH_ENV ;;
esac
if [[ -n $@p@_guard_env_file && -f $@p@_guard_env_file ]]; then
  case $@p@_guard_env_options in *a*) builtin set -a ;; esac
  case $@p@_guard_env_options in
    # Traced as if bash itself read it.
    *x*) { builtin set -x; builtin source "$@p@_guard_env_file" 2>&19; builtin set +x; } 19>&2 2>/dev/null ;;
    *) builtin source "$@p@_guard_env_file" ;;
  esac
  builtin set +a
fi

# The directory above hooks/, as with-guard and hooks/guarded.sh have spelled it.
@p@_guard_root=${BASH_SOURCE[0]%/hooks/*}

# A login profile sets PATH anew, and some set NODE_OPTIONS.
@p@_guard_for=''
@p@_guard_lost=''
case ${PATH-}: in
  "$@p@_guard_root/shims":*) ;;
  *) @p@_guard_lost=1 ;;
esac
case "${@P@_GUARD_PRELOAD:+ ${NODE_OPTIONS-} }" in
  '' | *" ${@P@_GUARD_PRELOAD-} "*) ;;
  *) @p@_guard_lost=1 ;;
esac

# The text that is about to run: that of `bash -c`, whose arguments may hold commands too (`bash -c 'eval "$1"' - 'npx jest'`);
# or the beginning of the script, up to a NUL; longer ones are left to the shims and the preload. What comes through a pipe
# cannot be known: it is looked at as it comes.
@p@_guard_own_text=''
@p@_guard_script=$0
@p@_guard_words=$*
# Before 5.2 bash does not yet know its script here, before 5.0 no arguments; Linux does. Elsewhere such scripts go unseen.
if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] < 502)); then
  @p@_guard_script=''
  # `shell`, then `option`, `value` of an option, and `script`, after which all are arguments.
  @p@_guard_next=shell
  if [[ -r /proc/$$/cmdline ]]; then
    while IFS='' builtin read -r -d '' @p@_guard_word; do
      @p@_guard_words="$@p@_guard_words $@p@_guard_word"
      case $@p@_guard_next:$@p@_guard_word in
        shell:* | value:*) @p@_guard_next=option ;;
        option:--rcfile | option:--init-file | option:[-+]*[oO]) @p@_guard_next=value ;;
        option:-- | option:-) @p@_guard_next=script ;;
        option:[-+]*) ;;
        option:* | script:*)
          @p@_guard_script=$@p@_guard_word
          @p@_guard_next=arguments
          ;;
      esac
    done </proc/$$/cmdline
  fi
  builtin unset -v @p@_guard_next @p@_guard_word
fi
case ${BASH_EXECUTION_STRING+text}:$- in
  text:*) @p@_guard_own_text="$BASH_EXECUTION_STRING $@p@_guard_words" ;;
  :*s*) @p@_guard_for=stdin ;;
  *)
    if [[ -f $@p@_guard_script && -r $@p@_guard_script ]]; then
      if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 404)); then
        # Ten times as fast as read: 10 us for 5 KB.
        builtin mapfile -d '' -n 1 @p@_guard_own_text <"$@p@_guard_script"
        ((${#@p@_guard_own_text} <= 131072)) || @p@_guard_own_text[0]=${@p@_guard_own_text:0:131072}
      else
        IFS='' builtin read -r -d '' -n 131072 @p@_guard_own_text <"$@p@_guard_script" || builtin :
      fi
    elif [[ -e $@p@_guard_script && ! -d $@p@_guard_script ]]; then
      @p@_guard_for=stdin
    fi
    ;;
esac
case $@p@_guard_own_text in
  *DEBUG*)
    case $@p@_guard_own_text in
      # The text has a DEBUG trap of its own. As `DEBUG=app:* npx jest` and `if [ "$DEBUG" ]` it is a variable, as `LOG=DEBUG` a value.
      *trap*[!a-zA-Z0-9_\$\{=]DEBUG[!a-zA-Z0-9_=:\}]* | *trap*[!a-zA-Z0-9_\$\{=]DEBUG) @p@_guard_own_text='' ;;
    esac
    ;;
esac
case $@p@_guard_own_text in
  @gate:text@) @p@_guard_for=text ;;
esac

case $@p@_guard_for$@p@_guard_lost in
  '') ;;
  *) if [[ -r $@p@_guard_root/hooks/guarded.bash ]]; then builtin source "$@p@_guard_root/hooks/guarded.bash"; fi ;;
esac
case ${@p@_guard_plain_trap+set} in '') builtin unset -v @p@_guard_root ;; esac

# $_, $? and options as they were; what is needed no more, gone. The trace before the trap, which would take its absence for its end.
@p@_guard_leave() {
  case $@p@_guard_env_options in *a*) builtin set -a ;; esac
  builtin unset -f @p@_guard_leave
  builtin unset -v @p@_guard_env_last @p@_guard_env_options @p@_guard_env_file @p@_guard_own_text @p@_guard_for @p@_guard_lost \
    @p@_guard_script @p@_guard_words
}
{
  case $@p@_guard_env_options in *x*) builtin set -x ;; esac
  builtin eval "${@p@_guard_switch-}"
  @p@_guard_leave "$@p@_guard_env_last"
} 2>/dev/null
