# printing functions back, and the list of those that this script has
hello() { local who=${1:-you}; if [[ $who ]]; then echo "hello $who"; fi; }
declare -f hello
type hello
eval "$(declare -f hello | sed '1s/hello/bye/')"
bye now
unset -f hello
type hello 2>/dev/null || echo "gone"
type -t bye cd if
