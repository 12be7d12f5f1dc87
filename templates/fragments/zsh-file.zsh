# The user's file of the same name, at the top level, as zsh would read it: what it sets and returns stays. It finds `$?` as
# the file before it left it; where there is no file, `$_` stays too.
if { [[ $- != *x* ]]; } 2>/dev/null; then
  {
    if [[ -n $@p@_guard_user_file ]]; then
      '@p@_guard_status'
      'builtin' 'source' "$@p@_guard_user_file"
    else
      '@p@_guard_status' "$@p@_guard_last"
    fi
  } always {
    '@p@_guard_leave' "$@" "$_"
  }
else
  # Under xtrace a command in braces loses `$_`, but only so can it be kept from being shown.
  {
    if { [[ -n $@p@_guard_user_file ]]; } 2>/dev/null; then
      { '@p@_guard_status'; } 2>/dev/null
      'builtin' 'source' "$@p@_guard_user_file"
    else
      { '@p@_guard_status'; } 2>/dev/null
    fi
  } always {
    { '@p@_guard_leave' "$@" ''; } 2>/dev/null
  }
fi
