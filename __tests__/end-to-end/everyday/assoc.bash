# associative arrays: keys with spaces, iteration in sorted order, tests for presence
declare -A ages=([ann]=31 ["bob b"]=27)
ages[carl]=44
(( ages[ann] += 1 ))
for key in $(printf '%s\n' "${!ages[@]}" | sort | tr ' ' _); do
  echo "$key=${ages[${key/_/ }]}"
done
[[ -v ages[carl] ]] && echo "carl is there"
unset 'ages[carl]'
[[ -v ages[carl] ]] || echo "carl is gone"
echo "${#ages[@]}"
