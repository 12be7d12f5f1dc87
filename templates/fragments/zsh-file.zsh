# The user's file of the same name, at the top level, as zsh would read it: its options, and what it returns, stay.
if { [[ $- != *x* ]]; } 2>/dev/null; then
  {
    if [[ -n $@p@_guard_user_file ]]; then
      'builtin' 'source' "$@p@_guard_user_file"
    fi
  } always {
    '@p@_guard_leave' "$_"
  }
else
  # Under xtrace: a command in braces loses `$_`, but only so can it be kept from being shown.
  {
    if { [[ -n $@p@_guard_user_file ]]; } 2>/dev/null; then
      'builtin' 'source' "$@p@_guard_user_file"
    fi
  } always {
    { '@p@_guard_leave'; } 2>/dev/null
  }
fi
