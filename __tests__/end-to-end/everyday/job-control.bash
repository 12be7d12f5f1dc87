# background jobs, wait for one, for all, for a failing one, and %1
(exit 3) & first=$!
(exit 0) & second=$!
wait "$first"; echo "first: $?"
wait "$second"; echo "second: $?"
wait; echo "all: $?"
sleep 5 & kill $!; wait $! 2>/dev/null; echo "killed: $?"
set -m
(exit 4) & wait %1; echo "by number: $?"
set +m
jobs
echo "no jobs"
