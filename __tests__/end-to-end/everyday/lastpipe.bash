# lastpipe: the last part of a pipeline in this shell
shopt -s lastpipe
echo one | read -r x
echo "x=$x"
count=0
printf '%s\n' a b c | while read -r _; do count=$((count + 1)); done
echo "count=$count ${PIPESTATUS[*]}"
echo deep | { read -r y; export y; }
echo "$y"
