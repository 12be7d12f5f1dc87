# read: IFS, -r, -d, -a, -n, last line without newline
printf 'a:b:c\n1:2:3\n' | while IFS=: read -r x y z; do echo "$z$y$x"; done
printf 'x\0y z\0' | while IFS= read -r -d '' item; do echo "<$item>"; done
read -r -a words <<< "several words here"
echo "${#words[@]} ${words[2]}"
read -r -n 3 head <<< "abcdef"; echo "$head"
printf 'no newline' | { read -r line; echo "$? $line"; }
while read -r line || [[ -n $line ]]; do echo "line=$line"; done < <(printf '1\n2')
read -r one rest <<< "  padded   text  "; echo "<$one><$rest>"
