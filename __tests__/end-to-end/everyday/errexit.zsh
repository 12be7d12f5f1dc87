# ERR_EXIT: where it acts; ends: 5
setopt err_exit
false || print saved
if false; then :; fi
! true
(unsetopt err_exit; false; print "off inside")
f() { false; print "condition protects" }
if f; then print "f went on"; fi
x=$(exit 5)
print unreachable
