# mapfile with a callback, an origin and a count
callback() { echo "at $1: ${2%$'\n'}"; }
printf '%s\n' a b c d > list
mapfile -t all < list; echo "${all[*]}"
mapfile -C callback -c 2 pairs < list
mapfile -t -s 1 -n 2 middle < list; echo "${middle[*]}"
readarray -t -O 2 all < <(echo x); echo "${all[*]}"
