# traps and status around background work
trap 'echo "chld"' USR2
work() { echo "work $1"; return "$1"; }
for n in 0 1 2; do work "$n" > "out.$n" & pids[n]=$!; done
for n in 0 1 2; do wait "${pids[n]}"; echo "$n ended with $?"; done
cat out.*
{ sleep 0.05; kill -USR2 $$; } &
wait $!; echo "wait: $?"
