# Guards this zsh and everything below it; hooks/guarded.sh sources it. `guard_off` takes it back.
# Every word is quoted, against aliases of the user's; the functions are read under options of their own.
'builtin' 'emulate' '-R' 'zsh' '-o' 'no_aliases' '-o' 'no_xtrace' '-c' \
  'builtin source "${${(%):-%x}:A:h}/zsh-start.zsh"' || 'builtin' 'return' '0'
#@fragment zsh-plain@
'@p@_guard_install' "$@"
'@p@_guard_fail_pipes'
