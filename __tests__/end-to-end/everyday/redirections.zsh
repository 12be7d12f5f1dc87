# multios, both streams, descriptors, exec
print both > one > two; cat one two
{ print out; print err >&2 } &> all; cat all
exec 3> log; print -u3 "to log"; exec 3>&-; cat log
exec {fd}< log; read -r -u $fd line; exec {fd}<&-; print $line
print more >> log; wc -l < log | tr -d ' '
setopt no_clobber; print x > log 2>/dev/null || print kept; print forced >! log; cat log
cat < none 2>/dev/null; print "missing: $?"
print piped | tee copy | tr a-z A-Z; cat copy
