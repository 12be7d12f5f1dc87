# errexit reaching into functions and substitutions with inherit_errexit; ends: 1
set -euo pipefail
shopt -s inherit_errexit 2>/dev/null || true
step() { echo "step $1"; [[ $1 != 3 ]]; }
step 1
step 2
ok=$(step 3 && echo "not here" || echo "rescued"); echo "$ok"
if ! step 3; then echo "checked"; fi
trap 'echo "leaving with $?"' EXIT
step 3
echo unreachable
