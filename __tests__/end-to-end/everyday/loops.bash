# loops: break and continue with levels, until, select-like menus, status of a loop
for i in 1 2 3; do for j in a b c; do [[ $j == b ]] && continue 2; [[ $i == 3 ]] && break 2; echo "$i$j"; done; done
n=0; until (( n >= 3 )); do (( n++ )); done; echo "$n"
while false; do :; done; echo "never entered: $?"
for x; do echo "positional $x"; done
for f in *.none; do echo "$f"; done
PS3='? '; select choice in red green; do echo "picked $choice"; break; done <<< 2
seq 3 | while read -r n; do [[ $n == 2 ]] && exit 7; done; echo "pipe loop: $?"
