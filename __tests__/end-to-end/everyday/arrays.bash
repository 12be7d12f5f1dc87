# indexed arrays: append, slice, holes, removal, join
fruits=(apple "blood orange" cherry)
fruits+=(date "")
fruits[9]=late
echo "${#fruits[@]} ${!fruits[*]}"
printf '<%s>' "${fruits[@]:1:3}"; echo
unset 'fruits[1]'
printf '[%s]' "${fruits[@]}"; echo
(IFS=,; echo "${fruits[*]}")
copy=("${fruits[@]/#/x-}")
declare -p copy
empty=()
echo "none: ${#empty[@]} ${empty[*]-unset}"
