# pipestatus, pipe_fail, status of lists
true | false | true; print "$? $pipestatus"
(exit 3) | (exit 4); print $pipestatus
setopt pipe_fail; false | true; print $?; unsetopt pipe_fail
false | true; print $?
! false; print $?
true && false || true; print "$? $pipestatus"
print x | read -r y; print "y=$y"
f() { return 6 }; f | cat; print $pipestatus[1]
