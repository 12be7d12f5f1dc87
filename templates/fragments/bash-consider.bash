# Decides whether the command is a suspect, and what is to become of it.
@p@_guard_consider() {
  ! @p@_guard_is_own_word "${BASH_COMMAND%%[[:space:]]*}" || builtin return 0
  # Longer ones are not taken apart here: bash is quadratic at that. They are classified.
  if ((${#BASH_COMMAND} < 4096)); then
    @p@_guard_is_suspect "$BASH_COMMAND" || builtin return 0
    @p@_guard_strip_substitutions "$BASH_COMMAND"
    if [[ $@p@_guard_text == "$BASH_COMMAND" ]]; then
      @p@_guard_find_word "$BASH_COMMAND"
    else
      @p@_guard_text_is_suspect "$@p@_guard_text" || builtin return 0
      @p@_guard_find_word "$@p@_guard_text"
      # As it was written, or the message would show a command that lacks something.
      @p@_guard_text=$BASH_COMMAND
    fi
  else
    @p@_guard_find_word "${BASH_COMMAND:0:2048}"
    @p@_guard_text=$BASH_COMMAND
  fi
  case $@p@_guard_word in
    # Met by the shims and the preload, if it is a runner.
    '') builtin return 0 ;;
  esac
  ! @p@_guard_is_own_word "$@p@_guard_word" || builtin return 0
  # Our own: nothing is to be decided about a governed run.
  case ${@p@_guard_word##*/} in @gate:governor-commands@) builtin return 0 ;; esac
  # A function of the user's stays theirs: what it calls is looked at.
  ! builtin declare -F -- "$@p@_guard_word" >/dev/null || builtin return 0
  if ! @p@_guard_can_stand_in && ! @p@_guard_is_one_shot; then
    builtin return 0
  fi
  # A profile or a version manager may have moved the shims back.
  @p@_guard_path_first "$@p@_guard_root/shims"
  ! @p@_guard_adopt || builtin return 0
  @p@_guard_decide
}

@p@_guard_decide() {
  case $@p@_guard_broken in ?*) builtin return 0 ;; esac
  if [[ ! -d $@p@_guard_root/shims ]]; then
    @p@_guard_say_broken 'the directory shims/ is gone'
  elif ! @p@_guard_find_asker; then
    @p@_guard_say_broken 'dist/ask.cjs is not there (npm run build makes it)'
  elif ! @p@_guard_find_node; then
    @p@_guard_say_broken 'there is no node on PATH to ask with'
  else
    # See @p@_guard_settle.
    @p@_guard_has_traps=$(\builtin trap -p)
    case $@p@_guard_has_traps in
      *\'\ SIG* | *\'\ E[XR]* | *\'\ RETURN* | *\'\ [AHIPQTU]*) ;;
      *) @p@_guard_has_traps='' ;;
    esac
    @p@_guard_ask
    case $@p@_guard_answer in
      0) ;;
      3) @p@_guard_pass_token ;;
      4) @p@_guard_govern ;;
      126) @p@_guard_block ;;
      # Interrupted by the user, or ended with the terminal.
      129 | 130 | 143) ;;
      *) @p@_guard_say_broken "dist/ask.cjs failed with status $@p@_guard_answer" ;;
    esac
  fi
}
