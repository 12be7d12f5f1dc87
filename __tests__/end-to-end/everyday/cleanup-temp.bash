# the usual temporary directory with a cleanup trap, left by a signal; ends: 143
dir=work.tmp; mkdir "$dir"
trap 'rm -rf "$dir"; echo "removed"' EXIT
trap 'echo "terminated"; exit 143' TERM
echo data > "$dir/file"
kill -TERM $$
echo "not reached"
