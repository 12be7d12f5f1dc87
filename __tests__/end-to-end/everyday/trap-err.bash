# an ERR trap, with and without errtrace; ends: 1
trap 'echo "err $? at $LINENO: $BASH_COMMAND"' ERR
false
false || echo handled
if false; then :; fi
! true
inner() { (exit 7); echo "in function: $?"; }
inner
set -E
inner
x=$(exit 5)
true | false
false | true
[[ a == b ]]
(( 0 ))
false
