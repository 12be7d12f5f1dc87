# eval: quoting, nested, status, with redirections and heredocs
cmd='echo "a  b" | tr a-z A-Z'
eval "$cmd"
eval 'x=1; y=$((x + 1))'; echo "$y"
eval "$(printf 'echo %q\n' 'it is "quoted"')"
eval 'eval "echo nested"; (exit 4)'; echo $?
eval 'cat <<END
from a heredoc
END'
for n in one two; do eval "val_$n=\$n"; done; echo "$val_one $val_two"
eval; echo "empty: $?"
eval 'echo $LINENO' | grep -c '[0-9]'
