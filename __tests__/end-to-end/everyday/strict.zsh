# err_return, no_unset, pipe_fail together; ends: 1
emulate -L zsh
setopt err_return no_unset pipe_fail
print "${nothing-default}"
f() { false; print unreachable }
f || print "f failed: $?"
print ok | cat
(print $unset_here) 2>/dev/null || print "no unset: $?"
true | false
print "unreachable at the top"
