# glob qualifiers, extended globs, null and no match
touch a.txt b.txt c.log; mkdir sub; touch sub/d.txt
print *.txt(N) *.none(N) *(/) *(.) **/*.txt
setopt extended_glob; print ^*.txt(.) (#i)A* *.(txt|log)
(print *.none) 2>/dev/null || print "no match: $?"
setopt null_glob; print *.none end; unsetopt null_glob
for f in *.txt(:r); print $f
print -l *(On[1])
