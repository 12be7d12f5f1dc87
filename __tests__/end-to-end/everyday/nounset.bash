# set -u with defaults, arrays and positional parameters; ends: 1
set -u
echo "${nothing-default} ${nothing:-default2} ${1-none}"
list=(a b)
echo "${list[@]}" "${list[5]-hole}"
f() { echo "$# args"; }
f ${nothing+x}
set -- one
echo "$1"
(echo "$unset_here") 2>/dev/null || echo "subshell ended: $?"
echo "$really_unset" 2>&1
