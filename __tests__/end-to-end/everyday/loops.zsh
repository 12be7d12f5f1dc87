# loops, short forms, break and continue
for i in 1 2 3; do (( i == 2 )) && continue; print $i; done
for x y in a 1 b 2; do print "$x$y"; done
repeat 2 print again
n=0; while (( n < 3 )) { (( n++ )) }; print $n
for (( i = 0; i < 3; i++ )) print "c$i"
until (( n-- == 0 )); do :; done; print "n=$n"
foreach v (p q) print $v; end
select c in red green; do print "picked $c"; break; done <<< 2 2>/dev/null
(seq 3 | while read -r n; do [[ $n == 2 ]] && exit 7; done); print "pipe: $?"
