# EXIT traps in the shell, in functions, in subshells, pipeline parts and substitutions; ends: 1
trap 'print "outer exit $?"' EXIT
(trap 'print "paren exit"' EXIT; true)
out=$(trap 'print "substitution exit"' EXIT; print body); print -r -- $out
{ trap 'print "pipe part exit"' EXIT; print piped } | cat
f() { trap 'print "function exit"' EXIT; print "in f" }
f
TRAPUSR1() { print "usr1 handled: $1" }
kill -USR1 $$
cat <(trap 'print "process substitution exit"' EXIT; print inside)
zsh -fc 'trap "print child exit" EXIT; print child'
false
