# background jobs, wait, status, kill
(exit 3) & wait $!; print "first: $?"
true & p=$!; wait $p; print "second: $?"
sleep 5 & kill $!; wait $! 2>/dev/null; print "killed: $?"
wait; print "all: $?"
f() { print "in the background"; return 4 }
f & wait $!; print $?
{ sleep 0.05; print late } & wait
(( ${#jobstates} == 0 )) && print "no jobs"
