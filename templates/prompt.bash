# Read once by an interactive bash below with-guard, at its first prompt: with-guard exports a PROMPT_COMMAND that reads this
# file, because such a bash does not read BASH_ENV. Takes that command out again and guards the shell.
# shellcheck shell=bash

# Of this process: a parent may export everything.
# shellcheck disable=SC2034 # The command in PROMPT_COMMAND asks for it.
@p@_guard_prompted=$$

# Exactly what with-guard added.
#@fragment prompt-command@

#@fragment prompt-cut@

# PROMPT_COMMAND may have become an array in ~/.bashrc. No element is unset: bash is just walking through them, and
# would go on from the freed one.
for @p@_guard_rest in "${!PROMPT_COMMAND[@]}"; do
  @p@_guard_value=${PROMPT_COMMAND[$@p@_guard_rest]}
  case $@p@_guard_value in
    *"$@p@_guard_prompt_command"*)
      @p@_guard_cut_out "$@p@_guard_prompt_command" "$@p@_guard_value"
      # Without an index a string stays a string.
      case $@p@_guard_rest in
        0) PROMPT_COMMAND=$@p@_guard_value ;;
        *) PROMPT_COMMAND[@p@_guard_rest]=$@p@_guard_value ;;
      esac
      ;;
  esac
done
# Exported by us alone, it would tell the shells below of functions that only ~/.bashrc of this one made.
[[ -n ${@P@_GUARD_USER_PROMPT_COMMAND-} ]] || builtin export -n PROMPT_COMMAND
builtin unset -f @p@_guard_cut_out
builtin unset -v @p@_guard_rest @p@_guard_value @p@_guard_prompt_command @P@_GUARD_USER_PROMPT_COMMAND

if [[ -r ${@P@_GUARD_ROOT-}/hooks/guarded.sh ]]; then builtin . "$@P@_GUARD_ROOT/hooks/guarded.sh"; fi
