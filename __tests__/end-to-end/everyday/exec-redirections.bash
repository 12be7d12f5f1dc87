# descriptors opened, duplicated, closed and swapped by exec
exec 3> log 4>&1
echo "to log" >&3
echo "to four" >&4
exec 1>&3
echo "stdout is the log"
exec 1>&4 4>&- 3>&-
cat log
{ echo out; echo err >&2; } 3>&1 1>&2 2>&3 | sed 's/^/piped: /'
exec 5< log; read -r line <&5; echo "$line"; exec 5<&-
echo x >&3 2>/dev/null || echo "three is closed"
exec {fd}<> both; echo hi >&"$fd"; exec {fd}>&-; cat both
