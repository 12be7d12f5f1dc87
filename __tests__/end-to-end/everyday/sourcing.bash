# sourcing with and without arguments, return values, BASH_SOURCE, FUNCNAME and caller
cat > lib.bash <<'END'
where() { echo "${BASH_SOURCE[0]##*/} called from ${BASH_SOURCE[1]##*/} line ${BASH_LINENO[0]}"; caller 0 | sed 's|/.*/||'; }
echo "args: $#: $*"
return 5
END
. ./lib.bash x y; echo "returned $?"
source ./lib.bash; echo "returned $?"
where
[[ ${BASH_SOURCE[0]} == "$0" ]] && echo "run as a script"
f() { where; echo "${FUNCNAME[*]}"; }
f
echo "$# left"
. ./not-there 2>/dev/null || echo "no such file: $?"
