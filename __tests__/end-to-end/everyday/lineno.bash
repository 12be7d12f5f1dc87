# LINENO in the script, in functions, in multi-line commands
echo "$LINENO"
f() {
  echo "f: $LINENO"
}
f
echo "a" \
  "$LINENO"
(
  echo "sub: $LINENO"
)
trap 'echo "exit at $LINENO"' EXIT
g() { echo "${BASH_LINENO[0]}"; }
g
