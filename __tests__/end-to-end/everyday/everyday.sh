# plain POSIX sh: functions, traps, loops, parameter expansion
set -eu
say() { printf '%s\n' "$*"; }
trap 'say "exit $?"' EXIT
for f in a b; do say "$f"; done
x=${nothing:-default}; say "${x%t} ${#x}"
if say hello | grep -q ell; then say found; fi
n=0; while [ "$n" -lt 3 ]; do n=$((n + 1)); done; say "$n"
case abc in a*) say matched ;; esac
(trap 'say "inner exit"' EXIT; :)
out=$(printf 'x\ny\n' | sed 1d); say "$out"
set -- p 'q r'; for a; do say "<$a>"; done
cat <<END
$(say nested)
END
