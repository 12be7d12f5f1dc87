# Guards the shell in which it runs, at once: guarded.bash leaves for a prompt what cannot be done in a file that is sourced. That is read
# once: who has copied the command out of PROMPT_COMMAND evaluates it at every prompt.
# shellcheck disable=SC2016,SC2089 # It is expanded where it runs, as text: the root may have any characters in its name.
@p@_guard_prompt_command='[ "${@p@_guard_prompted-}" = "$$" ] || [ ! -r "${@P@_GUARD_ROOT-}/hooks/prompt.bash" ] || . "${@P@_GUARD_ROOT-}/hooks/prompt.bash"; \builtin eval "${@p@_guard_prompt-}"'
