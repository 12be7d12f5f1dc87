# ZERR traps and TRAPZERR
trap 'print "zerr $?"' ZERR
false
false || print handled
if false; then :; fi
f() { return 3 }
f
true | false
(exit 4)
trap - ZERR
TRAPZERR() { print "function zerr" }
false
unfunction TRAPZERR
false
print "quiet: $?"
