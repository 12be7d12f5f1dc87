# what trap and functions print: nothing but what this script has set
trap
trap 'print bye' EXIT
trap 'print int' INT
trap
f() { print f }
print -l ${(ok)functions[(I)f]}
functions f
