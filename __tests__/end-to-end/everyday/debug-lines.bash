# a line tracer made of a DEBUG trap: which lines, which commands
trap 'echo "+$LINENO $BASH_COMMAND" >&2' DEBUG
for i in 1 2; do
  echo "i=$i"
done
[[ -n x ]] && echo yes
case $i in
  2) echo two ;;
esac
(( i > 1 )) && echo more
trap - DEBUG
echo done
