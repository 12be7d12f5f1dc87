# EXIT traps in subshells, pipelines, command and process substitutions
trap 'echo "outer exit"' EXIT
(trap 'echo "paren exit"' EXIT; true)
out=$(trap 'echo "substitution exit"' EXIT; echo body)
echo "$out"
{ trap 'echo "pipe part exit" >&2' EXIT; echo piped; } 2>&1 | cat
cat <(trap 'echo "process substitution exit"' EXIT; echo inside)
bash -c 'trap "echo child exit" EXIT; echo child body'
(trap - EXIT; exit 2); echo "status $?"
