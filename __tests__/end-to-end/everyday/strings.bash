# quoting of every kind, and bytes that are not ASCII
echo 'single $x' "double \"x\" \\ \`" $'ansi\t\x41\u00e9' 
echo "a
b"
x='*'; echo "$x"; y="a   b"; echo $y; echo "$y"
printf '%s\n' "ünïcödé" "日本" | sort
[[ "é" == ? ]] && echo "one character"
s="naïve"; echo "${#s} ${s^^}"
echo a\ b\;c \# not a comment # a comment
echo -e 'x\ny' ; echo -n 'no newline'; echo
