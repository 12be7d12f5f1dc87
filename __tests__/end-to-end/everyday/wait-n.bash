# wait -n: whichever ends first
mkfifo gate
(read -r _ < gate; exit 5) &
(exit 2) &
wait -n; echo "first to end: $?"
echo go > gate
wait -n; echo "next: $?"
wait -n; echo "none left: $?"
