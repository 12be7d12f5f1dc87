# set -x: what is traced, to stderr and to a descriptor of its own
set -x
x=1
echo "$x" > file
f() { : "in f $1"; }
f y
[[ $x == 1 ]] && (( x++ ))
(echo sub)
set +x
exec 7> trace
BASH_XTRACEFD=7
set -x
echo traced
: "$x"
set +x
cat trace
PS4='+${LINENO}+ '
set -x
echo numbered
