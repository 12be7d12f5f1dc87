# assignments before commands, exports, unset in a child
A=1 bash -c 'echo "A=$A"'; echo "A=${A-unset}"
export B=2; bash -c 'echo "B=$B"'
B=3 eval 'echo "B=$B"'; echo "B=$B"
env -u B bash -c 'echo "B=${B-unset}"'
f() { echo "C=$C"; }; C=4 f; echo "C=${C-unset}"
IFS=: read -r x y <<< "p:q"; echo "$x$y"
unset B; bash -c 'echo "${B-gone}"'
D=5 printf '%s\n' "${D-not yet}"
