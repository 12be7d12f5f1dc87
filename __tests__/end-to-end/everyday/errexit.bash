# set -e: where it acts and where it does not; ends: 8
set -e
if false; then echo no; fi
false || echo "or saves"
! false
false && echo never
f() { false; echo "in an if, errexit is off"; }
if f; then echo "f went on"; fi
(set +e; false; echo "off in the subshell")
x=$(false; echo "substitution goes on") || true
echo "$x"
out=$(exit 8)
echo unreachable
