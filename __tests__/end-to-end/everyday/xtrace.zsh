# xtrace: in the shell and in a function
PS4='+%N:%i> '
set -x
x=1
print $x > file
f() { : "in f $1" }
f y
[[ $x == 1 ]] && (( x++ ))
(print sub)
set +x
print off
functions -t f; f traced
