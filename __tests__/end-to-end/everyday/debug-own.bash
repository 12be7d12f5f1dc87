# a DEBUG trap of the script's own, which counts commands; functions traced and not
count=0
trap 'count=$((count + 1))' DEBUG
echo one
echo two
f() { echo "in f"; echo "still in f"; }
f
echo "plain: $count"
set -o functrace
f
echo "traced: $count"
set +o functrace
trap - DEBUG
echo "off: $count"
echo "still: $count"
