# sourcing: arguments, return, %x, funcstack
print 'print "args $# $*"; return 5' > lib.zsh
. ./lib.zsh x y; print $?
source ./lib.zsh; print $?
print 'where() { print ${funcstack[1]} ${funcfiletrace[1]:t} }' > lib2.zsh; . ./lib2.zsh; where
[[ $ZSH_EVAL_CONTEXT == toplevel* ]] && print $ZSH_EVAL_CONTEXT
. ./none 2>/dev/null || print "none: $?"
print ${(%):-%x} | sed 's|.*/||'
